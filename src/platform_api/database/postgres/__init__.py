"""PostgreSQL, for several nodes."""
