"""Periodic work of limits: purging of counters."""

from datetime import timedelta

from platform_api.database.transaction import Transaction
from platform_api.foundation.waiting import CLOCK_TOLERANCE
from platform_api.limits import rules, store
from platform_api.schedule import PeriodicUnit

BATCH = 5000
"""Number of counters that one transaction deletes."""


def periodic_units() -> tuple[PeriodicUnit, ...]:
    """The periodic units of limits."""
    return (PeriodicUnit("purge limits", timedelta(hours=1), purge),)


async def purge(tx: Transaction) -> bool:
    """Delete counters whose window has closed, or lies in the future because a clock was wrong.

    Returns:
        Whether there may be more of them.
    """
    bound = tx.now + rules.LONGEST_WINDOW + CLOCK_TOLERANCE
    return await store.delete_closed(tx, bound, BATCH) == BATCH


__all__ = ["BATCH", "periodic_units", "purge"]
