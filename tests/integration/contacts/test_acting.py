"""The right to act for a contact, as the database has it at that moment."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support.contacts import a_kept_person, a_person, an_organisation, empty_database

from platform_api import contacts
from platform_api.contacts import Actor, ContactNotFound, NewGrant, PlatformPrincipal, Scope
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_contact_id
from servicehost.contract.call import Principal
from servicehost.contract.errors import NotAuthenticated
from servicehost.contract.scalars import EMPTY_GUID, Guid


async def actor(
    database: Database, principal: Principal | None, contact: Guid, scope: Scope = Scope.SEND
) -> Actor | None:
    """The actor of a call; None if it is refused."""

    async def unit(tx: Transaction) -> Actor:
        return await contacts.actor(tx, principal, contact, scope, otherwise=ContactNotFound)

    try:
        return await database.read(unit)
    except ContactNotFound:
        return None


async def actors(
    database: Database, person: Guid, ends: Sequence[Guid], scope: Scope = Scope.END, *, limit: Scope = Scope.ALL
) -> list[Actor]:
    """The ends that a person acts for, with credentials that are limited to some scopes."""

    async def unit(tx: Transaction) -> list[Actor]:
        return await contacts.actors(tx, user(person, scopes=limit), ends, scope, otherwise=ContactNotFound)

    return await database.read(unit)


async def give(database: Database, person: Guid, contact: Guid, scopes: Scope) -> Guid:
    """The id of the grant that is given."""

    async def unit(tx: Transaction) -> Guid:
        return await contacts.give_grant(tx, NewGrant(person=person, contact=contact, scopes=scopes))

    return await database.write(unit)


def user(person: Guid, *, perspective: Guid | None = None, scopes: Scope = Scope.ALL) -> PlatformPrincipal:
    """The principal of a signed-in person."""
    return PlatformPrincipal("user", contact_id=person, perspective=perspective, scopes=scopes)


async def test_a_person_acts_for_itself(tmp_path: Path) -> None:
    """A person needs no grant on their own contact."""
    async with empty_database(tmp_path) as database:
        person = await a_person(database)
        assert Actor(person, person) == await actor(database, user(person), person, Scope.ALL)


async def test_a_stranger_acts_for_nobody_else(tmp_path: Path) -> None:
    """Without a grant there is no right on a contact, and none on a contact that does not exist."""
    async with empty_database(tmp_path) as database:
        person, other = await a_person(database), await a_person(database)
        assert [None, None] == [
            await actor(database, user(person), other, Scope.VIEW),
            await actor(database, user(person), new_contact_id(), Scope.VIEW),
        ]


@pytest.mark.parametrize("principal", [None, Principal("user")])
async def test_an_anonymous_call_is_not_authenticated(tmp_path: Path, principal: Principal | None) -> None:
    """Only a user of the platform acts."""
    async with empty_database(tmp_path) as database:
        person = await a_person(database)
        with pytest.raises(NotAuthenticated):
            await actor(database, principal, person)


async def test_an_owner_does_everything_for_its_organisation(tmp_path: Path) -> None:
    """The person who makes an organisation holds every scope."""
    async with empty_database(tmp_path) as database:
        owner = await a_person(database)
        organisation = await an_organisation(database, owner)
        assert Actor(owner, organisation) == await actor(database, user(owner), organisation, Scope.ALL)


async def test_a_call_that_names_no_contact_acts_from_the_perspective_of_the_session(tmp_path: Path) -> None:
    """The named contact comes first, then the perspective, then the person's own contact."""
    async with empty_database(tmp_path) as database:
        owner = await a_person(database)
        first, second = await an_organisation(database, owner), await an_organisation(database, owner)
        assert [Actor(owner, first), Actor(owner, second), Actor(owner, owner)] == [
            await actor(database, user(owner, perspective=second), first),
            await actor(database, user(owner, perspective=second), EMPTY_GUID),
            await actor(database, user(owner), EMPTY_GUID),
        ]


async def test_a_perspective_gives_no_right(tmp_path: Path) -> None:
    """A session whose perspective is a contact without a grant is refused; its own contact does not stand in."""
    async with empty_database(tmp_path) as database:
        owner, stranger = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        assert await actor(database, user(stranger, perspective=organisation), EMPTY_GUID, Scope.VIEW) is None


@pytest.mark.parametrize(
    ("allowed", "scope"), [(True, Scope.VIEW), (True, Scope.SEND), (False, Scope.ACCEPT), (False, Scope.ALL)]
)
async def test_credentials_limit_the_scopes_of_their_user(tmp_path: Path, *, allowed: bool, scope: Scope) -> None:
    """Limited credentials do no more than both the limit and the grant allow, for the person's own contact too."""
    async with empty_database(tmp_path) as database:
        owner = await a_person(database)
        organisation = await an_organisation(database, owner)
        limited = user(owner, scopes=Scope.VIEW | Scope.SEND)
        for contact in (owner, organisation):
            assert (Actor(owner, contact) if allowed else None) == await actor(database, limited, contact, scope)


