"""See docs/architecture.md: the capability `contacts`."""
