"""From `solutions/` and the bank to lessons, reference numbers and a students' copy."""
