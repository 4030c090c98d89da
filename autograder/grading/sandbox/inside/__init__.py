"""What runs behind the walls. A sandbox sees this package and the kit, and nothing else of the course."""
