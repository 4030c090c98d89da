"""Pairs of submissions that share more than the task explains: a lead for a talk, never a verdict."""
