"""SQL of users, their addresses and their installation-wide roles."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.identity.tables import user_addresses, user_roles, users
from platform_api.identity.values import EmailAddress, NewUser, SharedMailbox, User
from servicehost.contract.scalars import Guid

_u, _a, _r = users.c, user_addresses.c, user_roles.c

# Users

_USERS = select(_u.id, _u.contact_id, _u.password_hash, _u.password_changed_at, _u.created_at)

_FIND_USER_OF_CONTACT = Query(_USERS.where(_u.contact_id == bindparam("contact_id")), User)


async def find_user_of_contact(tx: Transaction, contact_id: Guid) -> User | None:
    """The user whose contact this is; None if the contact has no login."""
    return await tx.one(_FIND_USER_OF_CONTACT, contact_id=contact_id)


_FIND_USER_BY_ADDRESS = Query(
    _USERS.join_from(users, user_addresses, _a.user_id == _u.id).where(_a.address_key == bindparam("address_key")), User
)


async def find_user_by_address(tx: Transaction, address_key: str) -> User | None:
    """The user who has verified the address, if there is one."""
    return await tx.one(_FIND_USER_BY_ADDRESS, address_key=address_key)


_ADD_USER = Command(insert(users))
_ADD_ADDRESS = Command(insert(user_addresses))


async def add_user(tx: Transaction, new: NewUser) -> None:
    """Add a user with a verified main address.

    Raises:
        UniqueViolation: another user has the address.
    """
    await tx.execute(
        _ADD_USER,
        id=new.id,
        contact_id=new.contact_id,
        password_hash=new.password_hash,
        password_changed_at=tx.now,
        created_at=tx.now,
    )
    await tx.execute(
        _ADD_ADDRESS,
        address_key=new.address.key,
        user_id=new.id,
        address=new.address.text,
        is_main=True,
        verified_at=tx.now,
    )


_MOVE_USER = Command(update(users).where(_u.id == bindparam("user_id")).values(contact_id=bindparam("into")))


async def move_user(tx: Transaction, user_id: Guid, into: Guid) -> None:
    """Make the login of a user that of another contact."""
    await tx.execute(_MOVE_USER, user_id=user_id, into=into)


_REPLACE_PASSWORD = Command(
    update(users)
    .where(_u.id == bindparam("user_id"))
    .values(
        password_hash=bindparam("password_hash"),
        password_changed_at=bindparam("now", type_=_u.password_changed_at.type),
    )
)


async def replace_password(tx: Transaction, user_id: Guid, password_hash: str | None) -> None:
    """Store the hash of another password; None for no password."""
    await tx.execute(_REPLACE_PASSWORD, user_id=user_id, password_hash=password_hash, now=tx.now)


_REPLACE_HASH = Command(
    update(users)
    .where(_u.id == bindparam("user_id"), _u.password_hash == bindparam("before"))
    .values(password_hash=bindparam("after"))
)


async def replace_hash(tx: Transaction, user_id: Guid, *, before: str | None, after: str) -> None:
    """Store another hash of the same password, unless the password was changed since `before` was read."""
    await tx.execute(_REPLACE_HASH, user_id=user_id, before=before, after=after)


_USERS_WITH_NEW_PASSWORD = Query(select(_u.id).where(_u.password_changed_at > bindparam("since")), str)


async def users_with_new_password(tx: Transaction, since: datetime) -> list[str]:
    """The users whose password was changed after `since`."""
    return await tx.all(_USERS_WITH_NEW_PASSWORD, since=since)


# Addresses

_ADDRESSES = (
    select(_a.address, _a.address_key)
    .join_from(users, user_addresses, _a.user_id == _u.id)
    .where(_u.contact_id == bindparam("contact_id"))
)
_MAIN_ADDRESS = Query(_ADDRESSES.where(_a.is_main), EmailAddress)


async def main_address(tx: Transaction, contact_id: Guid) -> EmailAddress | None:
    """The address that mail to a contact goes to; None if the contact has no login."""
    return await tx.one(_MAIN_ADDRESS, contact_id=contact_id)


_VERIFIED_ADDRESSES = Query(_ADDRESSES.order_by(_a.is_main.desc(), _a.address_key), EmailAddress)


async def verified_addresses(tx: Transaction, contact_id: Guid) -> list[EmailAddress]:
    """All verified addresses of a contact's user, the main one first."""
    return await tx.all(_VERIFIED_ADDRESSES, contact_id=contact_id)


