"""The tables of notices."""

from sqlalchemy import Boolean, Column, Index, String, Table

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.metadata import metadata

notices = Table(
    "notices",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("contact_id", GuidColumn, nullable=False, comment="who is told"),
    Column("kind", String, nullable=False, comment="NoticeKind"),
    Column("subject_id", GuidColumn, nullable=False),
    Column("actor_id", GuidColumn, index=True, comment="null for the clock, or after erasure"),
    Column("posted_at", InstantColumn, nullable=False),
    Column("read_at", InstantColumn),
    Index("ix_notices_contact", "contact_id", "id"),
)
"""One row for each thing that a contact was told."""

mail_preferences = Table(
    "mail_preferences",
    metadata,
    Column("contact_id", GuidColumn, primary_key=True),
    Column("kind", String, primary_key=True, comment="NoticeKind"),
    Column("by_mail", Boolean, nullable=False),
)
"""What contacts have chosen; a contact without a row has chosen nothing."""

__all__ = ["mail_preferences", "notices"]
