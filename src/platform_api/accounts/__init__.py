"""See docs/architecture.md: the capability `accounts`."""
