"""Hostile and clumsy submissions, a module a group; the rows are numbered as in the README's list of attacks."""
