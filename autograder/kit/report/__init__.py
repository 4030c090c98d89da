"""What is shown of a check: as data, as text, as HTML."""
