"""The journal's table.

`id` is given when a row is inserted, `position` after its commit: with several writers a lower id may be committed
after a higher one, so a reader that follows ids would miss it. Readers follow `position`.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint, text

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.expressions import partial_index
from platform_api.database.metadata import metadata

journal_entries = Table(
    "journal_entries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("position", BigInteger),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", GuidColumn, nullable=False),
    Column("act", Text, nullable=False),
    Column("person", GuidColumn),
    Column("acted_for", GuidColumn),
    Column("before", Text),
    Column("after", Text),
    Column("at", InstantColumn, nullable=False),
    UniqueConstraint("position"),
    Index(None, "subject_id"),
    Index(None, "acted_for"),
    partial_index("ix_journal_entries_person", "person", where=text("person IS DISTINCT FROM acted_for")),
)

__all__ = ["journal_entries"]
