"""SQL of registrations and account links."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, or_, select, update

from platform_api.accounts.tables import account_links, registrations
from platform_api.accounts.values import OPEN_REGISTRATIONS, AccountLink, NewAccount, Registration
from platform_api.contacts import Profile
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.foundation.tokens import Purpose
from platform_api.identity import EmailAddress
from servicehost.contract.scalars import Guid

_r, _l = registrations.c, account_links.c

# Registrations


def _registration(
    id_: Guid,
    address_key: str,
    address: str,
    password_hash: str,
    profile: Any,
    business: Any,
    link_version: int,
    registered_at: datetime,
) -> Registration:
    organisation = _profile(business) if business else None
    account = NewAccount(EmailAddress(address, address_key), password_hash, _profile(profile), organisation)
    return Registration(id_, account, link_version, registered_at)


def _profile(stored: Any) -> Profile:
    return msgspec.convert(stored, Profile)


_ADD_REGISTRATION = Command(insert(registrations))
_newest = (
    select(_r.id)
    .where(_r.address_key == bindparam("address_key"))
    .order_by(_r.registered_at.desc(), _r.id.desc())
    .limit(OPEN_REGISTRATIONS)
)
_PRUNE_REGISTRATIONS = Command(
    delete(registrations).where(_r.address_key == bindparam("address_key"), _r.id.not_in(_newest))
)


async def add_registration(tx: Transaction, registration: Registration) -> None:
    """Add an open registration, and delete all but the newest few of its address."""
    account = registration.account
    await tx.execute(
        _ADD_REGISTRATION,
        id=registration.id,
        address_key=account.address.key,
        address=account.address.text,
        password_hash=account.password_hash,
        profile=msgspec.to_builtins(account.profile),
        business=msgspec.to_builtins(account.business) if account.business else None,
        link_version=registration.link_version,
        registered_at=registration.registered_at,
    )
    await tx.execute(_PRUNE_REGISTRATIONS, address_key=account.address.key)


_OPEN_REGISTRATIONS_OF = Query(
    select(
        _r.id,
        _r.address_key,
        _r.address,
        _r.password_hash,
        _r.profile,
        _r.business,
        _r.link_version,
        _r.registered_at,
    )
    .where(_r.address_key == bindparam("address_key"), _r.link_version == bindparam("link_version"))
    .order_by(_r.registered_at.desc(), _r.id.desc())
    .limit(OPEN_REGISTRATIONS),
    _registration,
)


async def open_registrations(tx: Transaction, link: AccountLink) -> list[Registration]:
    """The registrations that a link may complete, newest first."""
    return await tx.all(_OPEN_REGISTRATIONS_OF, address_key=link.address_key, link_version=link.version)


_DELETE_REGISTRATIONS = Command(delete(registrations).where(_r.address_key == bindparam("address_key")))


async def delete_registrations(tx: Transaction, address_key: str) -> None:
    """Delete all registrations of an address."""
    await tx.execute(_DELETE_REGISTRATIONS, address_key=address_key)


_past_registrations = (
    select(_r.id).where(_r.registered_at < bindparam("before")).order_by(_r.registered_at).limit(bindparam("limit"))
)
_PURGE_REGISTRATIONS = Command(delete(registrations).where(_r.id.in_(_past_registrations)))


async def purge_registrations(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete registrations from before a time, the oldest first, at most `limit`; returns their number."""
    return await tx.execute(_PURGE_REGISTRATIONS, before=before, limit=limit)


# Links


def _link(
    id_: Guid,
    purpose: str,
    address_key: str,
    version: int,
    letters: int,
    streak: int,
    lettered_at: datetime,
    asked_at: datetime,
    issued_at: datetime,
    sent_at: datetime | None,
    used_version: int | None,
) -> AccountLink:
    return AccountLink(
        id_,
        Purpose(purpose),
        address_key,
        version,
        letters,
        streak,
        lettered_at,
        asked_at,
        issued_at,
        sent_at,
        used_version,
    )


