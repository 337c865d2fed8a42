"""See docs/architecture.md: the capability `limits`."""
