"""Backups of an installation: one file with a copy of the database and a manifest; the keys are kept separately."""
