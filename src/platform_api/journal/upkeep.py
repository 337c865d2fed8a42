"""The sequencer of the journal: a periodic unit that gives committed entries their positions."""

from platform_api.database.transaction import Transaction
from platform_api.journal import store

BATCH = 1000
"""Number of entries that one transaction puts in order."""


async def sequence(tx: Transaction) -> bool:
    """Give the committed entries that have no position theirs.

    A periodic unit: only one runner may run it at a time.

    Returns:
        Whether there may be more of them.
    """
    waiting = await store.waiting_ids(tx, BATCH)
    if waiting is None:
        return False
    return await store.give_positions(tx, waiting, await store.latest_position(tx)) == BATCH


__all__ = ["BATCH", "sequence"]
