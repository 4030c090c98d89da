"""A student's own code of an earlier exercise: where it is kept, and how it is taken out of its notebook."""
