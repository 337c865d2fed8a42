"""Spending quotas, always inside the transaction of what they limit."""

from collections.abc import Iterable, Mapping

from platform_api.database.transaction import Transaction
from platform_api.limits import rules, store
from platform_api.limits.rules import Quota, QuotaExceeded, Spent


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
    for quota in _exceeded_by(keys, await store.spend(tx, keys, amount)):
        spent = await store.spent(tx, quota, keys[quota])
        wait = rules.wait(quota, spent, tx.now) if spent else None
        raise QuotaExceeded(quota, wait or quota.window)


async def spend_soft(tx: Transaction, quota: Quota, key: str, amount: int = 1) -> bool:
    """Count `amount` for the key if the quota allows it, else count nothing.

    Returns:
        Whether it was counted.
    """
    keys = {quota: key}
    if not _exceeded_by(keys, await store.spend(tx, keys, amount)):
        return True
    await store.give_back(tx, quota, key, amount)
    return False


async def spent(tx: Transaction, keys: Mapping[Quota, str]) -> dict[Quota, Spent]:
    """Amounts that each key has spent in its open window, without counting; a key without an open window has spent 0."""
    found = await store.spent_each(tx, keys)
    return {quota: rules.with_more(quota, found.get(quota.name), 0, tx.now) for quota in keys}


async def erase(tx: Transaction, key: str) -> None:
    """Delete what a key has spent: a contact, a user, an address."""
    await store.delete_key(tx, key)


def _exceeded_by(quotas: Iterable[Quota], spent: Mapping[str, int]) -> list[Quota]:
    """The quotas that are exceeded by what is spent, by the quota's name."""
    return [quota for quota in quotas if not rules.allows(quota, spent[quota.name])]


__all__ = ["erase", "spend", "spend_each", "spend_soft", "spent"]
