"""Give letters an owner, so that senders take turns, and name the totals of the mailbox for what they count."""

import sqlalchemy as sa
from alembic import op

from platform_api.database import columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OWNER_COMMENT = "the person or contact that the work is for"


def upgrade() -> None:
    """Apply this revision."""
    op.add_column("letters", sa.Column("owner", columns.GuidColumn(), comment=_OWNER_COMMENT))
    op.execute("UPDATE letters SET owner = coalesce(sent_by, subject_id)")
    with op.batch_alter_table("letters") as batch_op:
        batch_op.alter_column("owner", existing_type=columns.GuidColumn(), nullable=False)
    waiting = sa.text("due_at IS NOT NULL")
    op.create_index("ix_letters_owner", "letters", ["owner", "due_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "mailbox_totals",
        sa.Column("name", sa.String(), nullable=False, comment="what is counted"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox_totals")),
    )
    op.execute("INSERT INTO mailbox_totals (name, total) SELECT name, total FROM outbox_totals")
    op.drop_table("outbox_totals")
