"""Builders of contacts, and a database with the tables of every imported package."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from tests.support import stores

from platform_api import contacts
from platform_api.contacts import Contact, NewOrganisation, NewPerson, PlatformPrincipal, Profile
from platform_api.contacts.facts import Facts
from platform_api.database.metadata import metadata
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.foundation.well_known import ContactType
from platform_api.roles import tables as role_tables
from servicehost.contract.call import Call
from servicehost.contract.scalars import Guid

TABLES = (role_tables.roles, role_tables.role_definitions)
"""Named so that their modules, and those that these import, have declared their tables."""


class TypedAddress(NamedTuple):
    """An e-mail address as contacts require it."""

    text: str
    key: str


FIRST_ADDRESS = TypedAddress("First@Example.com", "first@example.com")
SECOND_ADDRESS = TypedAddress("Second@Example.com", "second@example.com")


@asynccontextmanager
async def empty_database(folder: Path) -> AsyncIterator[Database]:
    """Yield a real database with all tables and no rows."""
    async with stores.an_engine(folder / "test.db", metadata).open() as database:
        yield database


def some_facts(**changes: Any) -> Facts:
    """Return a Real Person with every fact set."""
    facts = Facts(
        contact_id=Guid("00000000-0000-4000-8000-00000000000a"),
        contact_type="RP",
        full_name="First Person",
        email="first@example.com",
        mobile_number="+61 400 000 000",
        phone_number="+61 2 0000 0000",
        photo_url="https://example.com/photo",
        photo_thumbnail_url="https://example.com/small",
        description="Builds things",
        employment_industry="Construction",
        employment_role="Foreman",
        employment_geographic_area="New South Wales",
        timezone_name="Australia/Sydney",
        primary_address="1 Example Street",
    )
    return msgspec.structs.replace(facts, **changes)


def a_contact(id_: Guid, **changes: Any) -> Contact:
    """Return a Real Person without its profile."""
    contact = Contact(
        id=id_,
        contact_type=ContactType.REAL_PERSON,
        original_type=None,
        full_name="First Person",
        email="first@example.com",
        keeper_id=None,
        address_key=None,
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        removed_at=None,
        merged_into=None,
    )
    return replace(contact, **changes)


async def a_person(database: Database, **profile: Any) -> Guid:
    """Insert a Real Person."""
    person = NewPerson(
        profile=Profile(**{"first_name": "First", "surname": "Person"} | profile), email="first@example.com"
    )

    async def unit(tx: Transaction) -> Guid:
        return await contacts.create_person(tx, person)

    return await database.write(unit)


async def an_organisation(database: Database, owner: Guid, **profile: Any) -> Guid:
    """Insert a Real Organisation of a person."""
    organisation = NewOrganisation(owner=owner, profile=Profile(**{"trading_name": "Acme Pty Ltd"} | profile))

    async def unit(tx: Transaction) -> Guid:
        return await contacts.create_organisation(tx, organisation)

    return await database.write(unit)


async def a_kept_person(database: Database, keeper: Guid, address: TypedAddress = SECOND_ADDRESS) -> Guid:
    """Insert the Virtual Person that a contact keeps at an address."""

    async def unit(tx: Transaction) -> Guid:
        return await contacts.keep_person_at(tx, keeper, address)

    return await database.write(unit)


def signed_in(person: Guid) -> Call:
    """Return a call of this person."""
    return Call(principal=PlatformPrincipal(user_id=new_id(), contact_id=person))
