"""Count the rows of lists.

Requests store the types of their two contacts, lists get an index that contains exactly their rows, and every total of a
list becomes a counter, initialised here from the rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ACTIVE = "status = 'Active'"
_PENDING = "status = 'Pending'"
_UNANSWERED = "status = 'Pending' AND ignored_at IS NULL"
_IGNORED = "status = 'Pending' AND ignored_at IS NOT NULL"
_OPEN = "(status = 'Pending' OR (status = 'Expired' AND NOT superseded))"
_RESENDABLE = "status = 'Expired' AND NOT superseded"

_REQUEST_INDEXES = {
    "ix_connection_requests_received": (["shown_to", "id"], _UNANSWERED),
    "ix_connection_requests_received_type": (["shown_to", "sender_type", "id"], _UNANSWERED),
    "ix_connection_requests_ignored_type": (["shown_to", "sender_type", "id"], _IGNORED),
    "ix_connection_requests_sent_type": (["sender_id", "receiver_type", "id"], _OPEN),
    "ix_connection_requests_connections": (["receiver_id", "connection_id"], _UNANSWERED),
    "ix_connection_requests_receiver": (["receiver_id", "status", "superseded"], None),
    "ix_connection_requests_shown": (["sender_id", "shown_to"], _PENDING),
    "ix_connection_requests_resendable": (["key"], _RESENDABLE),
}
_DROPPED = ("received", "sent", "receiver", "key")
_CONNECTION_INDEXES = {
    "ix_connections_pair": ["pair", "status", "id"],
    "ix_connections_sender": ["sender_id", "status", "id"],
    "ix_connections_receiver": ["receiver_id", "status", "id"],
}

_TYPES = """
UPDATE connection_requests SET
    sender_type = coalesce((SELECT contact_type FROM contacts WHERE contacts.id = sender_id), 'VP'),
    receiver_type = coalesce((SELECT contact_type FROM contacts WHERE contacts.id = receiver_id), 'VP')
"""
_TOTALS = f"""
INSERT INTO connection_totals (contact_id, name, total)
SELECT contact_id, name, count(*) FROM (
    SELECT sender_id AS contact_id, 'pending sent ' || receiver_type AS name FROM connection_requests WHERE {_PENDING}
    UNION ALL
    SELECT sender_id, 'expired sent ' || receiver_type FROM connection_requests WHERE {_RESENDABLE}
    UNION ALL
    SELECT shown_to, 'received ' || sender_type FROM connection_requests WHERE {_UNANSWERED} AND shown_to IS NOT NULL
    UNION ALL
    SELECT shown_to, 'ignored ' || sender_type FROM connection_requests WHERE {_IGNORED} AND shown_to IS NOT NULL
    UNION ALL
    SELECT receiver_id, 'connections' FROM connection_requests WHERE {_UNANSWERED}
    UNION ALL
    SELECT sender_id, 'connections' FROM connections WHERE status IN ('Pending', 'Active')
    UNION ALL
    SELECT receiver_id, 'connections' FROM connections WHERE status = 'Active' AND receiver_id != sender_id
    UNION ALL
    SELECT sender_id, 'removed' FROM connections WHERE status = 'Removed'
    UNION ALL
    SELECT receiver_id, 'removed' FROM connections WHERE status = 'Removed' AND receiver_id != sender_id
    UNION ALL
    SELECT sender_id, 'removed with ' || receiver_id FROM connections WHERE status = 'Removed'
    UNION ALL
    SELECT receiver_id, 'removed with ' || sender_id FROM connections
    WHERE status = 'Removed' AND receiver_id != sender_id
) AS counted GROUP BY contact_id, name
"""  # noqa: S608 - its parts are constants


def upgrade() -> None:
    """Apply this revision."""
    _give_requests_their_types()
    for name, columns in _CONNECTION_INDEXES.items():
        op.drop_index(name, "connections")
        op.create_index(name, "connections", columns)
    _replace_partial("ix_connections_active_ends", "connections", ["sender_id", "receiver_id", "status"], _ACTIVE)
    _replace_partial("ix_letters_due", "letters", ["due_at", "id"], "due_at IS NOT NULL")
    op.execute("DELETE FROM connection_totals")
    op.execute(_TOTALS)
    op.create_table(
        "outbox_totals",
        sa.Column("name", sa.String(), nullable=False, comment="what is counted"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outbox_totals")),
    )
    op.execute("INSERT INTO outbox_totals (name, total) SELECT 'mails in the mailbox', count(*) FROM mailbox")


def _replace_partial(name: str, table: str, columns: list[str], condition: str) -> None:
    op.drop_index(name, table)
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _give_requests_their_types() -> None:
    for name in _DROPPED:
        op.drop_index(f"ix_connection_requests_{name}", "connection_requests")
    with op.batch_alter_table("connection_requests") as batch_op:
        batch_op.add_column(sa.Column("sender_type", sa.Text(), comment="ContactType.code of the sender"))
        batch_op.add_column(sa.Column("receiver_type", sa.Text(), comment="ContactType.code of the receiver"))
    op.execute(_TYPES)
    with op.batch_alter_table("connection_requests") as batch_op:
        batch_op.alter_column("sender_type", nullable=False)
        batch_op.alter_column("receiver_type", nullable=False)
    for name, (columns, condition) in _REQUEST_INDEXES.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, "connection_requests", columns, sqlite_where=where, postgresql_where=where)