_LINKS = select(
    _l.id,
    _l.purpose,
    _l.address_key,
    _l.version,
    _l.letters,
    _l.streak,
    _l.lettered_at,
    _l.asked_at,
    _l.issued_at,
    _l.sent_at,
    _l.used_version,
)
_GET_LINK = Query(_LINKS.where(_l.id == bindparam("id")), _link)


async def get_link(tx: Transaction, link_id: Guid) -> AccountLink | None:
    """The link, or None if it does not exist."""
    return await tx.one(_GET_LINK, id=link_id)


_FIND_LINK = Query(_LINKS.where(_l.address_key == bindparam("address_key"), _l.purpose == bindparam("purpose")), _link)


async def find_link(tx: Transaction, purpose: Purpose, address_key: str) -> AccountLink | None:
    """The link of an address for a purpose; None if it was never requested."""
    return await tx.one(_FIND_LINK, address_key=address_key, purpose=purpose.value)


_PUT_LINK = Command(
    upsert(
        account_links,
        key=[_l.address_key, _l.purpose],
        change=lambda new: {
            column: new[column]
            for column in ("version", "letters", "streak", "lettered_at", "asked_at", "issued_at", "sent_at")
        },
    )
)


async def put_link(tx: Transaction, link: AccountLink) -> None:
    """Add a link, or replace the stored one."""
    await tx.execute(_PUT_LINK, **asdict(link) | {"purpose": link.purpose.value})


_NOTE_SENDING = Command(
    update(account_links)
    .where(_l.id == bindparam("sent"), _l.version == bindparam("sent_version"))
    .values(sent_at=bindparam("now"))
)


async def note_sending(tx: Transaction, link: AccountLink) -> None:
    """Record that a letter with this version of a link is sent now; its lifetime begins anew."""
    await tx.execute(_NOTE_SENDING, sent=link.id, sent_version=link.version, now=tx.now)


_USE_LINK = Command(
    update(account_links)
    .where(
        _l.id == bindparam("used"),
        _l.version == bindparam("version_used"),
        or_(_l.used_version.is_(None), _l.used_version != _l.version),
    )
    .values(used_version=_l.version)
)


async def use_link(tx: Transaction, link: AccountLink) -> None:
    """Mark this version of a link as used."""
    await tx.execute(_USE_LINK, used=link.id, version_used=link.version)


_USE_LINK_OF_ADDRESS = Command(
    update(account_links)
    .where(_l.address_key == bindparam("of_address"), _l.purpose == bindparam("of_purpose"))
    .values(used_version=_l.version)
)


async def use_link_of_address(tx: Transaction, purpose: Purpose, address_key: str) -> None:
    """Mark the current version of an address's link as used, if it has one."""
    await tx.execute(_USE_LINK_OF_ADDRESS, of_address=address_key, of_purpose=purpose.value)


_past_links = select(_l.id).where(_l.asked_at < bindparam("before")).order_by(_l.asked_at).limit(bindparam("limit"))
_PURGE_LINKS = Command(delete(account_links).where(_l.id.in_(_past_links)))


async def purge_links(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete links last requested before a time, the oldest first, at most `limit`; returns their number."""
    return await tx.execute(_PURGE_LINKS, before=before, limit=limit)


_DELETE_LINKS = Command(delete(account_links).where(_l.address_key == bindparam("address_key")))


async def erase(tx: Transaction, address_key: str) -> None:
    """Remove the registrations and links of an address whose owner is erased."""
    await delete_registrations(tx, address_key)
    await tx.execute(_DELETE_LINKS, address_key=address_key)


__all__ = [
    "add_registration",
    "delete_registrations",
    "erase",
    "find_link",
    "get_link",
    "note_sending",
    "open_registrations",
    "purge_links",
    "purge_registrations",
    "put_link",
    "use_link",
    "use_link_of_address",
]
