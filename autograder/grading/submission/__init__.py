"""One submission: read, planned, run in a sandbox, judged."""
