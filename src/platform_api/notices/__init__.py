"""See docs/architecture.md: the capability `notices`."""
