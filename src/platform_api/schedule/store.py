"""The schedule's SQL."""

from sqlalchemy import bindparam, func, select, update

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

__all__ = ["ADD_UNIT", "DUE_AT_LATEST", "DUE_NAMES", "NEXT_DUE", "TAKE_UNIT"]
