"""Functions for the packages that send letters, to call in their own transactions."""

from collections.abc import Collection, Iterable

from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_id
from platform_api.mail import rules, store
from platform_api.mail.values import DeliveryView, Letter
from servicehost.contract.scalars import Guid


async def enqueue(tx: Transaction, letter: Letter) -> None:
    """Queue a letter. It is sent at a tick after this transaction is committed; queuing it again changes nothing.

    It replaces an earlier version that waits for its first attempt, so that only one mail is sent.
    """
    if not await store.replace_waiting(tx, letter):
        await store.add(tx, letter, new_id())


async def drop(tx: Transaction, subject_id: Guid, kinds: Collection[str] | None = None) -> None:
    """Drop the waiting letters about a subject, because they are obsolete; of some kinds or, with None, of every kind."""
    await store.drop(tx, subject_id, None if kinds is None else list(kinds))


async def delivery_of(tx: Transaction, subject_ids: Iterable[Guid]) -> dict[Guid, DeliveryView]:
    """The delivery of the latest letter about each subject, as its sender may see it; without subjects that have none."""
    views: dict[Guid, DeliveryView] = {}
    for letter in await store.of_subjects(tx, list(subject_ids)):
        if seen := rules.view(letter):
            views[letter.subject_id] = seen
    return views


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """Move the letters about a contact to the contact that it is merged into; duplicates are dropped."""
    await store.repoint(tx, source, into)
    await store.drop(tx, source, None)


async def erase(tx: Transaction, contact_id: Guid, address_keys: Collection[str]) -> None:
    """Remove the addresses of a contact, and drop waiting letters to these addresses and about the contact.

    Mails to them are deleted from the built-in mailbox. A suppression stays: it holds only a hash, and it protects.
    """
    await store.drop(tx, contact_id, None)
    await store.erase_addresses(tx, list(address_keys))
    await store.empty_mailbox(tx, list(address_keys))


__all__ = ["delivery_of", "drop", "enqueue", "erase", "merge"]
