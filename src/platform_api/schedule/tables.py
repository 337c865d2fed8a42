"""The schedule: when each periodic unit is due next."""

from sqlalchemy import Column, Table, Text

from platform_api.database.columns import InstantColumn
from platform_api.database.metadata import metadata

periodic_units = Table(
    "periodic_units",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due_at", InstantColumn, nullable=False),
)

__all__ = ["periodic_units"]
