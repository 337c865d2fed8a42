"""See docs/architecture.md: the room `security`."""