_CONTACT_WITH_ADDRESS = Query(
    select(_u.contact_id)
    .join_from(users, user_addresses, _a.user_id == _u.id)
    .where(_a.address_key == bindparam("address_key")),
    Guid,
)


async def contact_with_address(tx: Transaction, address_key: str) -> Guid | None:
    """The contact whose user has verified the address, if there is one."""
    return await tx.one(_CONTACT_WITH_ADDRESS, address_key=address_key)


_SHARED_MAILBOXES = Query(
    select(_a.address_key, _a.user_id).where(_a.address_key.like("%@%#%")).order_by(_a.address_key), SharedMailbox
)


async def shared_mailboxes(tx: Transaction) -> list[SharedMailbox]:
    """The users who share a mailbox with another user."""
    return await tx.all(_SHARED_MAILBOXES)


_MOVE_ADDRESSES = Command(
    update(user_addresses).where(_a.user_id == bindparam("source")).values(user_id=bindparam("into"), is_main=False)
)


async def move_addresses(tx: Transaction, source: Guid, into: Guid) -> None:
    """Give the addresses of one user to another, beside its main address."""
    await tx.execute(_MOVE_ADDRESSES, source=source, into=into)


_DELETE_ADDRESSES = Command(delete(user_addresses).where(_a.user_id == bindparam("user_id")))


async def delete_addresses(tx: Transaction, user_id: Guid) -> None:
    """Delete all addresses of a user."""
    await tx.execute(_DELETE_ADDRESSES, user_id=user_id)


# Installation-wide roles

_ROLES_OF = Query(select(_r.role).where(_r.user_id == bindparam("user_id")).order_by(_r.role), str)


async def roles_of(tx: Transaction, user_id: str) -> list[str]:
    """The installation-wide roles of a user."""
    return await tx.all(_ROLES_OF, user_id=user_id)


_HOLDERS_OF = Query(select(_r.user_id).where(_r.role == bindparam("role")).order_by(_r.user_id), Guid)


async def holders_of(tx: Transaction, role: str) -> list[Guid]:
    """The users who hold an installation-wide role."""
    return await tx.all(_HOLDERS_OF, role=role)


_GIVE_ROLE = Command(upsert(user_roles, key=[_r.user_id, _r.role]))


async def give_role(tx: Transaction, user_id: Guid, role: str) -> None:
    """Give a user an installation-wide role; no effect if the user holds it already."""
    await tx.execute(_GIVE_ROLE, user_id=user_id, role=role, given_at=tx.now)


_TAKE_ROLE = Command(delete(user_roles).where(_r.user_id == bindparam("user_id"), _r.role == bindparam("role")))


async def take_role(tx: Transaction, user_id: Guid, role: str) -> None:
    """Withdraw an installation-wide role from a user, effective at once."""
    await tx.execute(_TAKE_ROLE, user_id=user_id, role=role)


_DELETE_ROLES = Command(delete(user_roles).where(_r.user_id == bindparam("user_id")))


async def delete_roles(tx: Transaction, user_id: Guid) -> None:
    """Withdraw all installation-wide roles from a user."""
    await tx.execute(_DELETE_ROLES, user_id=user_id)


__all__ = [
    "add_user",
    "contact_with_address",
    "delete_addresses",
    "delete_roles",
    "find_user_by_address",
    "find_user_of_contact",
    "give_role",
    "holders_of",
    "main_address",
    "move_addresses",
    "move_user",
    "replace_hash",
    "replace_password",
    "roles_of",
    "shared_mailboxes",
    "take_role",
    "users_with_new_password",
    "verified_addresses",
]
