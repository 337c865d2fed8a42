"""How many virtual contacts a contact keeps: a counter, changed by the transaction that adds a record or ends one."""

from platform_api.contacts import store
from platform_api.contacts.errors import TooManyContacts
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid


async def add(tx: Transaction, keeper: Guid, most: int | None) -> None:
    """Count one more.

    Raises:
        TooManyContacts: the keeper keeps `most` already; the transaction must not be committed.
    """
    kept = await tx.one(store.COUNT_KEPT, keeper_id=keeper, total=1)
    if most is not None and kept is not None and kept > most:
        raise TooManyContacts(most)


async def end(tx: Transaction, keeper: Guid | None) -> None:
    """Count one less; nothing for a contact that nobody kept."""
    if keeper is not None:
        await tx.one(store.COUNT_KEPT, keeper_id=keeper, total=-1)


async def move(tx: Transaction, source: Guid, into: Guid, moved: int) -> None:
    """Count contacts that change their keeper."""
    if moved:
        await tx.one(store.COUNT_KEPT, keeper_id=source, total=-moved)
        await tx.one(store.COUNT_KEPT, keeper_id=into, total=moved)


__all__ = ["add", "end", "move"]
