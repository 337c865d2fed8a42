"""The tables of notices."""

from sqlalchemy import Boolean, Column, Index, String, Table, text

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.expressions import partial_index
from platform_api.database.metadata import metadata

notices = Table(
    "notices",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("contact_id", GuidColumn, nullable=True, comment="who is told; null for a notice that is withheld"),
    Column("withheld_from", GuidColumn, nullable=True, comment="who is not told, having blocked the actor"),
    Column("kind", String, nullable=False, comment="NoticeKind"),
    Column("subject_id", GuidColumn, nullable=False),
    Column("actor_id", GuidColumn, comment="null for the clock, or after erasure"),
    Column("posted_at", InstantColumn, nullable=False),
    Column("read_at", InstantColumn),
    Index("ix_notices_contact", "contact_id", "id"),
    Index("ix_notices_pair", "actor_id", "contact_id", "kind", "posted_at"),
    partial_index("ix_notices_withheld", "withheld_from", "actor_id", "kind", where=text("withheld_from IS NOT NULL")),
)
"""One row for each thing that a contact was told, or would have been told of somebody whom it has blocked."""

mail_preferences = Table(
    "mail_preferences",
    metadata,
    Column("contact_id", GuidColumn, primary_key=True),
    Column("kind", String, primary_key=True, comment="NoticeKind"),
    Column("by_mail", Boolean, nullable=False),
)
"""What contacts have chosen; a contact without a row has chosen nothing."""

__all__ = ["mail_preferences", "notices"]
