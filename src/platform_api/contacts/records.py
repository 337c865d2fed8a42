"""Creating, finding, claiming, merging and erasing contacts, each in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import replace

from platform_api.contacts import kept, rules, store
from platform_api.contacts.acting import NewGrant, Scope, give_grant, may_act
from platform_api.contacts.errors import AddressKept, ContactNotFound
from platform_api.contacts.values import Contact, MailAddress, NewOrganisation, NewPerson, Profile
from platform_api.database.errors import UniqueViolation
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_contact_id
from platform_api.foundation.well_known import ContactType
from servicehost.contract.scalars import Guid


async def create_person(tx: Transaction, person: NewPerson) -> Guid:
    """Create a Real Person with its profile and its grant on itself; returns its id."""
    await store.add_contact(tx, _real(tx, person, ContactType.REAL_PERSON))
    await _give_profile(tx, person)
    return person.contact_id


async def create_organisation(tx: Transaction, new: NewOrganisation) -> Guid:
    """Create a Real Organisation with its profile and a grant of every scope for its owner; returns its id."""
    await store.add_contact(tx, _real(tx, new, ContactType.REAL_ORGANISATION))
    await store.put_profile(tx, new.contact_id, new.profile)
    await give_grant(tx, NewGrant(person=new.owner, contact=new.contact_id, scopes=Scope.ALL, id=new.grant_id))
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
        name: the name of a new one; the address when not given.
        contact_id: the id of a new one.
        kind: the type of a new one; one of the virtual types.
        most: how many virtual contacts the keeper may keep; None for any number.

    Raises:
        TooManyContacts: the keeper already keeps `most`.
    """
    new = replace(
        _contact(tx, contact_id or new_contact_id(), kind, name or address.text, address.text),
        keeper_id=keeper,
        address_key=address.key,
    )
    kept_id = await store.add_kept(tx, new)
    if kept_id == new.id:
        await kept.add(tx, keeper, most)
        await store.put_profile(tx, new.id, Profile())
    return kept_id


async def give_address(tx: Transaction, contact: Contact, address: MailAddress) -> Contact:
    """The virtual contact with another address; a name that was its address changes with it.

    Raises:
        AddressKept: its keeper keeps another contact at that address, or it is no longer kept.
    """
    if contact.address_key == address.key:
        return contact
    name = address.text if contact.full_name == contact.email else contact.full_name
    given = replace(contact, address_key=address.key, email=address.text, full_name=name)
    try:
        changed = await store.give_address(tx, given)
    except UniqueViolation as violation:
        raise AddressKept from violation
    if not changed:
        raise AddressKept
    return given


async def purge_address(tx: Transaction, contact_id: Guid) -> None:
    """Remove a virtual contact's address; if its name is the address, it becomes `NAME_WITHOUT_ADDRESS`."""
    await store.remove_address(tx, contact_id)


async def get_contact(tx: Transaction, contact_id: Guid) -> Contact | None:
    """The contact, unless it was merged or erased."""
    contact = await store.get_contact(tx, contact_id)
    return contact if contact is not None and contact.is_live else None


async def existing_contact(tx: Transaction, contact_id: Guid) -> Contact:
    """The contact.

    Raises:
        ContactNotFound: it does not exist, or was merged or erased.
    """
    contact = await get_contact(tx, contact_id)
    if contact is None:
        raise ContactNotFound
    return contact


async def find(tx: Transaction, person: Guid, contact_id: Guid) -> Contact | None:
    """The contact, if this person may name it: another keeper's virtual contact is None, as if it did not exist."""
    contact = await get_contact(tx, contact_id)
    if contact is None or contact.keeper_id is None:
        return contact
    return contact if await may_act(tx, person, contact_id, Scope.VIEW) else None


async def get_contacts(tx: Transaction, contact_ids: Iterable[Guid]) -> dict[Guid, Contact]:
    """The existing contacts by id, including those that were merged or erased."""
    return {contact.id: contact for contact in await store.get_contacts(tx, list(contact_ids))}


async def kept_by(tx: Transaction, keeper: Guid) -> list[Guid]:
    """The virtual contacts that the contact keeps."""
    return await store.list_kept(tx, keeper)


async def merge(tx: Transaction, source: Guid, into: Guid) -> bool:
    """Let the contact `into` take the place of the virtual contact `source` and keep the contacts that it kept.

    The profile of `source` is cleared and the grants on it end, so that no user gains a right on `into`. Contacts that
    both kept at one address stay separate; the one of `source` can no longer be found by the address. False, with
    nothing changed, if `source` is not a live virtual contact or `into` is not live.
    """
    keeper = await store.keeper_of(tx, source)
    if not await store.merge(tx, source, into):
        return False
    await _blank(tx, source)
    await kept.end(tx, keeper)
    await kept.move(tx, source, into, await store.move_kept(tx, source, into))
    return True


async def erase(tx: Transaction, contact: Guid) -> bool:
    """Clear the data of the contact and end its grants and those on it; its id and type stay for the history of others.

    The contacts that it keeps are unchanged: erase those of `kept_by` first. False if it was not live.
    """
    keeper = await store.keeper_of(tx, contact)
    if not await store.erase(tx, contact):
        return False
    await kept.end(tx, keeper)
    await _blank(tx, contact)
    return True


async def _blank(tx: Transaction, contact_id: Guid) -> None:
    await store.blank_profile(tx, contact_id)
    await store.end_grants(tx, contact_id)


async def _give_profile(tx: Transaction, person: NewPerson) -> None:
    """Write the profile of a person, and its grant on that."""
    contact_id = person.contact_id
    await store.put_profile(tx, contact_id, person.profile)
    await give_grant(tx, NewGrant(person=contact_id, contact=contact_id, scopes=Scope.ALL, id=person.grant_id))


def _real(tx: Transaction, new: NewPerson | NewOrganisation, kind: ContactType) -> Contact:
    return _contact(tx, new.contact_id, kind, rules.full_name(new.profile), new.email)


def _contact(tx: Transaction, contact_id: Guid, kind: ContactType, name: str, email: str | None) -> Contact:
    return Contact(
        id=contact_id,
        contact_type=kind,
        original_type=None,
        full_name=name,
        email=email,
        keeper_id=None,
        address_key=None,
        created_at=tx.now,
        removed_at=None,
        merged_into=None,
    )


__all__ = [
    "create_organisation",
    "create_person",
    "erase",
    "existing_contact",
    "find",
    "get_contact",
    "get_contacts",
    "give_address",
    "keep_person_at",
    "kept_by",
    "merge",
    "purge_address",
]
