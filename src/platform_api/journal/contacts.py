"""The journal after a contact was merged into another, or erased."""

from platform_api.database.transaction import Transaction
from platform_api.journal import store
from servicehost.contract.scalars import Guid


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """Replace the contact `source` by `into`, as the actor, as a concerned contact, and as the subject of entries."""
    await store.replace_contact(tx, source, into)
    await store.replace_subject(tx, source, into)


async def erase(tx: Transaction, contact: Guid) -> None:
    """Remove the contact as the actor of entries and from the contacts that they concern.

    The entries stay: they belong to the other contacts, too.
    """
    await store.replace_contact(tx, contact, None)


__all__ = ["erase", "merge"]
