"""Store the person who caused a letter, for the sender's share of the address's daily letters."""

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sent_by", columns.GuidColumn(), nullable=True, comment="the person who had it sent")
        )
        batch_op.add_column(
            sa.Column("sent_for", columns.GuidColumn(), nullable=True, comment="the contact that the person acted for")
        )
