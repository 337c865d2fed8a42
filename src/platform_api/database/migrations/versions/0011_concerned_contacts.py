"""Record which contacts each entry of the journal concerns, so that the feed of a contact reads one table.

Entries of requests and connections concern both ends, as they are now; entries of a contact concern the contact.
"""

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NEITHER = "acted_for IS DISTINCT FROM first_contact AND acted_for IS DISTINCT FROM second_contact"
_INDEXES = {
    "first_contact": (["first_contact", "position"], "position IS NOT NULL"),
    "second_contact": (["second_contact", "position"], "position IS NOT NULL AND second_contact IS NOT NULL"),
    "acted_for": (["acted_for"], _NEITHER),
}
_ENDS = """
UPDATE journal_entries SET
    first_contact = (SELECT sender_id FROM {table} WHERE {table}.id = subject_id),
    second_contact = (
        SELECT receiver_id FROM {table} WHERE {table}.id = subject_id AND receiver_id <> sender_id
    )
WHERE subject_kind = '{kind}'
"""


def upgrade() -> None:
    """Apply this revision."""
    op.drop_index("ix_journal_entries_acted_for", "journal_entries")
    op.add_column(
        "journal_entries",
        sa.Column("first_contact", columns.GuidColumn(), comment="a contact that the entry concerns"),
    )
    op.add_column(
        "journal_entries",
        sa.Column("second_contact", columns.GuidColumn(), comment="the other contact that the entry concerns"),
    )
    op.execute(_ENDS.format(table="connection_requests", kind="request"))
    op.execute(_ENDS.format(table="connections", kind="connection"))
    op.execute("UPDATE journal_entries SET first_contact = subject_id WHERE subject_kind = 'contact'")
    for name, (indexed, condition) in _INDEXES.items():
        where = sa.text(condition)
        op.create_index(
            f"ix_journal_entries_{name}", "journal_entries", indexed, sqlite_where=where, postgresql_where=where
        )
