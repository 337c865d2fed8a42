"""See docs/architecture.md: the capability `database`."""
