"""The embedded database: one SQLite file."""

from platform_api.database.sqlite.database import LONG_READERS, SqliteDatabase

__all__ = ["LONG_READERS", "SqliteDatabase"]
