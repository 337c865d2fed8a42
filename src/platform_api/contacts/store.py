"""The SQL of contacts, their profiles and the grants on them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, case, delete, exists, insert, null, or_, select, update

from platform_api.contacts.tables import contacts, grants, kept_totals, profiles
from platform_api.contacts.time_zones import TIME_ZONES
from platform_api.contacts.values import ERASED_NAME, NAME_WITHOUT_ADDRESS, Contact, Profile, Standing
from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import CONTACT_TYPES_BY_CODE, ContactType
from servicehost.contract.scalars import Guid

_LIVE = contacts.c.removed_at.is_(None)
_IS_VIRTUAL = contacts.c.contact_type.in_([kind.code for kind in ContactType if kind.is_virtual])
_OTHER = contacts.alias("other")
_NO_KEEPER = {"keeper_id": null(), "address_key": null()}

# Contacts


def _contact(
    id_: Guid,
    contact_type: str,
    original_type: str | None,
    full_name: str,
    email: str | None,
    keeper_id: Guid | None,
    address_key: str | None,
    created_at: datetime,
    removed_at: datetime | None,
    merged_into: Guid | None,
) -> Contact:
    return Contact(
        id_,
        CONTACT_TYPES_BY_CODE[contact_type],
        CONTACT_TYPES_BY_CODE[original_type] if original_type else None,
        full_name,
        email,
        keeper_id,
        address_key,
        created_at,
        removed_at,
        merged_into,
    )


_GET_CONTACT = Query(select(contacts).where(contacts.c.id == bindparam("id")), _contact)


async def get_contact(tx: Transaction, contact_id: Guid) -> Contact | None:
    """The contact, even if it was merged or erased."""
    return await tx.one(_GET_CONTACT, id=contact_id)


_GET_CONTACTS = Query(select(contacts).where(in_list(contacts.c.id, "ids")), _contact)


async def get_contacts(tx: Transaction, contact_ids: Sequence[Guid]) -> list[Contact]:
    """The contacts with these ids, including those that were merged or erased."""
    return await tx.all(_GET_CONTACTS, ids=contact_ids)


_ADD_CONTACT = Command(insert(contacts))


async def add_contact(tx: Transaction, contact: Contact) -> None:
    """Insert a contact that has no keeper."""
    await tx.execute(_ADD_CONTACT, **_row(contact))


_ADD_KEPT = Query(
    upsert(
        contacts,
        key=[contacts.c.keeper_id, contacts.c.address_key],
        change=lambda new: {"address_key": new.address_key},
    ).returning(contacts.c.id),
    Guid,
)


async def add_kept(tx: Transaction, contact: Contact) -> Guid:
    """Insert a virtual contact; returns the id of the one that its keeper already keeps at that address, or its own."""
    return await tx.one(_ADD_KEPT, **_row(contact)) or contact.id


def _row(contact: Contact) -> dict[str, object]:
    row = {column.name: getattr(contact, column.name) for column in contacts.columns}
    kinds = {"contact_type": contact.contact_type, "original_type": contact.original_type}
    return row | {name: kind.code if kind else None for name, kind in kinds.items()}


_GIVE_ADDRESS = Command(
    update(contacts)
    .where(contacts.c.id == bindparam("contact"), _IS_VIRTUAL, _LIVE)
    .values(address_key=bindparam("key"), email=bindparam("address"), full_name=bindparam("name"))
)


async def give_address(tx: Transaction, contact: Contact) -> bool:
    """Write the address and the name of a virtual contact; False if it is no longer live and virtual.

    Raises:
        UniqueViolation: its keeper keeps another contact at that address.
    """
    given = {"key": contact.address_key, "address": contact.email, "name": contact.full_name}
    return bool(await tx.execute(_GIVE_ADDRESS, contact=contact.id, **given))


_REMOVE_ADDRESS = Command(
    update(contacts)
    .where(contacts.c.id == bindparam("contact"), _IS_VIRTUAL, _LIVE)
    .values(
        full_name=case((contacts.c.full_name == contacts.c.email, bindparam("name")), else_=contacts.c.full_name),
        email=null(),
        address_key=null(),
    )
)


async def remove_address(tx: Transaction, contact_id: Guid) -> None:
    """Clear the address of a virtual contact, and its name if that is the address."""
    await tx.execute(_REMOVE_ADDRESS, contact=contact_id, name=NAME_WITHOUT_ADDRESS)


_MERGE = Command(
    update(contacts)
    .where(
        contacts.c.id == bindparam("source"),
        _IS_VIRTUAL,
        _LIVE,
        exists().where(_OTHER.c.id == bindparam("into"), _OTHER.c.removed_at.is_(None)),
    )
    .values(
        removed_at=bindparam("now"),
        merged_into=bindparam("into"),
        full_name=NAME_WITHOUT_ADDRESS,
        email=null(),
        **_NO_KEEPER,
    )
)


async def merge(tx: Transaction, source: Guid, into: Guid) -> bool:
    """Mark a live virtual contact as merged into a live contact; False if either is not."""
    return bool(await tx.execute(_MERGE, source=source, into=into, now=tx.now))


_ERASE = Command(
    update(contacts)
    .where(contacts.c.id == bindparam("contact"), _LIVE)
    .values(removed_at=bindparam("now"), full_name=bindparam("name"), email=null(), **_NO_KEEPER)
)


async def erase(tx: Transaction, contact_id: Guid) -> bool:
    """Clear the row of a live contact, except for its id and type; False if it was not live."""
    return bool(await tx.execute(_ERASE, contact=contact_id, now=tx.now, name=ERASED_NAME))


# Virtual contacts of a keeper

_LIST_KEPT = Query(
    select(contacts.c.id).where(contacts.c.keeper_id == bindparam("keeper_id")).order_by(contacts.c.id), Guid
)


async def list_kept(tx: Transaction, keeper: Guid) -> list[Guid]:
    """The virtual contacts that a contact keeps."""
    return await tx.all(_LIST_KEPT, keeper_id=keeper)


_KEEPER_OF = Query(
    select(contacts.c.keeper_id).where(contacts.c.id == bindparam("contact"), contacts.c.keeper_id.is_not(None), _LIVE),
    Guid,
)


async def keeper_of(tx: Transaction, contact_id: Guid) -> Guid | None:
    """The keeper of a live virtual contact."""
    return await tx.one(_KEEPER_OF, contact=contact_id)


_MOVE_KEPT = Command(
    update(contacts)
    .where(
        contacts.c.keeper_id == bindparam("source"),
        ~exists().where(_OTHER.c.keeper_id == bindparam("into"), _OTHER.c.address_key == contacts.c.address_key),
    )
    .values(keeper_id=bindparam("into"))
)
_MOVE_KEPT_TWICE = Command(
    update(contacts)
    .where(contacts.c.keeper_id == bindparam("source"))
    .values(keeper_id=bindparam("into"), address_key=null())
)


async def move_kept(tx: Transaction, source: Guid, into: Guid) -> int:
    """Give the virtual contacts of one keeper to another, and return their number.

    A contact at an address at which the new keeper already keeps one loses its address key.
    """
    moved = await tx.execute(_MOVE_KEPT, source=source, into=into)
    return moved + await tx.execute(_MOVE_KEPT_TWICE, source=source, into=into)


_COUNT_KEPT = Query(
    upsert(
        kept_totals, key=[kept_totals.c.keeper_id], change=lambda new: {"total": kept_totals.c.total + new.total}
    ).returning(kept_totals.c.total),
    int,
)


async def count_kept(tx: Transaction, keeper: Guid, change: int) -> int:
    """Change the number of virtual contacts that a contact keeps; returns the new number."""
    return await tx.one(_COUNT_KEPT, keeper_id=keeper, total=change) or 0


# Profiles

_PUT_PROFILE = Command(
    upsert(
        profiles,
        key=[profiles.c.contact_id],
        change=lambda new: {column.name: new[column.name] for column in profiles.columns if not column.primary_key},
    )
)


async def put_profile(tx: Transaction, contact_id: Guid, profile: Profile) -> None:
    """Write the profile of a contact, in place of the one that it has."""
    row = {field.name: getattr(profile, field.name) for field in fields(profile)}
    row["contact_details"] = list(profile.contact_details)
    row["timezone_name"] = TIME_ZONES.get(profile.timezone_id) if profile.timezone_id else None
    await tx.execute(_PUT_PROFILE, contact_id=contact_id, updated_at=tx.now, **row)


_BLANK = {column.name: null() for column in profiles.columns if column.nullable}
_BLANK_PROFILE = Command(
    update(profiles)
    .where(profiles.c.contact_id == bindparam("contact"))
    .values(gst_registered=False, contact_details=bindparam("details"), updated_at=bindparam("now"), **_BLANK)
)


async def blank_profile(tx: Transaction, contact_id: Guid) -> None:
    """Clear every member of a contact's profile."""
    await tx.execute(_BLANK_PROFILE, contact=contact_id, details=[], now=tx.now)


