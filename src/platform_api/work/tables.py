"""The columns of the work queue, for any table."""

from sqlalchemy import Column, Index, Integer
from sqlalchemy.schema import SchemaItem

from platform_api.database.columns import GuidColumn, InstantColumn
from platform_api.database.expressions import partial_index


def queue_columns(table: str) -> tuple[SchemaItem, ...]:
    """The columns and indexes that make a table a queue: `Table("jobs", metadata, ..., *queue_columns("jobs"))`.

    The primary key of the table is one column, a Guid named `id`. The indexes hold only rows that wait or are in hand.

    Args:
        table: name of the table.
    """
    owner = Column("owner", GuidColumn, nullable=False, doc="the person or contact that the work is for")
    due_at = Column("due_at", InstantColumn, doc="when it may be claimed; null while in hand or finished")
    lease_until = Column("lease_until", InstantColumn, doc="while in hand: when its worker counts as dead")
    indexes: tuple[Index, ...] = (
        partial_index(f"ix_{table}_due", due_at, "id", where=due_at.is_not(None)),
        partial_index(f"ix_{table}_owner", owner, due_at, where=due_at.is_not(None)),
        partial_index(f"ix_{table}_lease", lease_until, where=lease_until.is_not(None)),
    )
    return (
        owner,
        due_at,
        lease_until,
        Column("attempts", Integer, nullable=False),
        Column("doubts", Integer, nullable=False),
        Column("attempted_at", InstantColumn),
        *indexes,
    )


__all__ = ["queue_columns"]
