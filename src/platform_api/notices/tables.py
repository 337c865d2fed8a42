"""Tables of notices. Other packages may read them; only this one writes them."""

from sqlalchemy import Boolean, Column, Index, String, Table, text

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.expressions import partial_index
from platform_api.database.metadata import metadata

notices = Table(
    "notices",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("contact_id", GuidColumn, nullable=True, doc="receiver; null for a withheld notice"),
    Column("withheld_from", GuidColumn, nullable=True, doc="receiver who has blocked the actor"),
    Column("kind", String, nullable=False, doc="NoticeKind"),
    Column("subject_id", GuidColumn, nullable=False),
    Column("actor_id", GuidColumn, doc="null for periodic work, or after erasure"),
    Column("posted_at", InstantColumn, nullable=False),
    Column("read_at", InstantColumn),
    Index("ix_notices_contact", "contact_id", "id"),
    Index("ix_notices_pair", "actor_id", "contact_id", "kind", "posted_at"),
    partial_index("ix_notices_withheld", "withheld_from", "actor_id", "kind", where=text("withheld_from IS NOT NULL")),
)
"""Notices, including those that are withheld because the receiver has blocked the actor."""

mail_preferences = Table(
    "mail_preferences",
    metadata,
    Column("contact_id", GuidColumn, primary_key=True),
    Column("kind", String, primary_key=True, doc="NoticeKind"),
    Column("by_mail", Boolean, nullable=False),
)
"""Mail preferences of contacts for kinds of notice; without a row the default of the kind holds."""

__all__ = ["mail_preferences", "notices"]
