"""The periodic unit of a queue: items whose worker has crashed."""

from collections.abc import Callable
from datetime import datetime

from platform_api.database.transaction import Transaction
from platform_api.work import store
from platform_api.work.queue import WorkQueue
from platform_api.work.rules import Item

BATCH = 200
"""Number of items that one transaction recovers."""

Abandoned = Callable[[Item, datetime], Item]
"""(item in hand whose lease has ended, now) -> the item as it is from now on: the policy of the queue."""


async def recover(tx: Transaction, queue: WorkQueue[Item], policy: Abandoned[Item]) -> bool:
    """Apply the policy of a queue to the items of workers that count as dead. A periodic unit.

    Returns:
        Whether there may be more of them.
    """
    found = await store.abandoned(tx, queue, BATCH)
    for item in found:
        await store.keep(tx, queue, item, policy(item, tx.now))
    return len(found) == BATCH


__all__ = ["BATCH", "Abandoned", "recover"]
