"""Count the virtual contacts that each contact keeps."""

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "kept_totals",
        sa.Column("keeper_id", columns.GuidColumn(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["keeper_id"], ["contacts.id"], name=op.f("fk_kept_totals_keeper_id")),
        sa.PrimaryKeyConstraint("keeper_id", name=op.f("pk_kept_totals")),
    )
    op.execute(
        "INSERT INTO kept_totals (keeper_id, total)"
        " SELECT keeper_id, count(*) FROM contacts WHERE keeper_id IS NOT NULL GROUP BY keeper_id"
    )
