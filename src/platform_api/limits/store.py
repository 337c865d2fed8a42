"""The counters' SQL."""

from functools import cache

from sqlalchemy import bindparam, case, delete, select, tuple_, update

from platform_api.database.columns import InstantColumn
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.limits.rules import Spent
from platform_api.limits.tables import quota_counters

_c = quota_counters.c
_of_key = (_c.quota == bindparam("quota"), _c.key == bindparam("key"))
_closed = _c.ends_at <= bindparam("now", type_=InstantColumn())

_OF_ROW = ("quota", "key", "amount", "ends_at")


@cache
def spend(counters: int) -> Query[tuple[str, Spent]]:
    """Adds to so many counters at once, and gives what each of them has spent then.

    The parameters of the first are `quota0`, `key0`, `amount0` and `ends_at0`, and so on; `now` is for all.
    """
    return Query(
        upsert(
            quota_counters,
            key=(_c.quota, _c.key),
            values=[
                {name: bindparam(f"{name}{row}", type_=_c[name].type) for name in _OF_ROW} for row in range(counters)
            ],
            change=lambda new: {
                "amount": case((_closed, new.amount), else_=_c.amount + new.amount),
                "ends_at": case((_closed, new.ends_at), else_=_c.ends_at),
            },
        ).returning(_c.quota, _c.amount, _c.ends_at),
        lambda quota, amount, ends_at: (quota, Spent(amount, ends_at)),
    )


SPENT = Query(select(_c.amount, _c.ends_at).where(*_of_key), Spent)

GIVE_BACK = Command(update(quota_counters).where(*_of_key).values(amount=_c.amount - bindparam("returned")))

DELETE_KEY = Command(delete(quota_counters).where(_c.key == bindparam("key")))

_old = select(_c.quota, _c.key).where(_closed).limit(bindparam("limit"))

DELETE_CLOSED = Command(delete(quota_counters).where(tuple_(_c.quota, _c.key).in_(_old)))

__all__ = ["DELETE_CLOSED", "DELETE_KEY", "GIVE_BACK", "SPENT", "spend"]
