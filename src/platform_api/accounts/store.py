"""The SQL of accounts, and nothing else. Rows become values here."""

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


def _link(id_: Guid, purpose: str, *rest: Any) -> AccountLink:
    return AccountLink(id_, Purpose(purpose), *rest)


_newest = (
    select(_r.id)
    .where(_r.address_key == bindparam("address_key"))
    .order_by(_r.registered_at.desc(), _r.id.desc())
    .limit(OPEN_REGISTRATIONS)
)

OPEN_REGISTRATIONS_OF = Query(
    select(*registrations.columns)
    .where(_r.address_key == bindparam("address_key"), _r.link_version == bindparam("link_version"))
    .order_by(_r.registered_at.desc(), _r.id.desc())
    .limit(OPEN_REGISTRATIONS),
    _registration,
)
ADD_REGISTRATION = Command(insert(registrations))
PRUNE_REGISTRATIONS = Command(
    delete(registrations).where(_r.address_key == bindparam("address_key"), _r.id.not_in(_newest))
)
DELETE_REGISTRATIONS_OF = Command(delete(registrations).where(_r.address_key == bindparam("address_key")))
_old_registrations = (
    select(_r.id).where(_r.registered_at < bindparam("before")).order_by(_r.registered_at).limit(bindparam("limit"))
)
PURGE_REGISTRATIONS = Command(delete(registrations).where(_r.id.in_(_old_registrations)))

LINK = Query(select(*account_links.columns).where(_l.id == bindparam("id")), _link)
LINK_OF = Query(
    select(*account_links.columns).where(
        _l.address_key == bindparam("address_key"), _l.purpose == bindparam("purpose")
    ),
    _link,
)
PUT_LINK = Command(
    upsert(
        account_links,
        key=[_l.address_key, _l.purpose],
        change=lambda new: {
            column: new[column]
            for column in ("version", "letters", "streak", "lettered_at", "asked_at", "issued_at", "sent_at")
        },
    )
)
NOTE_SENDING = Command(
    update(account_links)
    .where(_l.id == bindparam("sent"), _l.version == bindparam("sent_version"))
    .values(sent_at=bindparam("now"))
)
USE_LINK = Command(
    update(account_links)
    .where(
        _l.id == bindparam("used"),
        _l.version == bindparam("version_used"),
        or_(_l.used_version.is_(None), _l.used_version != _l.version),
    )
    .values(used_version=_l.version)
)
USE_LINK_OF = Command(
    update(account_links)
    .where(_l.address_key == bindparam("of_address"), _l.purpose == bindparam("of_purpose"))
    .values(used_version=_l.version)
)
DELETE_LINKS_OF = Command(delete(account_links).where(_l.address_key == bindparam("address_key")))
_old_links = select(_l.id).where(_l.asked_at < bindparam("before")).order_by(_l.asked_at).limit(bindparam("limit"))
PURGE_LINKS = Command(delete(account_links).where(_l.id.in_(_old_links)))


async def add_registration(tx: Transaction, registration: Registration) -> None:
    """Keep a registration until its mailbox is proved; of its address only the newest few are kept."""
    account = registration.account
    await tx.execute(
        ADD_REGISTRATION,
        id=registration.id,
        address_key=account.address.key,
        address=account.address.text,
        password_hash=account.password_hash,
        profile=msgspec.to_builtins(account.profile),
        business=msgspec.to_builtins(account.business) if account.business else None,
        link_version=registration.link_version,
        registered_at=registration.registered_at,
    )
    await tx.execute(PRUNE_REGISTRATIONS, address_key=account.address.key)


async def open_registrations(tx: Transaction, link: AccountLink) -> list[Registration]:
    """The registrations that a link completes, the newest first."""
    return await tx.all(OPEN_REGISTRATIONS_OF, address_key=link.address_key, link_version=link.version)


async def put_link(tx: Transaction, link: AccountLink) -> None:
    """Keep a link as it is now."""
    await tx.execute(PUT_LINK, **asdict(link) | {"purpose": link.purpose.value})


__all__ = [
    "ADD_REGISTRATION",
    "DELETE_LINKS_OF",
    "DELETE_REGISTRATIONS_OF",
    "LINK",
    "LINK_OF",
    "NOTE_SENDING",
    "OPEN_REGISTRATIONS_OF",
    "PRUNE_REGISTRATIONS",
    "PURGE_LINKS",
    "PURGE_REGISTRATIONS",
    "PUT_LINK",
    "USE_LINK",
    "USE_LINK_OF",
    "add_registration",
    "open_registrations",
    "put_link",
]
