"""The address that accepted a request, and what was mailed again apart from what its sender sent."""

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("connection_requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mailed_again_at", columns.InstantColumn(), nullable=True))
        batch_op.add_column(sa.Column("mailed_again_count", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("accepted_key", sa.Text(), nullable=True, comment="key of the address whose mailbox accepted it")
        )
        batch_op.create_index(
            "ix_connection_requests_accepted",
            ["accepted_key"],
            unique=False,
            sqlite_where=sa.text("accepted_key IS NOT NULL"),
            postgresql_where=sa.text("accepted_key IS NOT NULL"),
        )
    # A mailbox decides in the name of the contact that it is asked as, or of the person who has its address. Whatever
    # else accepted an invitation was a keeper acting as its own virtual contact, which is no consent.
    op.execute(
        sa.text(
            "UPDATE connection_requests SET accepted_key = address_key"
            " WHERE status = 'Accepted' AND address_key IS NOT NULL"
            " AND (decided_by = original_receiver_id OR decided_by = shown_to)"
        )
    )
