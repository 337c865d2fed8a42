"""See docs/architecture.md: the room `http`."""
