"""The tables of mail."""

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint, and_

from platform_api.database.columns import GuidColumn, InstantColumn, JsonColumn
from platform_api.database.expressions import partial_index
from platform_api.database.metadata import metadata
from platform_api.work import queue_columns

_recipient_key = Column("recipient_key", String, doc="null once the address was removed")
_settled_at = Column("settled_at", InstantColumn, doc="when its outcome was reached, as its sender may see it")

letters = Table(
    "letters",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject_id", GuidColumn, nullable=False),
    Column("version", Integer, nullable=False),
    Column("series", Integer, nullable=False),
    _recipient_key,
    Column("state", String, nullable=False),
    Column("message_id", String),
    Column("dated", InstantColumn),
    Column("reason", String),
    Column("created_at", InstantColumn, nullable=False),
    _settled_at,
    Column("sent_by", GuidColumn, doc="the person who had it sent"),
    Column("sent_for", GuidColumn, doc="the contact that the person acted for"),
    *queue_columns("letters"),
    UniqueConstraint("subject_id", "version", "kind", "series", name="uq_letters_subject"),
    partial_index("ix_letters_recipient", _recipient_key, where=_recipient_key.is_not(None)),
    partial_index("ix_letters_forget", _settled_at, where=and_(_recipient_key.is_not(None), _settled_at.is_not(None))),
)
"""One row for each letter, an item of the work queue."""

suppressions = Table(
    "suppressions",
    metadata,
    Column("address_hash", String, primary_key=True, doc="keyed: the address cannot be found without the key"),
    Column("reason", String, nullable=False),
    Column("since", InstantColumn, nullable=False),
)
"""Addresses that get no mail any more."""

mailbox = Table(
    "mailbox",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("message_id", String, nullable=False, unique=True),
    Column("recipient_key", String, nullable=False, index=True),
    Column("recipient", String, nullable=False),
    Column("sender", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("headers", JsonColumn, nullable=False),
    Column("dated", InstantColumn, nullable=False),
    Column("stored_at", InstantColumn, nullable=False, index=True),
)
"""The built-in mailbox: the mails that a mail server would have got. They hold live links."""

mailbox_totals = Table(
    "mailbox_totals",
    metadata,
    Column("name", String, primary_key=True, doc="what is counted"),
    Column("total", Integer, nullable=False),
)
"""Totals of lists, kept by the transactions that change what they count."""

__all__ = ["letters", "mailbox", "mailbox_totals", "suppressions"]
