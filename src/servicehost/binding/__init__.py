"""See docs/architecture.md: the room `binding`."""
