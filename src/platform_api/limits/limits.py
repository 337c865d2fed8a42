"""Quotas, as other capabilities use them: always inside the transaction of what they limit."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from platform_api.database.transaction import Transaction
from platform_api.limits import rules, store
from platform_api.limits.rules import Quota, QuotaExceeded, Spent

PURGE_BATCH = 5000
"""How many counters one transaction deletes."""


async def spend(tx: Transaction, quota: Quota, key: str, amount: int = 1) -> None:
    """Count `amount` for the key.

    Raises:
        QuotaExceeded: it is more than the quota allows; the transaction must not be committed.
    """
    await spend_each(tx, {quota: key}, amount)


async def spend_each(tx: Transaction, keys: Mapping[Quota, str], amount: int = 1) -> None:
    """Count `amount` for the key of each quota, in one statement.

    Raises:
        QuotaExceeded: it is more than the first such quota allows; the transaction must not be committed.
    """
    spent = await _count(tx, keys, amount)
    for quota in keys:
        wait = rules.wait(quota, spent[quota.name], tx.now)
        if wait is not None:
            raise QuotaExceeded(quota, wait)


async def spend_soft(tx: Transaction, quota: Quota, key: str, amount: int = 1) -> bool:
    """Count `amount` for the key if the quota allows it, else count nothing; whether it did."""
    spent = await _count(tx, {quota: key}, amount)
    if rules.wait(quota, spent[quota.name], tx.now) is None:
        return True
    await tx.execute(store.GIVE_BACK, quota=quota.name, key=key, returned=amount)
    return False


async def would_exceed(tx: Transaction, quota: Quota, key: str, amount: int = 1) -> timedelta | None:
    """How long until the quota would allow `amount` more, counting nothing; None if it would now."""
    spent = await tx.one(store.SPENT, quota=quota.name, key=key)
    return rules.wait(quota, rules.with_more(quota, spent, amount, tx.now), tx.now)


async def erase(tx: Transaction, key: str) -> None:
    """Forget what a key has spent: a contact, a user, an address."""
    await tx.execute(store.DELETE_KEY, key=key)


async def purge(tx: Transaction) -> bool:
    """Delete counters whose window has closed; whether there may be more of them. A periodic unit."""
    return await tx.execute(store.DELETE_CLOSED, now=tx.now, limit=PURGE_BATCH) == PURGE_BATCH


async def _count(tx: Transaction, keys: Mapping[Quota, str], amount: int) -> dict[str, Spent]:
    """What each quota's key has spent now, by the quota's name."""
    rows: dict[str, Any] = {}
    for row, (quota, key) in enumerate(keys.items()):
        rows |= {f"quota{row}": quota.name, f"key{row}": key, f"amount{row}": amount}
        rows[f"ends_at{row}"] = tx.now + quota.window
    return dict(await tx.all(store.spend(len(keys)), **rows, now=tx.now))


__all__ = ["PURGE_BATCH", "erase", "purge", "spend", "spend_each", "spend_soft", "would_exceed"]
