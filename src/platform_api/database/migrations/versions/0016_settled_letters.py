"""Hold only settled letters in the index of those whose address is purged: a new letter then writes one index less."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SETTLED = sa.text("recipient_key IS NOT NULL AND settled_at IS NOT NULL")


def upgrade() -> None:
    """Apply this revision."""
    op.drop_index("ix_letters_forget", table_name="letters")
    op.create_index("ix_letters_forget", "letters", ["settled_at"], sqlite_where=_SETTLED, postgresql_where=_SETTLED)
