"""The tables of requests, connections, blocks and counters.

Two partial unique indexes guarantee that a key has at most one pending request and one live connection. Each list has
an index of exactly its rows in its order, so that a page costs the same in a list of any length. A query that is to
use a partial index repeats the condition of the index word for word.
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, text

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.expressions import partial_index
from platform_api.database.metadata import metadata

PENDING = text("status = 'Pending'")
UNANSWERED = text("status = 'Pending' AND ignored_at IS NULL")
IGNORED = text("status = 'Pending' AND ignored_at IS NOT NULL")
OPEN = text("(status = 'Pending' OR (status = 'Expired' AND NOT superseded))")
PURGEABLE = text("address_key IS NOT NULL AND status NOT IN ('Pending', 'Accepted')")
RESENDABLE = text("status = 'Expired' AND NOT superseded")
LIVE = text("status IN ('Pending', 'Active')")

connection_requests = Table(
    "connection_requests",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("connection_id", GuidColumn, nullable=False),
    Column("sender_id", GuidColumn, nullable=False),
    Column("sender_role_id", GuidColumn, nullable=False),
    Column("receiver_id", GuidColumn, nullable=False),
    Column("receiver_role_id", GuidColumn, nullable=False),
    Column("original_receiver_id", GuidColumn, nullable=False),
    Column("shown_to", GuidColumn, nullable=True),
    Column("address_key", Text, nullable=True),
    Column("recipient_key", Text, nullable=False),
    Column("sent_by", GuidColumn, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("token_version", Integer, nullable=False),
    Column("created_at", InstantColumn, nullable=False),
    Column("sent_at", InstantColumn, nullable=False),
    Column("resent_count", Integer, nullable=False),
    Column("mailed_again_at", InstantColumn, nullable=True),
    Column("mailed_again_count", Integer, nullable=False, server_default="0"),
    Column("expires_at", InstantColumn, nullable=False),
    Column("ignored_at", InstantColumn, nullable=True),
    Column("decided_at", InstantColumn, nullable=True),
    Column("decided_by", GuidColumn, nullable=True),
    Column("accepted_key", Text, nullable=True, doc="key of the address whose mailbox accepted it"),
    Column("superseded", Boolean, nullable=False),
    Column("sender_type", Text, nullable=False, doc="ContactType.code of the sender"),
    Column("receiver_type", Text, nullable=False, doc="ContactType.code of the receiver"),
    Column("key", Text, nullable=False),
    partial_index("ux_connection_requests_pending_key", "key", unique=True, where=PENDING),
    partial_index("ix_connection_requests_received", "shown_to", "id", where=UNANSWERED),
    partial_index("ix_connection_requests_received_type", "shown_to", "sender_type", "id", where=UNANSWERED),
    partial_index("ix_connection_requests_ignored_type", "shown_to", "sender_type", "id", where=IGNORED),
    partial_index("ix_connection_requests_sent_type", "sender_id", "receiver_type", "id", where=OPEN),
    partial_index("ix_connection_requests_connections", "receiver_id", "connection_id", where=UNANSWERED),
    Index("ix_connection_requests_receiver", "receiver_id", "status", "superseded"),
    partial_index("ix_connection_requests_shown", "sender_id", "shown_to", where=PENDING),
    partial_index("ix_connection_requests_resendable", "key", where=RESENDABLE),
    partial_index("ix_connection_requests_address", "address_key", "shown_to", where=PENDING),
    partial_index("ix_connection_requests_expiry", "expires_at", where=PENDING),
    Index("ix_connection_requests_connection", "connection_id"),
    partial_index("ix_connection_requests_sent_by", "shown_to", "sent_by", where=PENDING),
    partial_index("ix_connection_requests_accepted", "accepted_key", where=text("accepted_key IS NOT NULL")),
    partial_index("ix_connection_requests_strangers", "decided_at", where=PURGEABLE),
)
"""Requests in every status. Each has a connection; `ConnectionRequest` documents the columns."""

connections = Table(
    "connections",
    metadata,
    Column("id", GuidColumn, primary_key=True),
    Column("request_id", GuidColumn, nullable=True),
    Column("sender_id", GuidColumn, nullable=False),
    Column("sender_role_id", GuidColumn, nullable=False),
    Column("receiver_id", GuidColumn, nullable=False),
    Column("receiver_role_id", GuidColumn, nullable=False),
    Column("original_receiver_id", GuidColumn, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", InstantColumn, nullable=False),
    Column("active_at", InstantColumn, nullable=True),
    Column("ended_at", InstantColumn, nullable=True),
    Column("ended_by", GuidColumn, nullable=True),
    Column("key", Text, nullable=False),
    Column("pair", Text, nullable=False),
    partial_index("ux_connections_live_key", "key", unique=True, where=LIVE),
    Index("ix_connections_pair", "pair", "status", "id"),
    # With its third column, the planner prefers it to the index of either end.
    partial_index("ix_connections_active_ends", "sender_id", "receiver_id", "status", where=text("status = 'Active'")),
    Index("ix_connections_sender", "sender_id", "status", "id"),
    Index("ix_connections_receiver", "receiver_id", "status", "id"),
)
"""Connections in every status, with and without a request; `Connection` documents the columns."""

connection_totals = Table(
    "connection_totals",
    metadata,
    Column("contact_id", GuidColumn, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("total", Integer, nullable=False),
)
"""Counters behind the totals of lists; `connections/rules.py` has their names and what each counts."""

blocks = Table(
    "blocks",
    metadata,
    Column("contact_id", GuidColumn, primary_key=True, doc="contact that blocks"),
    Column("blocked_id", GuidColumn, primary_key=True, doc="contact that is blocked"),
    Column("created_at", InstantColumn, nullable=False),
    Index("ix_blocks_blocked", "blocked_id"),
)
"""Blocks, which are private. A request of a blocked contact is ignored from the start, and its sender cannot tell."""

addresses_to_show = Table(
    "addresses_to_show",
    metadata,
    Column("address_key", Text, primary_key=True),
    Column("contact_id", GuidColumn, nullable=False, doc="contact that has verified the address"),
)
"""Addresses with more pending requests than one transaction shows to the contact that has verified them."""

__all__ = [
    "IGNORED",
    "LIVE",
    "OPEN",
    "PENDING",
    "PURGEABLE",
    "RESENDABLE",
    "UNANSWERED",
    "addresses_to_show",
    "blocks",
    "connection_requests",
    "connection_totals",
    "connections",
]
