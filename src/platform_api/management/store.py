"""SQL of management."""

from sqlalchemy import func, select

from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction
from platform_api.schedule.tables import periodic_units

_LOOK = Query(select(func.count()).select_from(periodic_units), int)


async def look(tx: Transaction) -> None:
    """Read a small table, which every installation has."""
    await tx.one(_LOOK)


__all__ = ["look"]
