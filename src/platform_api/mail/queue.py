"""What the capabilities below do with letters, each in their own transaction."""

from collections.abc import Collection, Iterable

from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_id
from platform_api.mail import rules, store
from platform_api.mail.values import DeliveryView, Letter
from servicehost.contract.scalars import Guid


async def enqueue(tx: Transaction, letter: Letter) -> None:
    """Have a letter sent at a tick after this transaction is committed; the same letter again changes nothing.

    It takes the place of an earlier version that still waits for its first attempt: one mail says it all.
    """
    if not await store.replace_waiting(tx, letter):
        await store.add(tx, letter, new_id())


async def drop(tx: Transaction, subject_id: Guid, kinds: Collection[str] | None = None) -> None:
    """Let no letter about a subject that still waits go out: it is obsolete. None for every kind of letter."""
    await store.drop(tx, subject_id, None if kinds is None else list(kinds))


async def delivery_of(tx: Transaction, subject_ids: Iterable[Guid]) -> dict[Guid, DeliveryView]:
    """The delivery of the latest letter about each subject, as its sender may see it; without those that have none."""
    views: dict[Guid, DeliveryView] = {}
    for letter in await store.of_subjects(tx, list(subject_ids)):
        if seen := rules.view(letter):
            views[letter.subject_id] = seen
    return views


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """Make letters about a contact letters about the one that it is merged into; what that has already is dropped."""
    await store.repoint(tx, source, into)
    await store.drop(tx, source, None)


async def erase(tx: Transaction, contact_id: Guid, address_keys: Collection[str]) -> None:
    """Forget a contact's addresses; nothing that waits for them, or is about the contact, is sent any more.

    What the built-in mailbox holds for them is gone too. A suppression stays: it names nobody, and protects.
    """
    await store.drop(tx, contact_id, None)
    await store.erase_addresses(tx, list(address_keys))
    await store.empty_mailbox(tx, list(address_keys))


__all__ = ["delivery_of", "drop", "enqueue", "erase", "merge"]
