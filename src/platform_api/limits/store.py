"""The counters' SQL."""

from datetime import datetime
from functools import cache

from sqlalchemy import and_, bindparam, case, delete, or_, select, tuple_, update

from platform_api.database.columns import InstantColumn
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.limits.rules import Spent
from platform_api.limits.tables import quota_counters

_c = quota_counters.c
_of_key = (_c.quota == bindparam("quota"), _c.key == bindparam("key"))
_closed = _c.ends_at <= bindparam("now", type_=InstantColumn())


@cache
def spend(counters: int) -> Query[tuple[str, int]]:
    """Adds `amount` to so many counters at once, and gives the name of each with what is spent then.

    The parameters of the first are `quota0`, `key0` and `ends_at0`, and so on; `amount` and `now` are for all. A
    counter whose window ends after `ends_at` was written by a clock that ran ahead, and begins anew.
    """
    amount = bindparam("amount", type_=_c.amount.type)
    return Query(
        upsert(
            quota_counters,
            key=(_c.quota, _c.key),
            values=[
                {
                    "quota": bindparam(f"quota{row}", type_=_c.quota.type),
                    "key": bindparam(f"key{row}", type_=_c.key.type),
                    "amount": amount,
                    "ends_at": bindparam(f"ends_at{row}", type_=_c.ends_at.type),
                }
                for row in range(counters)
            ],
            change=lambda new: {
                "amount": case((or_(_closed, _c.ends_at > new.ends_at), new.amount), else_=_c.amount + new.amount),
                "ends_at": case((or_(_closed, _c.ends_at > new.ends_at), new.ends_at), else_=_c.ends_at),
            },
        ).returning(_c.quota, _c.amount),
        as_tuple,
    )


SPENT = Query(select(_c.amount, _c.ends_at).where(*_of_key), Spent)


@cache
def spent_each(counters: int) -> Query[tuple[str, int, datetime]]:
    """Query for that number of counters: the name of each existing one, its amount, and the end of its window."""
    chosen = (
        and_(
            _c.quota == bindparam(f"quota{row}", type_=_c.quota.type),
            _c.key == bindparam(f"key{row}", type_=_c.key.type),
        )
        for row in range(counters)
    )
    return Query(select(_c.quota, _c.amount, _c.ends_at).where(or_(*chosen)), as_tuple)


GIVE_BACK = Command(update(quota_counters).where(*_of_key).values(amount=_c.amount - bindparam("returned")))

DELETE_KEY = Command(delete(quota_counters).where(_c.key == bindparam("key")))

_ahead = _c.ends_at > bindparam("bound", type_=InstantColumn())
_old = select(_c.quota, _c.key).where(or_(_closed, _ahead)).limit(bindparam("limit"))

DELETE_CLOSED = Command(delete(quota_counters).where(tuple_(_c.quota, _c.key).in_(_old)))

__all__ = ["DELETE_CLOSED", "DELETE_KEY", "GIVE_BACK", "SPENT", "spend", "spent_each"]
