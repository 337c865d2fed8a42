"""The table by which nodes recognise that they have different keys."""

from sqlalchemy import Column, Table, Text

from platform_api.database.metadata import metadata

key_checks = Table(
    "key_checks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

__all__ = ["key_checks"]
