"""See docs/architecture.md: the capability `identity`."""
