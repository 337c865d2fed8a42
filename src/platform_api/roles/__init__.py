"""See docs/architecture.md: the capability `roles`."""
