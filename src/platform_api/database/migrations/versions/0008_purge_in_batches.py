"""Index failed sign-ins for the purge, which deletes them in batches."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_index("ix_sign_in_failures_succeeded", "sign_in_failures", ["succeeded_at", "failed_at"])
