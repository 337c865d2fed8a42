"""See docs/architecture.md: the capability `journal`."""
