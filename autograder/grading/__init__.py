"""From submissions to a gradebook."""
