"""The table of the journal.

`id` is given when a row is inserted, `position` after its commit: with several writers a lower id may be committed
after a higher one, so a reader that follows ids would miss it. Readers follow `position`.

The indexes of the concerned contacts hold only rows that have a position. So the transaction of an act does not write
them; the sequencer does, for many rows at once.
"""

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint, text

from platform_api.database.columns import GuidColumn, InstantColumn, counting_id
from platform_api.database.expressions import partial_index
from platform_api.database.metadata import metadata

ACTED_FOR_NEITHER = "acted_for IS DISTINCT FROM first_contact AND acted_for IS DISTINCT FROM second_contact"
"""Condition on the few entries whose actor acted for a contact that they do not concern."""

journal_entries = Table(
    "journal_entries",
    metadata,
    counting_id(),
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
    Column("first_contact", GuidColumn, doc="a contact that the entry concerns"),
    Column("second_contact", GuidColumn, doc="the other contact that the entry concerns"),
    Index(None, "subject_id"),
    partial_index("ix_journal_entries_first_contact", "first_contact", "position", where=text("position IS NOT NULL")),
    partial_index(
        "ix_journal_entries_second_contact",
        "second_contact",
        "position",
        where=text("position IS NOT NULL AND second_contact IS NOT NULL"),
    ),
    partial_index("ix_journal_entries_acted_for", "acted_for", where=text(ACTED_FOR_NEITHER)),
    partial_index("ix_journal_entries_person", "person", where=text("person IS DISTINCT FROM acted_for")),
)

__all__ = ["ACTED_FOR_NEITHER", "journal_entries"]
