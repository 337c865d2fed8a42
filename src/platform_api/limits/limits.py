"""Quotas, as other capabilities use them: always inside the transaction of what they limit."""

from datetime import timedelta

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
    wait = rules.wait(quota, await _count(tx, quota, key, amount), tx.now)
    if wait is not None:
        raise QuotaExceeded(quota, wait)


async def spend_soft(tx: Transaction, quota: Quota, key: str, amount: int = 1) -> bool:
    """Count `amount` for the key if the quota allows it, else count nothing; whether it did."""
    if rules.wait(quota, await _count(tx, quota, key, amount), tx.now) is None:
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


async def _count(tx: Transaction, quota: Quota, key: str, amount: int) -> Spent:
    spent = await tx.one(
        store.SPEND, quota=quota.name, key=key, amount=amount, ends_at=tx.now + quota.window, now=tx.now
    )
    if spent is None:
        raise LookupError("an upsert gave no row")
    return spent


__all__ = ["PURGE_BATCH", "erase", "purge", "spend", "spend_soft", "would_exceed"]
