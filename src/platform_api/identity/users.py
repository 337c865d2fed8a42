"""Creating, merging and erasing users, and their passwords, in the caller's transaction."""

from platform_api import contacts
from platform_api.contacts import NewPerson
from platform_api.database.errors import UniqueViolation
from platform_api.database.transaction import Transaction
from platform_api.identity import store
from platform_api.identity.errors import AddressTaken
from platform_api.identity.pause_rules import subject_of
from platform_api.identity.values import OPERATOR, SESSIONS_CHANGED, EmailAddress, NewUser
from servicehost.contract.scalars import Guid


async def has_verified(tx: Transaction, contact_id: Guid, address_key: str) -> bool:
    """Whether the contact's user has verified the address."""
    return await store.contact_with_address(tx, address_key) == contact_id


async def create_user(tx: Transaction, new: NewUser) -> Guid:
    """Create a user for a contact, with a verified address.

    Raises:
        AddressTaken: another user has the address.
    """
    try:
        await store.add_user(tx, new)
    except UniqueViolation as taken:
        raise AddressTaken from taken
    return new.id


async def create_operator(tx: Transaction, person: NewPerson, address: EmailAddress, password_hash: str) -> Guid:
    """Create a person with a user that holds the operator's role.

    Raises:
        AddressTaken: another user has the address; give that user the role instead.
    """
    contact_id = await contacts.create_person(tx, person)
    user_id = await create_user(tx, NewUser(contact_id=contact_id, address=address, password_hash=password_hash))
    await store.give_role(tx, user_id, OPERATOR)
    return user_id


async def set_password(tx: Transaction, user_id: Guid, password_hash: str | None) -> None:
    """Change or remove a user's password. Every session of the user ends, since others may have known the old one."""
    await store.replace_password(tx, user_id, password_hash)
    await end_sessions(tx, user_id)


async def end_sessions(tx: Transaction, user_id: Guid) -> None:
    """End every session of a user, on every node."""
    await store.end_sessions_of_user(tx, user_id)
    tx.notify(SESSIONS_CHANGED)


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """Merge the login of the contact `source` into that of the contact `into`.

    If both have a login, that of `into` stays and gets the addresses of the other, whose password, roles and sessions end.
    """
    moved, kept = await store.find_user_of_contact(tx, source), await store.find_user_of_contact(tx, into)
    if moved is None:
        return
    if kept is None:
        await store.move_user(tx, moved.id, into)
        await end_sessions(tx, moved.id)
        return
    await store.move_addresses(tx, moved.id, kept.id)
    await _close(tx, moved.id)


async def erase(tx: Transaction, contact_id: Guid) -> None:
    """Remove the addresses, password, roles and sessions of a contact's login. The row of the user stays, with its ids."""
    user = await store.find_user_of_contact(tx, contact_id)
    if user is None:
        return
    for address in await store.verified_addresses(tx, contact_id):
        await store.delete_failures(tx, subject_of(address.key))
    await store.delete_addresses(tx, user.id)
    await _close(tx, user.id)


async def _close(tx: Transaction, user_id: Guid) -> None:
    await store.delete_roles(tx, user_id)
    await set_password(tx, user_id, None)


__all__ = [
    "create_operator",
    "create_user",
    "end_sessions",
    "erase",
    "has_verified",
    "merge",
    "set_password",
]
