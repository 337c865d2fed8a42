"""See docs/architecture.md: the room `languages`."""