# Grants

_GET_STANDING = Query(
    select(grants.c.scopes, contacts.c.keeper_id)
    .select_from(contacts)
    .outerjoin(grants, (grants.c.contact_id == contacts.c.id) & (grants.c.person_id == bindparam("person")))
    .where(contacts.c.id == bindparam("contact"), _LIVE),
    lambda scopes, keeper_id: Standing(scopes or 0, keeper_id),
)


async def get_standing(tx: Transaction, person: Guid, contact_id: Guid) -> Standing | None:
    """The standing of a person with a live contact."""
    return await tx.one(_GET_STANDING, person=person, contact=contact_id)


_PUT_GRANT = Query(
    upsert(grants, key=[grants.c.person_id, grants.c.contact_id], change=lambda new: {"scopes": new.scopes}).returning(
        grants.c.id
    ),
    Guid,
)


async def put_grant(tx: Transaction, grant_id: Guid, person: Guid, contact_id: Guid, scopes: int) -> Guid:
    """Give a person these scopes on a contact; returns the id of the grant that it already had, or the given one."""
    row = {"person_id": person, "contact_id": contact_id, "scopes": scopes, "created_at": tx.now}
    return await tx.one(_PUT_GRANT, id=grant_id, **row) or grant_id


_END_GRANTS = Command(
    delete(grants).where(or_(grants.c.contact_id == bindparam("contact"), grants.c.person_id == bindparam("contact")))
)


async def end_grants(tx: Transaction, contact_id: Guid) -> None:
    """End every grant on a contact and every grant of a person's contact."""
    await tx.execute(_END_GRANTS, contact=contact_id)


__all__ = [
    "add_contact",
    "add_kept",
    "blank_profile",
    "count_kept",
    "end_grants",
    "erase",
    "get_contact",
    "get_contacts",
    "get_standing",
    "give_address",
    "keeper_of",
    "list_kept",
    "merge",
    "move_kept",
    "put_grant",
    "put_profile",
    "remove_address",
]
