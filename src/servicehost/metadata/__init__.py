"""See docs/architecture.md: the room `metadata`."""
