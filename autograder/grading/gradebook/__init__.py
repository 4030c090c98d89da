"""nbgrader's gradebook: written, read, exported."""
