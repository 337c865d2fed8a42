"""The table of counters."""

from sqlalchemy import Column, Integer, Table, Text

from platform_api.database.columns import BY_KEY, InstantColumn
from platform_api.database.metadata import metadata

quota_counters = Table(
    "quota_counters",
    metadata,
    Column("quota", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("amount", Integer, nullable=False),
    Column("ends_at", InstantColumn, nullable=False),
    **BY_KEY,
)

__all__ = ["quota_counters"]
