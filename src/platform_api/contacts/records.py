"""What other capabilities do with contacts. Each function works in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from platform_api.contacts import grants, rules, store
from platform_api.contacts import kept as kept_contacts
from platform_api.contacts.errors import AddressKept
from platform_api.contacts.grants import NewGrant, Scope
from platform_api.contacts.time_zones import TIME_ZONES
from platform_api.contacts.values import (
    ERASED_NAME,
    FORGOTTEN_NAME,
    Contact,
    MailAddress,
    NewOrganisation,
    NewPerson,
    Profile,
)
from platform_api.contacts.visibility import ContactFacts
from platform_api.database.errors import UniqueViolation
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_contact_id
from platform_api.foundation.well_known import ContactType
from servicehost.contract.scalars import Guid


async def create_person(tx: Transaction, person: NewPerson) -> Guid:
    """A Real Person with its profile and the grant on it."""
    name = rules.full_name(person.profile)
    await tx.execute(store.ADD_CONTACT, **_row(tx, person.contact_id, ContactType.REAL_PERSON, name, person.email))
    await _put_profile(tx, person.contact_id, person.profile)
    await grants.give(
        tx, NewGrant(person=person.contact_id, contact=person.contact_id, scopes=Scope.ALL, id=person.grant_id)
    )
    return person.contact_id


async def create_organisation(tx: Transaction, new: NewOrganisation) -> Guid:
    """A Real Organisation with its profile; its owner may do everything for it."""
    name = rules.full_name(new.profile)
    await tx.execute(store.ADD_CONTACT, **_row(tx, new.contact_id, ContactType.REAL_ORGANISATION, name, new.email))
    await _put_profile(tx, new.contact_id, new.profile)
    await grants.give(tx, NewGrant(person=new.owner, contact=new.contact_id, scopes=Scope.ALL, id=new.grant_id))
    return new.contact_id


async def keep_person_at(
    tx: Transaction,
    keeper: Guid,
    address: MailAddress,
    name: str | None = None,
    *,
    contact_id: Guid | None = None,
    kind: ContactType = ContactType.VIRTUAL_PERSON,
    most: int | None = None,
) -> Guid:
    """The virtual contact that the keeper keeps at an address: the existing one unchanged, else a new one.

    Args:
        tx: the transaction.
        keeper: the contact that keeps it.
        address: the address that the keeper gave.
        name: what the keeper calls a new one; the address when not given.
        contact_id: the id of a new one.
        kind: the type of a new one; one of the virtual types.
        most: how many virtual contacts the keeper may keep; None for any number.

    Raises:
        TooManyContacts: it would be one more.
    """
    new = contact_id or new_contact_id()
    row = _row(tx, new, kind, name or address.text, address.text)
    kept = await tx.one(store.ADD_KEPT, **row | {"keeper_id": keeper, "address_key": address.key})
    if kept is None or kept == new:
        await kept_contacts.add(tx, keeper, most)
        await _put_profile(tx, new, Profile())
    return kept or new


async def give_address(tx: Transaction, contact: Contact, address: MailAddress) -> Contact:
    """The virtual contact with another address; a name that was only its address follows.

    Raises:
        AddressKept: its keeper keeps another one at that address, or it is no longer kept.
    """
    if contact.address_key == address.key:
        return contact
    name = address.text if contact.full_name == contact.email else contact.full_name
    given = replace(contact, address_key=address.key, email=address.text, full_name=name)
    try:
        changed = await tx.execute(
            store.GIVE_ADDRESS, contact=contact.id, key=address.key, address=address.text, name=name
        )
    except UniqueViolation as violation:
        raise AddressKept from violation
    if not changed:
        raise AddressKept
    return given


async def forget_address(tx: Transaction, contact_id: Guid) -> None:
    """Take a virtual contact's address away; one that was called by it gets a name without it."""
    await tx.execute(store.FORGET_ADDRESS, contact=contact_id, name=FORGOTTEN_NAME)


async def claim(tx: Transaction, person: NewPerson) -> bool:
    """Make the Virtual Person `person.contact_id` a Real Person: the profile replaces what its keeper wrote.

    Its keeper and those whom the keeper let act for it no longer may. False, with nothing changed, when it is no
    live Virtual Person: somebody else claimed, merged or erased it before.
    """
    name = rules.full_name(person.profile)
    keeper = await tx.one(store.KEEPER_OF, contact=person.contact_id)
    if not await tx.execute(store.CLAIM, contact=person.contact_id, name=name, address=person.email):
        return False
    await kept_contacts.end(tx, keeper)
    await tx.execute(store.END_GRANTS, contact=person.contact_id)
    await _put_profile(tx, person.contact_id, person.profile)
    await grants.give(
        tx, NewGrant(person=person.contact_id, contact=person.contact_id, scopes=Scope.ALL, id=person.grant_id)
    )
    return True


