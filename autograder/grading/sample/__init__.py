"""A sample class, for `demo` and the bench."""
