"""Withhold notices from contacts that have blocked the actor, and index the notices of a pair."""

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_actor_id")
        batch_op.alter_column(
            "contact_id",
            existing_type=columns.GuidColumn(),
            nullable=True,
            comment="who is told; null for a notice that is withheld",
        )
        batch_op.add_column(
            sa.Column(
                "withheld_from",
                columns.GuidColumn(),
                nullable=True,
                comment="who is not told, having blocked the actor",
            )
        )
        batch_op.create_index("ix_notices_pair", ["actor_id", "contact_id", "kind", "posted_at"], unique=False)
        batch_op.create_index(
            "ix_notices_withheld",
            ["withheld_from", "actor_id", "kind"],
            unique=False,
            sqlite_where=sa.text("withheld_from IS NOT NULL"),
            postgresql_where=sa.text("withheld_from IS NOT NULL"),
        )
    with op.batch_alter_table("connection_requests", schema=None) as batch_op:
        batch_op.create_index(
            "ix_connection_requests_sent_by",
            ["shown_to", "sent_by"],
            unique=False,
            sqlite_where=sa.text("status = 'Pending'"),
            postgresql_where=sa.text("status = 'Pending'"),
        )
