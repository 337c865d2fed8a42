"""Units of work that run again and again, each on one node at a time."""
