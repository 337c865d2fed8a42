"""See docs/architecture.md: the capability `schedule`."""
