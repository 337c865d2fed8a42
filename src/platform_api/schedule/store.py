"""SQL of the schedule."""

from collections.abc import Callable, Collection, Coroutine
from datetime import datetime

from sqlalchemy import Column, ColumnElement, bindparam, func, select, true, update

from platform_api.database.columns import InstantColumn
from platform_api.database.expressions import claim, in_list, upsert
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.schedule.tables import periodic_units

_c = periodic_units.c
_next = bindparam("next", type_=InstantColumn())

BringBack = Callable[[Transaction, datetime, datetime], Coroutine[None, None, int]]
"""(transaction, latest, bound) -> number of rows: writes `latest` over every instant later than `bound`."""

_ADD_UNIT = Command(upsert(periodic_units, key=(_c.name,)))


async def add_unit(tx: Transaction, name: str) -> None:
    """Add a unit to the schedule, due now, unless it is there."""
    await tx.execute(_ADD_UNIT, name=name, due_at=tx.now)


_DUE_AT_LATEST = Command(
    update(periodic_units).where(_c.name == bindparam("unit"), _c.due_at > _next).values(due_at=_next)
)


async def make_due(tx: Transaction, name: str, latest: datetime) -> None:
    """Make a unit due at `latest`, unless it is due earlier."""
    await tx.execute(_DUE_AT_LATEST, unit=name, next=latest)


_TAKE_UNIT = Query(
    claim(
        periodic_units,
        due=(_c.name == bindparam("unit")) & (_c.due_at <= bindparam("now", type_=InstantColumn())),
        oldest=_c.due_at,
        values={"due_at": _next},
    ).returning(_c.name),
    str,
)


async def take_unit(tx: Transaction, name: str, next_due: datetime) -> bool:
    """Take a due unit and set when it is due next.

    Returns:
        Whether it was due and no other node took it.
    """
    return await tx.one(_TAKE_UNIT, unit=name, now=tx.now, next=next_due, limit=1) is not None


_DUE_NAMES = Query(
    select(_c.name).where(in_list(_c.name, "names"), _c.due_at <= bindparam("now", type_=InstantColumn())), str
)


async def due_names(tx: Transaction, names: Collection[str]) -> set[str]:
    """The names of those units that are due."""
    return set(await tx.all(_DUE_NAMES, names=list(names), now=tx.now))


_NEXT_DUE = Query(select(func.min(_c.due_at)).where(in_list(_c.name, "names")), lambda due_at: due_at)


async def next_due(tx: Transaction, names: Collection[str]) -> datetime | None:
    """When the first of some units is due."""
    due_at: datetime | None = await tx.one(_NEXT_DUE, names=list(names))
    return due_at


_SCHEDULE = Query(select(_c.name, _c.due_at).where(in_list(_c.name, "names")), as_tuple)


async def schedule(tx: Transaction, names: Collection[str]) -> dict[str, datetime]:
    """When each of some units is due, by name."""
    return dict(await tx.all(_SCHEDULE, names=list(names)))


def bring_back(column: Column[datetime], only: ColumnElement[bool] | None) -> BringBack:
    """The function that repairs a column; its statement is made once."""
    rows = update(column.table).where(column > bindparam("bound", type_=column.type), true() if only is None else only)
    command = Command(rows.values({column.name: bindparam("latest", type_=column.type)}))

    async def run(tx: Transaction, latest: datetime, bound: datetime) -> int:
        return await tx.execute(command, latest=latest, bound=bound)

    return run


__all__ = ["BringBack", "add_unit", "bring_back", "due_names", "make_due", "next_due", "schedule", "take_unit"]
