"""Periodic work of the journal: the sequencer, which gives committed entries their positions."""

from datetime import timedelta

from platform_api.database.transaction import Transaction
from platform_api.journal import store
from platform_api.schedule import PeriodicUnit

BATCH = 1000
"""Number of entries that one transaction puts in order."""


def periodic_units() -> tuple[PeriodicUnit, ...]:
    """The periodic units of the journal."""
    return (PeriodicUnit("put the journal in order", timedelta(seconds=2), sequence),)


async def sequence(tx: Transaction) -> bool:
    """Give the committed entries that have no position the next ones, without gaps.

    A periodic unit: only one runner may run it at a time. An id cannot be the position, because a transaction that got
    its ids earlier may commit later, after readers have gone past them.

    Returns:
        Whether there may be more of them.
    """
    return await store.give_positions(tx, await store.latest_position(tx), BATCH) == BATCH


__all__ = ["BATCH", "periodic_units", "sequence"]
