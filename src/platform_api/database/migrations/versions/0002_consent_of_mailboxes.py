"""Record the address that accepted a request, and letters sent again independently of the sender."""

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
    # A mailbox decides for the contact that received the invitation, or for the person who has its address. Any
    # other acceptance of an invitation was by a keeper acting as its own virtual contact, and is not consent.
    op.execute(
        sa.text(
            "UPDATE connection_requests SET accepted_key = address_key"
            " WHERE status = 'Accepted' AND address_key IS NOT NULL"
            " AND (decided_by = original_receiver_id OR decided_by = shown_to)"
        )
    )
