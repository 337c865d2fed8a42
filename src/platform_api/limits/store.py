"""SQL of the counters."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, or_, select, tuple_, update

from platform_api.database.columns import InstantColumn
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.limits.rules import Quota, Spent
from platform_api.limits.tables import quota_counters

_c = quota_counters.c
_of_key = (_c.quota == bindparam("quota"), _c.key == bindparam("key"))
_closed = _c.ends_at <= bindparam("now", type_=InstantColumn())


@cache
def _spend(counters: int) -> Query[tuple[str, int]]:
    """Adds `amount` to that number of counters at once; returns the name and the new amount of each.

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


async def spend(tx: Transaction, keys: Mapping[Quota, str], amount: int) -> dict[str, int]:
    """Count `amount` for the key of each quota, in one statement; what is spent then, by the quota's name."""
    counters: dict[str, Any] = {"amount": amount, "now": tx.now}
    for row, (quota, key) in enumerate(keys.items()):
        counters[f"quota{row}"], counters[f"key{row}"] = quota.name, key
        counters[f"ends_at{row}"] = tx.now + quota.window
    return dict(await tx.all(_spend(len(keys)), **counters))


_SPENT = Query(select(_c.amount, _c.ends_at).where(*_of_key), Spent)


async def spent(tx: Transaction, quota: Quota, key: str) -> Spent | None:
    """Amount spent by a key, even in a window that has closed; None without a counter."""
    return await tx.one(_SPENT, quota=quota.name, key=key)


@cache
def _spent_each(counters: int) -> Query[tuple[str, int, datetime]]:
    """Query for that number of counters: the name of each existing one, its amount, and the end of its window."""
    chosen = (
        and_(
            _c.quota == bindparam(f"quota{row}", type_=_c.quota.type),
            _c.key == bindparam(f"key{row}", type_=_c.key.type),
        )
        for row in range(counters)
    )
    return Query(select(_c.quota, _c.amount, _c.ends_at).where(or_(*chosen)), as_tuple)


async def spent_each(tx: Transaction, keys: Mapping[Quota, str]) -> dict[str, Spent]:
    """Amount spent by each key, by the quota's name; without keys that have no counter."""
    wanted: dict[str, Any] = {}
    for row, (quota, key) in enumerate(keys.items()):
        wanted[f"quota{row}"], wanted[f"key{row}"] = quota.name, key
    return {name: Spent(amount, ends_at) for name, amount, ends_at in await tx.all(_spent_each(len(keys)), **wanted)}


_GIVE_BACK = Command(update(quota_counters).where(*_of_key).values(amount=_c.amount - bindparam("returned")))


async def give_back(tx: Transaction, quota: Quota, key: str, amount: int) -> None:
    """Subtract what was counted in this transaction."""
    await tx.execute(_GIVE_BACK, quota=quota.name, key=key, returned=amount)


_DELETE_KEY = Command(delete(quota_counters).where(_c.key == bindparam("key")))


async def delete_key(tx: Transaction, key: str) -> None:
    """Delete every counter of a key."""
    await tx.execute(_DELETE_KEY, key=key)


_ahead = _c.ends_at > bindparam("bound", type_=InstantColumn())
_old = select(_c.quota, _c.key).where(or_(_closed, _ahead)).limit(bindparam("limit"))
_DELETE_CLOSED = Command(delete(quota_counters).where(tuple_(_c.quota, _c.key).in_(_old)))


async def delete_closed(tx: Transaction, bound: datetime, limit: int) -> int:
    """Delete counters whose window has closed or ends after `bound`; returns their number."""
    return await tx.execute(_DELETE_CLOSED, now=tx.now, bound=bound, limit=limit)


__all__ = ["delete_closed", "delete_key", "give_back", "spend", "spent", "spent_each"]
