"""Names that rows store follow the glossary: a notice is a notice in its letter too, and old rows are purged."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_RENAMED = (
    ("letters", "kind", "connection news", "connection notice"),
    ("journal_entries", "act", "forget", "purge"),
    ("periodic_units", "name", "forget strangers' addresses", "purge addresses of invitations"),
)


def upgrade() -> None:
    """Apply this revision."""
    for table, column, before, after in _RENAMED:
        stored = sa.table(table, sa.column(column))
        op.execute(sa.update(stored).where(stored.c[column] == before).values({column: after}))
