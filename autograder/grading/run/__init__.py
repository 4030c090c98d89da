"""`grade CLASS`: who is graded, by which processes, and what is left in the class folder."""
