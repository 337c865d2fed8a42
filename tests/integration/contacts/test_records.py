"""Contacts in the database: creating, keeping, claiming, merging and erasing."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import bindparam
from tests.support.contacts import (
    FIRST_ADDRESS,
    SECOND_ADDRESS,
    TypedAddress,
    a_kept_person,
    a_person,
    an_organisation,
    empty_database,
)

from platform_api import contacts
from platform_api.contacts import (
    ERASED_NAME,
    NAME_WITHOUT_ADDRESS,
    AddressKept,
    Contact,
    Scope,
)
from platform_api.contacts.facts import Facts
from platform_api.contacts.tables import CONTACT_FACTS, select_facts
from platform_api.contacts.tables import contacts as contact_rows
from platform_api.contacts.time_zones import TIME_ZONE_IDS
from platform_api.database.statements import Query
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.well_known import ContactType
from servicehost.contract.scalars import Guid

T = TypeVar("T")


async def run(database: Database, act: Callable[[Transaction], Awaitable[T]]) -> T:
    """The result of the act, committed."""

    async def unit(tx: Transaction) -> T:
        return await act(tx)

    return await database.write(unit)


async def stored(database: Database, contact: Guid) -> Contact:
    """The row of the contact, including one that was merged or erased."""
    found = await run(database, lambda tx: contacts.get_contacts(tx, [contact]))
    return found[contact]


FACTS: Query[Any] = Query(
    select_facts().where(contact_rows.c.id == bindparam("contact")), lambda facts: facts, CONTACT_FACTS
)


async def facts(database: Database, contact: Guid) -> Facts:
    """The stored facts of the contact."""
    found = await run(database, lambda tx: tx.one(FACTS, contact=contact))
    assert isinstance(found, Facts)
    return found


async def merge(database: Database, source: Guid, into: Guid) -> bool:
    """Merge one contact into another; the result."""
    return await run(database, lambda tx: contacts.merge(tx, source, into))


async def test_a_person_is_what_it_was_made_from(tmp_path: Path) -> None:
    """A new person has the profile and the name of the time zone that it was created with."""
    async with empty_database(tmp_path) as database:
        person = await a_person(
            database,
            description="Builds things",
            timezone_id=TIME_ZONE_IDS["Australia/Sydney"],
            contact_details=[{"ContactMethodName": "Mobile"}],
        )
        known = await facts(database, person)
        assert (person, "RP", "First Person", "first@example.com", "Builds things", "Australia/Sydney") == (
            known.contact_id,
            known.contact_type,
            known.full_name,
            known.email,
            known.description,
            known.timezone_name,
        )


async def test_an_organisation_is_called_by_its_trading_name(tmp_path: Path) -> None:
    """An organisation is a contact of its own, named by its trading name."""
    async with empty_database(tmp_path) as database:
        organisation = await an_organisation(database, await a_person(database))
        contact = await stored(database, organisation)
        assert (ContactType.REAL_ORGANISATION, "Acme Pty Ltd") == (contact.contact_type, contact.full_name)


async def test_one_kept_person_for_each_address(tmp_path: Path) -> None:
    """Another spelling of an address finds the same contact, as its keeper first wrote it."""
    async with empty_database(tmp_path) as database:
        keeper = await a_person(database)
        first = await a_kept_person(database, keeper, SECOND_ADDRESS)
        again = await a_kept_person(database, keeper, TypedAddress("SECOND@example.com", SECOND_ADDRESS.key))
        kept = await stored(database, again)
        assert (first, SECOND_ADDRESS.text, SECOND_ADDRESS.text, keeper) == (
            again,
            kept.full_name,
            kept.email,
            kept.keeper_id,
        )


async def test_keeping_at_the_same_moment_keeps_one(tmp_path: Path) -> None:
    """Concurrent calls for one address create one contact."""
    async with empty_database(tmp_path) as database:
        keeper = await a_person(database)
        kept = await asyncio.gather(*(a_kept_person(database, keeper) for _ in range(8)))
        assert [kept[0]] == await run(database, lambda tx: contacts.kept_by(tx, keeper))


async def test_every_keeper_keeps_its_own(tmp_path: Path) -> None:
    """Two keepers of one address have separate contacts."""
    async with empty_database(tmp_path) as database:
        keepers = [await a_person(database), await a_person(database)]
        kept = {await a_kept_person(database, keeper) for keeper in keepers}
        assert 2 == len(kept)


async def test_a_kept_person_can_be_given_another_address(tmp_path: Path) -> None:
    """A name that is only the address changes with it."""
    async with empty_database(tmp_path) as database:
        keeper = await a_person(database)
        kept = await stored(database, await a_kept_person(database, keeper))
        given = await run(database, lambda tx: contacts.give_address(tx, kept, FIRST_ADDRESS))
        assert given == await stored(database, kept.id)
        assert (FIRST_ADDRESS.key, FIRST_ADDRESS.text) == (given.address_key, given.full_name)


async def test_an_address_is_given_once(tmp_path: Path) -> None:
    """A keeper cannot give one address to two contacts."""
    async with empty_database(tmp_path) as database:
        keeper = await a_person(database)
        await a_kept_person(database, keeper, FIRST_ADDRESS)
        other = await stored(database, await a_kept_person(database, keeper, SECOND_ADDRESS))
        with pytest.raises(AddressKept):
            await run(database, lambda tx: contacts.give_address(tx, other, FIRST_ADDRESS))
        assert other == await stored(database, other.id)


async def test_a_merge_leaves_an_alias(tmp_path: Path) -> None:
    """The merged contact names the one that took its place, and nothing that its keeper wrote."""
    async with empty_database(tmp_path) as database:
        keeper, person = await a_person(database), await a_person(database)
        kept = await a_kept_person(database, keeper)
        assert await merge(database, kept, person)
        contact = await stored(database, kept)
        assert (False, person, NAME_WITHOUT_ADDRESS, None, None, None) == (
            contact.is_live,
            contact.merged_into,
            contact.full_name,
            contact.email,
            contact.keeper_id,
            contact.address_key,
        )


async def test_a_merged_contact_is_not_found(tmp_path: Path) -> None:
    """Looking up an id finds only contacts that can be acted on."""
    async with empty_database(tmp_path) as database:
        kept = await a_kept_person(database, await a_person(database))
        await merge(database, kept, await a_person(database))
        assert await run(database, lambda tx: contacts.get_contact(tx, kept)) is None


async def test_a_merge_gives_nobody_a_right(tmp_path: Path) -> None:
    """The keeper of a virtual contact may not act for the person that took its place."""
    async with empty_database(tmp_path) as database:
        keeper, person = await a_person(database), await a_person(database)
        kept = await a_kept_person(database, keeper)
        await merge(database, kept, person)

        async def allowed(tx: Transaction) -> list[bool]:
            return [await contacts.may_act(tx, keeper, contact, Scope.VIEW) for contact in (kept, person)]

        assert [False, False] == await run(database, allowed)


async def test_only_virtual_contacts_are_merged(tmp_path: Path) -> None:
    """A real person is not merged, and nothing is merged into a contact that is gone."""
    async with empty_database(tmp_path) as database:
        keeper, person, erased = [await a_person(database) for _ in range(3)]
        kept = await a_kept_person(database, keeper)
        await run(database, lambda tx: contacts.erase(tx, erased))
        assert [False, False, True, False] == [
            await merge(database, person, keeper),
            await merge(database, kept, erased),
            await merge(database, kept, person),
            await merge(database, kept, keeper),
        ]


async def test_a_merge_brings_what_was_kept(tmp_path: Path) -> None:
    """The contacts that the merged one kept have a new keeper; two at one address stay separate."""
    async with empty_database(tmp_path) as database:
        keeper, person = await a_person(database), await a_person(database)
        source = await a_kept_person(database, keeper, TypedAddress("third@example.com", "third@example.com"))
        only, double = [await a_kept_person(database, source, a) for a in (FIRST_ADDRESS, SECOND_ADDRESS)]
        own = await a_kept_person(database, person, SECOND_ADDRESS)
        await merge(database, source, person)
        assert {only, double, own} == set(await run(database, lambda tx: contacts.kept_by(tx, person)))
        assert [FIRST_ADDRESS.key, None, SECOND_ADDRESS.key] == [
            (await stored(database, contact)).address_key for contact in (only, double, own)
        ]


async def test_erasing_leaves_the_id_and_the_type(tmp_path: Path) -> None:
    """An erased contact has no personal data."""
    async with empty_database(tmp_path) as database:
        person = await a_person(database, description="Builds things", contact_details=[{"ContactMethodName": "x"}])
        assert await run(database, lambda tx: contacts.erase(tx, person))
        assert Facts(person, "RP", ERASED_NAME, *[None] * 11) == await facts(database, person)


async def test_a_contact_is_erased_once(tmp_path: Path) -> None:
    """The second erasure returns False."""
    async with empty_database(tmp_path) as database:
        person = await a_person(database)
        await run(database, lambda tx: contacts.erase(tx, person))
        assert not await run(database, lambda tx: contacts.erase(tx, person))


async def test_unknown_ids_are_left_out(tmp_path: Path) -> None:
    """Asking for a contact that does not exist is not an error."""
    async with empty_database(tmp_path) as database:
        unknown = Guid("00000000-0000-4000-8000-000000000000")
        assert {} == await run(database, lambda tx: contacts.get_contacts(tx, [unknown]))
