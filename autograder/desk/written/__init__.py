"""Written answers at scale: a page for a lesson's written questions, and what came of it into the gradebook."""
