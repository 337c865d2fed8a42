"""The SQL of accounts, and nothing else. Rows become values here."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, null, select, update

from platform_api.accounts.tables import password_resets, registrations
from platform_api.accounts.values import NewAccount, Registration, Reset
from platform_api.contacts.values import Profile
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.identity.addresses import EmailAddress
from servicehost.contract.scalars import Guid


def _registration(
    id_: Guid,
    address_key: str,
    address: str,
    password_hash: str | None,
    profile: Any,
    business: Any,
    expires_at: datetime,
    proved_at: datetime | None,
) -> Registration:
    reachable = EmailAddress(address, address_key)
    account = None
    if password_hash is not None and profile is not None:
        account = NewAccount(reachable, password_hash, _profile(profile), _profile(business) if business else None)
    return Registration(id_, reachable, account, expires_at, proved_at)


def _profile(stored: Any) -> Profile:
    return msgspec.convert(stored, Profile)


REGISTRATION = Query(select(*registrations.columns).where(registrations.c.id == bindparam("id")), _registration)
ADD_REGISTRATION = Command(insert(registrations))
PROVE_REGISTRATION = Command(
    update(registrations)
    .where(registrations.c.id == bindparam("proved"), registrations.c.proved_at.is_(None))
    .values(proved_at=bindparam("now"), password_hash=null(), profile=null(), business=null())
)
DELETE_OTHER_REGISTRATIONS = Command(
    delete(registrations).where(
        registrations.c.address_key == bindparam("address_key"), registrations.c.proved_at.is_(None)
    )
)
DELETE_REGISTRATIONS_OF = Command(delete(registrations).where(registrations.c.address_key == bindparam("address_key")))
PURGE_REGISTRATIONS = Command(delete(registrations).where(registrations.c.expires_at < bindparam("before")))

RESET = Query(select(*password_resets.columns).where(password_resets.c.id == bindparam("id")), Reset)
RESET_OF = Query(
    select(*password_resets.columns).where(password_resets.c.address_key == bindparam("address_key")), Reset
)
PUT_RESET = Command(
    upsert(
        password_resets,
        key=[password_resets.c.address_key],
        change=lambda new: {"version": new.version, "letters": new.letters, "asked_at": new.asked_at},
    )
)
USE_RESET = Command(
    update(password_resets)
    .where(password_resets.c.id == bindparam("used"), password_resets.c.version == bindparam("version_before"))
    .values(version=password_resets.c.version + 1)
)
DELETE_RESET_OF = Command(delete(password_resets).where(password_resets.c.address_key == bindparam("address_key")))
PURGE_RESETS = Command(delete(password_resets).where(password_resets.c.asked_at < bindparam("before")))


async def add_registration(tx: Transaction, registration: Registration, account: NewAccount) -> None:
    """Keep a registration until its mailbox is proved."""
    await tx.execute(
        ADD_REGISTRATION,
        id=registration.id,
        address_key=registration.address.key,
        address=registration.address.text,
        password_hash=account.password_hash,
        profile=msgspec.to_builtins(account.profile),
        business=msgspec.to_builtins(account.business) if account.business else None,
        expires_at=registration.expires_at,
        proved_at=None,
    )


async def put_reset(tx: Transaction, reset: Reset) -> None:
    """Keep a reset as it is now."""
    await tx.execute(
        PUT_RESET,
        id=reset.id,
        address_key=reset.address_key,
        version=reset.version,
        letters=reset.letters,
        asked_at=reset.asked_at,
    )


__all__ = [
    "ADD_REGISTRATION",
    "DELETE_OTHER_REGISTRATIONS",
    "DELETE_REGISTRATIONS_OF",
    "DELETE_RESET_OF",
    "PROVE_REGISTRATION",
    "PURGE_REGISTRATIONS",
    "PURGE_RESETS",
    "PUT_RESET",
    "REGISTRATION",
    "RESET",
    "RESET_OF",
    "USE_RESET",
    "add_registration",
    "put_reset",
]
