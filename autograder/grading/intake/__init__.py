"""From what an LMS or an exchange gives to a class folder's `submitted`."""
