"""Values and small rules that every package uses. It imports no other package at run time."""
