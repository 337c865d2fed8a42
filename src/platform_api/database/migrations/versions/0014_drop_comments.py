"""Drop the comments of columns: the code documents them, so that a change of words needs no revision."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    connection = op.get_bind()
    if not connection.dialect.supports_comments:
        return
    inspector = sa.inspect(connection)
    for table in inspector.get_table_names():
        for column in inspector.get_columns(table):
            if column.get("comment"):
                op.execute(f'COMMENT ON COLUMN "{table}"."{column["name"]}" IS NULL')
