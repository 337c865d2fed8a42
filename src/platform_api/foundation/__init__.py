"""Values and small rules that every package uses. Nothing here imports another package of the platform."""