async def get_contact(tx: Transaction, contact_id: Guid) -> Contact | None:
    """The contact, unless it was merged or erased."""
    contact = await tx.one(store.GET_CONTACT, id=contact_id)
    return contact if contact is not None and contact.is_live else None


async def find(tx: Transaction, person: Guid, contact_id: Guid) -> Contact | None:
    """The contact as a person may name it: another keeper's virtual contact is None, like one that does not exist."""
    contact = await get_contact(tx, contact_id)
    if contact is None or contact.keeper_id is None:
        return contact
    return contact if await grants.actor(tx, person, contact_id, Scope.VIEW) is not None else None


async def get_contacts(tx: Transaction, contact_ids: Iterable[Guid]) -> dict[Guid, Contact]:
    """The contacts by id, also those that were merged or erased; ids of none are left out."""
    return {contact.id: contact for contact in await tx.all(store.GET_CONTACTS, ids=list(contact_ids))}


async def summaries(tx: Transaction, contact_ids: Iterable[Guid]) -> dict[Guid, ContactFacts]:
    """What `visibility.view` makes summaries of, by contact; ids of none are left out."""
    return {facts.contact_id: facts for facts in await tx.all(store.GET_SUMMARIES, ids=list(contact_ids))}


async def kept_by(tx: Transaction, keeper: Guid) -> list[Guid]:
    """The virtual contacts that the contact keeps."""
    return await tx.all(store.LIST_KEPT, keeper_id=keeper)


async def merge(tx: Transaction, source: Guid, into: Guid) -> bool:
    """Let the contact `into` take the place of the virtual contact `source`, and keep what that kept.

    What the keeper wrote of `source` is wiped, and grants on it end: nobody gains a right on `into`. A contact that
    both kept under one address stays two; the one of `source` is no longer found by the address. False, with
    nothing changed, when `source` is no live virtual contact or `into` is not live.
    """
    keeper = await tx.one(store.KEEPER_OF, contact=source)
    if not await tx.execute(store.MERGE, source=source, into=into, now=tx.now):
        return False
    await _forget(tx, source)
    await kept_contacts.end(tx, keeper)
    moved = await tx.execute(store.MOVE_KEPT, source=source, into=into)
    moved += await tx.execute(store.MOVE_KEPT_TWICE, source=source, into=into)
    await kept_contacts.move(tx, source, into, moved)
    return True


async def erase(tx: Transaction, contact: Guid) -> bool:
    """Wipe what is known of the contact and end all grants of it and on it; its id and type stay for others' history.

    The contacts that it keeps are not touched: erase those of `kept_by` first. False when it was not live.
    """
    keeper = await tx.one(store.KEEPER_OF, contact=contact)
    if not await tx.execute(store.ERASE, contact=contact, now=tx.now, name=ERASED_NAME):
        return False
    await kept_contacts.end(tx, keeper)
    await _forget(tx, contact)
    return True


async def _forget(tx: Transaction, contact: Guid) -> None:
    await tx.execute(store.BLANK_PROFILE, contact=contact, nothing=[], now=tx.now)
    await tx.execute(store.END_GRANTS, contact=contact)


async def _put_profile(tx: Transaction, contact_id: Guid, profile: Profile) -> None:
    row = {field.name: getattr(profile, field.name) for field in fields(profile)}
    row["contact_details"] = list(profile.contact_details)
    row["timezone_name"] = TIME_ZONES.get(profile.timezone_id) if profile.timezone_id else None
    await tx.execute(store.PUT_PROFILE, contact_id=contact_id, updated_at=tx.now, **row)


def _row(tx: Transaction, contact_id: Guid, kind: ContactType, full_name: str, email: str | None) -> dict[str, Any]:
    return {
        "id": contact_id,
        "contact_type": kind.code,
        "original_type": None,
        "full_name": full_name,
        "email": email,
        "keeper_id": None,
        "address_key": None,
        "created_at": tx.now,
        "removed_at": None,
        "merged_into": None,
    }


__all__ = [
    "claim",
    "create_organisation",
    "create_person",
    "erase",
    "find",
    "forget_address",
    "get_contact",
    "get_contacts",
    "give_address",
    "keep_person_at",
    "kept_by",
    "merge",
    "summaries",
]
