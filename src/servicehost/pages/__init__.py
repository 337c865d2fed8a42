"""See docs/architecture.md: the room `pages`."""
