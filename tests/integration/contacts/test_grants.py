"""Who may act for whom, as the database says at that moment."""

from pathlib import Path

import pytest
from tests.support.contacts import a_kept_person, a_person, an_organisation, empty_database

from platform_api import contacts
from platform_api.contacts import Actor, NewGrant, Scope, grants
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_contact_id
from servicehost.contract.scalars import Guid


async def actor(database: Database, person: Guid, contact: Guid, scope: Scope = Scope.SEND) -> Actor | None:
    """The person acting for the contact."""

    async def unit(tx: Transaction) -> Actor | None:
        return await grants.actor(tx, person, contact, scope)

    return await database.read(unit)


async def give(database: Database, person: Guid, contact: Guid, scopes: Scope) -> Guid:
    """The id of the grant that is given."""

    async def unit(tx: Transaction) -> Guid:
        return await grants.give(tx, NewGrant(person=person, contact=contact, scopes=scopes))

    return await database.write(unit)


async def test_a_person_acts_for_itself(tmp_path: Path) -> None:
    """Nobody needs a grant on himself."""
    async with empty_database(tmp_path) as database:
        person = await a_person(database)
        assert Actor(person, person) == await actor(database, person, person, Scope.ALL)


async def test_a_stranger_acts_for_nobody_else(tmp_path: Path) -> None:
    """Without a grant there is no right, nor for what is not there."""
    async with empty_database(tmp_path) as database:
        person, other = await a_person(database), await a_person(database)
        assert [None, None] == [
            await actor(database, person, other, Scope.VIEW),
            await actor(database, person, new_contact_id(), Scope.VIEW),
        ]


async def test_an_owner_does_everything_for_its_organisation(tmp_path: Path) -> None:
    """Who makes an organisation holds every scope."""
    async with empty_database(tmp_path) as database:
        owner = await a_person(database)
        organisation = await an_organisation(database, owner)
        assert Actor(owner, organisation) == await actor(database, owner, organisation, Scope.ALL)


@pytest.mark.parametrize(
    ("allowed", "scope"),
    [
        (True, Scope.VIEW),
        (True, Scope.SEND),
        (True, Scope.END),
        (False, Scope.ACCEPT),
        (False, Scope.MANAGE),
        (False, Scope.SEND | Scope.ACCEPT),
    ],
)
async def test_a_grant_allows_its_scopes(tmp_path: Path, *, allowed: bool, scope: Scope) -> None:
    """A grant allows what it names, and to view; of several scopes every one is needed."""
    async with empty_database(tmp_path) as database:
        owner, colleague = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        await give(database, colleague, organisation, Scope.SEND | Scope.END)
        assert allowed is (await actor(database, colleague, organisation, scope) is not None)


async def test_a_second_grant_replaces_the_first(tmp_path: Path) -> None:
    """A person has one grant on a contact, with the scopes that were given last."""
    async with empty_database(tmp_path) as database:
        owner, colleague = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        first = await give(database, colleague, organisation, Scope.SEND)
        assert first == await give(database, colleague, organisation, Scope.ACCEPT)
        assert [None, Actor(colleague, organisation)] == [
            await actor(database, colleague, organisation, scope) for scope in (Scope.SEND, Scope.ACCEPT)
        ]


KEEPERS_RIGHTS = [Scope.VIEW, Scope.MANAGE_ROLES, Scope.MANAGE_GRANTS, Scope.VIEW | Scope.MANAGE]
NOBODYS_RIGHTS = [Scope.SEND, Scope.ACCEPT, Scope.END, Scope.VIEW | Scope.SEND, Scope.ALL]


@pytest.mark.parametrize("scope", KEEPERS_RIGHTS)
async def test_a_keeper_manages_its_record_and_nobody_else_does(tmp_path: Path, scope: Scope) -> None:
    """The record of a virtual contact is its keeper's."""
    async with empty_database(tmp_path) as database:
        keeper, other = await a_person(database), await a_person(database)
        kept = await a_kept_person(database, keeper)
        assert [Actor(keeper, kept), None] == [await actor(database, who, kept, scope) for who in (keeper, other)]


@pytest.mark.parametrize("scope", NOBODYS_RIGHTS)
async def test_a_virtual_contact_never_acts(tmp_path: Path, scope: Scope) -> None:
    """Neither its keeper, nor whoever acts for the keeper, nor a grant on the record itself acts in its name."""
    async with empty_database(tmp_path) as database:
        owner, grantee = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        own, shared = await a_kept_person(database, owner), await a_kept_person(database, organisation)
        await give(database, grantee, own, Scope.ALL)
        assert [None, None, None] == [
            await actor(database, who, kept, scope) for who, kept in ((owner, own), (owner, shared), (grantee, own))
        ]


async def test_scopes_on_the_keeper_hold_for_the_records_that_it_keeps(tmp_path: Path) -> None:
    """A colleague who may view the organisation views its records, and manages them only with that scope."""
    async with empty_database(tmp_path) as database:
        owner, colleague = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        kept = await a_kept_person(database, organisation)
        await give(database, colleague, organisation, Scope.MANAGE_ROLES)
        assert [Actor(colleague, kept), Actor(colleague, kept), None] == [
            await actor(database, colleague, kept, scope)
            for scope in (Scope.VIEW, Scope.MANAGE_ROLES, Scope.MANAGE_GRANTS)
        ]


async def test_another_keepers_contact_looks_like_a_missing_one(tmp_path: Path) -> None:
    """A virtual contact can be named by its keeper and whoever acts for it; a real one by everybody."""
    async with empty_database(tmp_path) as database:
        owner, other = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        kept = await a_kept_person(database, organisation)

        async def named(person: Guid, contact: Guid) -> Guid | None:
            found = await database.read(lambda tx: contacts.find(tx, person, contact))
            return found.id if found else None

        assert [kept, None, other, None] == [
            await named(owner, kept),
            await named(other, kept),
            await named(owner, other),
            await named(owner, new_contact_id()),
        ]


async def test_nobody_acts_for_an_erased_contact(tmp_path: Path) -> None:
    """Erasing a contact ends the grants on it."""
    async with empty_database(tmp_path) as database:
        owner = await a_person(database)
        organisation = await an_organisation(database, owner)

        async def unit(tx: Transaction) -> None:
            await contacts.erase(tx, organisation)

        await database.write(unit)
        assert await actor(database, owner, organisation, Scope.VIEW) is None
