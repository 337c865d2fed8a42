"""The clock of the life cycle: requests whose time has passed are written as expired, a batch at a time."""

from datetime import timedelta

from platform_api.connections import letters, lifecycle, store
from platform_api.database.transaction import Transaction
from platform_api.outbox import outbox
from platform_api.schedule.scheduler import PeriodicUnit

BATCH = 500
"""How many requests one unit expires, so that no transaction grows long."""


async def expire_overdue(tx: Transaction) -> None:
    """Write the expiry of overdue requests, drop their letters and tell their senders."""
    for request in await store.overdue_requests(tx, tx.now, BATCH):
        expired = await lifecycle.write_expiry(tx, request)
        await outbox.drop(tx, request.id)
        await letters.tell_expired(tx, expired)


EXPIRY = PeriodicUnit("expire connection requests", timedelta(seconds=30), expire_overdue)

__all__ = ["BATCH", "EXPIRY", "expire_overdue"]
