"""Show requests to a verified address in batches; forget invitations without scanning accepted ones."""

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_connection_requests_address": (["address_key", "shown_to"], "status = 'Pending'"),
    "ix_connection_requests_strangers": (
        ["decided_at"],
        "address_key IS NOT NULL AND status NOT IN ('Pending', 'Accepted')",
    ),
}


def upgrade() -> None:
    """Apply this revision."""
    for name, (indexed, condition) in _INDEXES.items():
        where = sa.text(condition)
        op.drop_index(name, "connection_requests")
        op.create_index(name, "connection_requests", indexed, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "addresses_to_show",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("contact_id", columns.GuidColumn(), nullable=False, comment="who has verified the address"),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_addresses_to_show")),
    )
