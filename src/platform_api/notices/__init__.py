"""In-app notices, and which of them also go by mail."""
