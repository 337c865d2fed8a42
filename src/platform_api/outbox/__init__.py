"""See docs/architecture.md: the capability `outbox`."""
