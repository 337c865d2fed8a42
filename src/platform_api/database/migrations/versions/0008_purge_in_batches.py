"""An index for the purge of failed sign-ins, which deletes a batch at a time."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_index("ix_sign_in_failures_succeeded", "sign_in_failures", ["succeeded_at", "failed_at"])
