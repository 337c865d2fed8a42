"""See docs/architecture.md: the capability `connections`."""
