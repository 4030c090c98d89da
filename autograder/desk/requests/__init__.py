"""Regrade requests: a list with an outcome."""