async def test_unlimited_credentials_do_not_widen_a_grant(tmp_path: Path) -> None:
    """A grant to view stays one, whatever the credentials allow."""
    async with empty_database(tmp_path) as database:
        owner, colleague = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        await give(database, colleague, organisation, Scope.VIEW)
        assert await actor(database, user(colleague), organisation, Scope.SEND) is None


async def test_either_side_may_act(tmp_path: Path) -> None:
    """The actors of a connection are its ends that the person acts for, in their order."""
    async with empty_database(tmp_path) as database:
        owner, other = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        assert [
            [Actor(owner, organisation), Actor(owner, owner)],
            [Actor(other, other)],
        ] == [
            await actors(database, owner, (organisation, owner)),
            await actors(database, other, (organisation, other)),
        ]


async def test_limited_credentials_act_for_neither_side(tmp_path: Path) -> None:
    """The limit holds for acts of either side too."""
    async with empty_database(tmp_path) as database:
        owner = await a_person(database)
        organisation = await an_organisation(database, owner)
        with pytest.raises(ContactNotFound):
            await actors(database, owner, (organisation, owner), limit=Scope.VIEW | Scope.SEND)


async def test_a_person_who_acts_for_neither_side_is_refused(tmp_path: Path) -> None:
    """The error is the one that the operation has chosen."""
    async with empty_database(tmp_path) as database:
        owner, stranger = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        with pytest.raises(ContactNotFound):
            await actors(database, stranger, (organisation, owner))


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
    """A grant allows the scopes that it lists, and to view; an act that needs several scopes needs all of them."""
    async with empty_database(tmp_path) as database:
        owner, colleague = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        await give(database, colleague, organisation, Scope.SEND | Scope.END)
        expected = Actor(colleague, organisation) if allowed else None
        assert expected == await actor(database, user(colleague), organisation, scope)


async def test_a_second_grant_replaces_the_first(tmp_path: Path) -> None:
    """A person has one grant on a contact, with the scopes that were given last."""
    async with empty_database(tmp_path) as database:
        owner, colleague = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        first = await give(database, colleague, organisation, Scope.SEND)
        assert first == await give(database, colleague, organisation, Scope.ACCEPT)
        assert [None, Actor(colleague, organisation)] == [
            await actor(database, user(colleague), organisation, scope) for scope in (Scope.SEND, Scope.ACCEPT)
        ]


KEEPERS_RIGHTS = [Scope.VIEW, Scope.MANAGE_ROLES, Scope.MANAGE_GRANTS, Scope.VIEW | Scope.MANAGE]
NOBODYS_RIGHTS = [Scope.SEND, Scope.ACCEPT, Scope.END, Scope.VIEW | Scope.SEND, Scope.ALL]


@pytest.mark.parametrize("scope", KEEPERS_RIGHTS)
async def test_a_keeper_manages_its_record_and_nobody_else_does(tmp_path: Path, scope: Scope) -> None:
    """The record of a virtual contact is its keeper's."""
    async with empty_database(tmp_path) as database:
        keeper, other = await a_person(database), await a_person(database)
        kept = await a_kept_person(database, keeper)
        assert [Actor(keeper, kept), None] == [
            await actor(database, user(person), kept, scope) for person in (keeper, other)
        ]


async def test_a_keeper_needs_no_grant_on_its_record(tmp_path: Path) -> None:
    """The right comes from keeping the record, whatever grant the keeper has on itself."""
    async with empty_database(tmp_path) as database:
        keeper = await a_person(database)
        kept = await a_kept_person(database, keeper)
        await give(database, keeper, keeper, Scope.VIEW)
        assert Actor(keeper, kept) == await actor(database, user(keeper), kept, Scope.MANAGE)


@pytest.mark.parametrize("scope", NOBODYS_RIGHTS)
async def test_a_virtual_contact_never_acts(tmp_path: Path, scope: Scope) -> None:
    """Neither the keeper nor a person who acts for the keeper acts in its name, even with a grant on the record."""
    async with empty_database(tmp_path) as database:
        owner, grantee = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        own, shared = await a_kept_person(database, owner), await a_kept_person(database, organisation)
        await give(database, grantee, own, Scope.ALL)
        assert [None, None, None] == [
            await actor(database, user(person), kept, scope)
            for person, kept in ((owner, own), (owner, shared), (grantee, own))
        ]


async def test_scopes_on_the_keeper_hold_for_the_records_that_it_keeps(tmp_path: Path) -> None:
    """A colleague who may view the organisation views its records, and manages them only with that scope."""
    async with empty_database(tmp_path) as database:
        owner, colleague = await a_person(database), await a_person(database)
        organisation = await an_organisation(database, owner)
        kept = await a_kept_person(database, organisation)
        await give(database, colleague, organisation, Scope.MANAGE_ROLES)
        assert [Actor(colleague, kept), Actor(colleague, kept), None] == [
            await actor(database, user(colleague), kept, scope)
            for scope in (Scope.VIEW, Scope.MANAGE_ROLES, Scope.MANAGE_GRANTS)
        ]


async def test_another_keepers_contact_looks_like_a_missing_one(tmp_path: Path) -> None:
    """A virtual contact can be named by its keeper and by those who act for the keeper, a real one by any member."""
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
        assert await actor(database, user(owner), organisation, Scope.VIEW) is None
