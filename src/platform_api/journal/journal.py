"""The journal, as other capabilities use it."""

from platform_api.database.transaction import Transaction
from platform_api.journal import store
from platform_api.journal.values import Entry, Recorded
from servicehost.contract.scalars import Guid

BATCH = 1000
"""How many entries one transaction puts in order."""


async def append(tx: Transaction, entry: Entry) -> None:
    """Write down what this transaction does."""
    await tx.execute(
        store.INSERT_ENTRY,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        act=entry.act,
        person=entry.person,
        acted_for=entry.acted_for,
        before=entry.before,
        after=entry.after,
        at=tx.now,
    )


async def entries_for(tx: Transaction, subject_id: Guid) -> list[Recorded]:
    """What happened to one thing, the oldest first."""
    return await tx.all(store.ENTRIES_FOR, subject_id=subject_id)


async def entries_after(tx: Transaction, position: int, limit: int) -> list[Recorded]:
    """What a reader that has seen everything up to `position` has yet to see, in the order of positions.

    No entry with a lower position comes later; positions may leave gaps.
    """
    return await tx.all(store.ENTRIES_AFTER, position=position, limit=limit)


async def sequence(tx: Transaction) -> bool:
    """Give the committed entries that have no position theirs; whether there may be more of them.

    A periodic unit: only one runner may do it at a time.
    """
    waiting = await tx.one(store.WAITING_IDS, limit=BATCH)
    if waiting is None or waiting[0] is None:
        return False
    first, last = waiting
    latest = await tx.one(store.LATEST_POSITION) or 0
    return await tx.execute(store.GIVE_POSITIONS, last=last, shift=latest + 1 - first) == BATCH


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """What the contact `source` did, and what happened to it, is now told of the contact `into`."""
    await _move_actor(tx, source, into)
    await tx.execute(store.MOVE_SUBJECT, source=source, into=into)


async def erase(tx: Transaction, contact: Guid) -> None:
    """Forget who did what the contact did. What happened stays: it belongs to the other sides, too."""
    await _move_actor(tx, contact, None)


async def _move_actor(tx: Transaction, source: Guid, into: Guid | None) -> None:
    """In this order: who acted for itself is moved by the first, so that the second finds only who acted for others."""
    await tx.execute(store.MOVE_ACTED_FOR, source=source, into=into)
    await tx.execute(store.MOVE_PERSON, source=source, into=into)


__all__ = ["BATCH", "append", "entries_after", "entries_for", "erase", "merge", "sequence"]
