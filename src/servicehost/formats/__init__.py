"""See docs/architecture.md: the room `formats`."""
