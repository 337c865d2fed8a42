"""The schedule's SQL."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, bindparam, func, select, true, update

from platform_api.database.columns import InstantColumn
from platform_api.database.expressions import claim, in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.schedule.tables import periodic_units

_c = periodic_units.c
_next = bindparam("next", type_=InstantColumn())

ADD_UNIT = Command(upsert(periodic_units, key=(_c.name,)))

DUE_AT_LATEST = Command(
    update(periodic_units).where(_c.name == bindparam("unit"), _c.due_at > _next).values(due_at=_next)
)

TAKE_UNIT = Query(
    claim(
        periodic_units,
        due=(_c.name == bindparam("unit")) & (_c.due_at <= bindparam("now", type_=InstantColumn())),
        oldest=_c.due_at,
        values={"due_at": _next},
    ).returning(_c.name),
    str,
)

DUE_NAMES = Query(
    select(_c.name).where(in_list(_c.name, "names"), _c.due_at <= bindparam("now", type_=InstantColumn())), str
)

NEXT_DUE = Query(select(func.min(_c.due_at)).where(in_list(_c.name, "names")), lambda due_at: due_at)

SCHEDULE = Query(select(_c.name, _c.due_at).where(in_list(_c.name, "names")), lambda name, due_at: (name, due_at))


def bring_back(column: Column[datetime], only: ColumnElement[bool] | None) -> Command:
    """Writes `latest` over every instant of the column that is later than `bound`."""
    rows = update(column.table).where(column > bindparam("bound", type_=column.type), true() if only is None else only)
    return Command(rows.values({column.name: bindparam("latest", type_=column.type)}))


__all__ = ["ADD_UNIT", "DUE_AT_LATEST", "DUE_NAMES", "NEXT_DUE", "SCHEDULE", "TAKE_UNIT", "bring_back"]
