"""The number of virtual contacts that a contact keeps, changed by the transaction that adds or ends one."""

from platform_api.contacts import store
from platform_api.contacts.errors import TooManyContacts
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid


async def add(tx: Transaction, keeper: Guid, most: int | None) -> None:
    """Count one more.

    Raises:
        TooManyContacts: the keeper already keeps `most`; the transaction must not be committed.
    """
    total = await store.count_kept(tx, keeper, 1)
    if most is not None and total > most:
        raise TooManyContacts(most)


async def end(tx: Transaction, keeper: Guid | None) -> None:
    """Count one less, or do nothing without a keeper."""
    if keeper is not None:
        await store.count_kept(tx, keeper, -1)


async def move(tx: Transaction, source: Guid, into: Guid, moved: int) -> None:
    """Count contacts that change their keeper."""
    if moved:
        await store.count_kept(tx, source, -moved)
        await store.count_kept(tx, into, moved)


__all__ = ["add", "end", "move"]
