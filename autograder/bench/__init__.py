"""How fast the course is, measured beside what it replaces."""
