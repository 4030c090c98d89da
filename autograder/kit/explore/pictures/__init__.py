"""One explorable a module."""
