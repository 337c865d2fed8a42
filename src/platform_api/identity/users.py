"""What other capabilities do with users. Each function works in the caller's transaction."""

from collections.abc import Sequence

from platform_api import contacts
from platform_api.contacts import NewPerson
from platform_api.database.errors import UniqueViolation
from platform_api.database.transaction import Transaction
from platform_api.identity import store
from platform_api.identity.addresses import EmailAddress
from platform_api.identity.principal import OPERATOR
from platform_api.identity.throttle import subject_of
from platform_api.identity.values import NewUser, SharedMailbox, User
from servicehost.contract.errors import Conflict
from servicehost.contract.scalars import Guid

SESSIONS = "sessions"
"""What is notified when a session has ended or a password was changed."""


class AddressTaken(Conflict):
    """A user has this address already. Only who has proved the mailbox may be told."""

    code = "AddressTaken"

    def __init__(self) -> None:
        super().__init__("There is an account with this address already. Sign in, or reset its password.")


async def by_address_key(tx: Transaction, address_key: str) -> User | None:
    """The user who has the address verified."""
    return await tx.one(store.USER_WITH_ADDRESS, address_key=address_key)


async def of_contact(tx: Transaction, contact_id: Guid) -> User | None:
    """The user who is this contact."""
    return await tx.one(store.USER_OF_CONTACT, contact_id=contact_id)


async def contact_of_user(tx: Transaction, user_id: Guid) -> Guid | None:
    """The contact that a user is."""
    user = await tx.one(store.USER, id=user_id)
    return user.contact_id if user else None


async def contact_with_address(tx: Transaction, address_key: str) -> Guid | None:
    """The contact of the user who has the address verified."""
    return await tx.one(store.CONTACT_WITH_ADDRESS, address_key=address_key)


async def has_verified(tx: Transaction, contact_id: Guid, address_key: str) -> bool:
    """Whether the address is one that the contact's user has verified."""
    return await contact_with_address(tx, address_key) == contact_id


async def address_of(tx: Transaction, contact_id: Guid) -> EmailAddress | None:
    """The address to write to a contact: the main one of its user; None when there is no user."""
    return await tx.one(store.MAIN_ADDRESS, contact_id=contact_id)


async def verified_addresses(tx: Transaction, contact_id: Guid) -> list[EmailAddress]:
    """All addresses that the contact's user has verified, the main one first."""
    return await tx.all(store.ADDRESSES, contact_id=contact_id)


async def shared_mailboxes(tx: Transaction) -> list[SharedMailbox]:
    """The users who share a mailbox with another user."""
    return await tx.all(store.SHARED_ADDRESSES)


async def create(tx: Transaction, new: NewUser) -> Guid:
    """A user for a contact, with an address that is proved.

    Raises:
        AddressTaken: another user has the address.
    """
    await tx.execute(
        store.ADD_USER,
        id=new.id,
        contact_id=new.contact_id,
        password_hash=new.password_hash,
        password_changed_at=tx.now,
        created_at=tx.now,
    )
    try:
        await tx.execute(
            store.ADD_ADDRESS,
            address_key=new.address.key,
            user_id=new.id,
            address=new.address.text,
            is_main=True,
            verified_at=tx.now,
        )
    except UniqueViolation as taken:
        raise AddressTaken from taken
    return new.id


async def create_operator(tx: Transaction, person: NewPerson, address: EmailAddress, password_hash: str) -> Guid:
    """A user who is a member and runs the installation.

    Raises:
        AddressTaken: another user has the address; give that one the role instead.
    """
    contact_id = await contacts.create_person(tx, person)
    user_id = await create(tx, NewUser(contact_id=contact_id, address=address, password_hash=password_hash))
    await give_role(tx, user_id, OPERATOR)
    return user_id


async def set_password(tx: Transaction, user_id: Guid, password_hash: str | None) -> None:
    """Another password, or none. Every session of the user ends, since somebody may have known the old one."""
    await tx.execute(store.SET_PASSWORD, user_id=user_id, password_hash=password_hash, now=tx.now)
    await end_sessions(tx, user_id)


async def end_sessions(tx: Transaction, user_id: Guid) -> None:
    """End every session of a user, on every node."""
    await tx.execute(store.DELETE_CREDENTIALS_OF_USER, user_id=user_id)
    await tx.execute(store.END_SESSIONS_OF, user_id=user_id, now=tx.now)
    tx.notify(SESSIONS)


async def roles(tx: Transaction, user_id: str) -> Sequence[str]:
    """The installation-wide roles of a user."""
    return await tx.all(store.ROLES, user_id=user_id)


async def holders(tx: Transaction, role: str) -> Sequence[Guid]:
    """The users who hold a role."""
    return await tx.all(store.HOLDERS, role=role)


async def give_role(tx: Transaction, user_id: Guid, role: str) -> None:
    """Let the user hold the role; nothing when it does."""
    await tx.execute(store.GIVE_ROLE, user_id=user_id, role=role, given_at=tx.now)


async def take_role(tx: Transaction, user_id: Guid, role: str) -> None:
    """Let the user no longer hold the role; effective at once."""
    await tx.execute(store.TAKE_ROLE, user_id=user_id, role=role)


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """Let the contact `into` have the login of the contact `source`; where both have one, that of `into` stays.

    It gets the addresses of the other, whose password, roles and sessions end.
    """
    moved, kept = await of_contact(tx, source), await of_contact(tx, into)
    if moved is None:
        return
    if kept is None:
        await tx.execute(store.MOVE_USER, user_id=moved.id, into=into)
        await end_sessions(tx, moved.id)
        return
    await tx.execute(store.MOVE_ADDRESSES, source=moved.id, into=kept.id)
    await _close(tx, moved.id)


async def erase(tx: Transaction, contact: Guid) -> None:
    """Forget the login of a contact: its addresses, password, roles and sessions. Its ids stay for a while."""
    user = await of_contact(tx, contact)
    if user is None:
        return
    for address in await verified_addresses(tx, contact):
        await tx.execute(store.DELETE_FAILURES_OF, subject=subject_of(address.key))
    await tx.execute(store.DELETE_ADDRESSES, user_id=user.id)
    await _close(tx, user.id)


async def _close(tx: Transaction, user_id: Guid) -> None:
    await tx.execute(store.DELETE_ROLES, user_id=user_id)
    await set_password(tx, user_id, None)


__all__ = [
    "SESSIONS",
    "AddressTaken",
    "address_of",
    "by_address_key",
    "contact_of_user",
    "contact_with_address",
    "create",
    "create_operator",
    "end_sessions",
    "erase",
    "give_role",
    "has_verified",
    "holders",
    "merge",
    "of_contact",
    "roles",
    "set_password",
    "shared_mailboxes",
    "take_role",
    "verified_addresses",
]
