"""The operations that serve the lists from which clients choose."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.contacts import a_person, an_organisation, empty_database, signed_in

from platform_api.contacts import ContactNotFound, WrongValue
from platform_api.database.transaction import Database
from platform_api.directory import GetDataLists, GetLists, ListName, ListNotFound, ListsService
from platform_api.roles.book import RoleBook
from platform_api.roles.standard import EMPLOYEE, STANDARD_ROLES
from servicehost.contract.call import Call
from servicehost.contract.scalars import EMPTY_GUID, Guid

ANYBODY = Call()


@asynccontextmanager
async def service(folder: Path, roles: RoleBook | None = None) -> AsyncIterator[tuple[ListsService, Database]]:
    """A service on a database of its own."""
    async with empty_database(folder) as database:
        yield ListsService(database, roles or RoleBook()), database


@pytest.mark.parametrize("ids", [[], [EMPTY_GUID], [ListName.LISTS.id]])
async def test_without_an_id_the_lists_are_listed(tmp_path: Path, ids: list[Guid]) -> None:
    """Without an id the answer is the list of all lists."""
    async with service(tmp_path) as (lists, _):
        found = (await lists.get_list(GetLists(list_ids=ids), ANYBODY)).list_
        assert found
        assert {each.id for each in ListName} - {ListName.LISTS.id, ListName.CUSTOM_ROLES.id} == {
            item.list_item_id for item in found.list_items
        }


async def test_one_id_is_that_list(tmp_path: Path) -> None:
    """An id that is sent twice is one list."""
    async with service(tmp_path) as (lists, _):
        wanted = ListName.STANDARD_ROLES.id
        found = (await lists.get_list(GetLists(list_ids=[wanted, wanted]), ANYBODY)).list_
        assert found
        assert (wanted, True) == (found.list_id, EMPLOYEE in {item.list_item_id for item in found.list_items})


async def test_two_ids_are_refused(tmp_path: Path) -> None:
    """The answer holds one list."""
    async with service(tmp_path) as (lists, _):
        with pytest.raises(WrongValue, match="one list at a time"):
            await lists.get_list(GetLists(list_ids=[ListName.GENDERS.id, ListName.TIME_ZONES.id]), ANYBODY)


async def test_an_unknown_list_is_not_found(tmp_path: Path) -> None:
    """The id of something else is not that of a list."""
    async with service(tmp_path) as (lists, _):
        with pytest.raises(ListNotFound):
            await lists.get_list(GetLists(list_ids=[EMPLOYEE]), ANYBODY)


async def test_all_lists_at_once(tmp_path: Path) -> None:
    """GetDataLists returns every list that GetLists names, in full."""
    async with service(tmp_path) as (lists, _):
        named = (await lists.get_list(GetLists(), ANYBODY)).list_
        assert named
        found = (await lists.get_data_lists(GetDataLists(), ANYBODY)).lists
        assert [item.list_item_id for item in named.list_items] == [each.list_id for each in found]


async def test_a_licensee_has_its_own_roles_too(tmp_path: Path) -> None:
    """Custom roles are listed with the contact that owns them."""
    async with service(tmp_path) as (lists, database):
        person = await a_person(database)
        licensee = await an_organisation(database, person)
        book = RoleBook(replace(role, owner_id=licensee) for role in STANDARD_ROLES if role.id == EMPLOYEE)
        found = await replace(lists, roles=book).get_data_lists(GetDataLists(licensee_id=licensee), signed_in(person))
        custom = next(each for each in found.lists if each.name == ListName.CUSTOM_ROLES)
        assert (licensee, False, [EMPLOYEE]) == (
            custom.owner_contact_id,
            custom.is_standard,
            [item.list_item_id for item in custom.list_items],
        )


async def test_a_licensee_of_somebody_else_is_not_found(tmp_path: Path) -> None:
    """Only a person who acts for a licensee sees its roles."""
    async with service(tmp_path) as (lists, database):
        owner, other = await a_person(database), await a_person(database)
        licensee = await an_organisation(database, owner)
        with pytest.raises(ContactNotFound):
            await lists.get_data_lists(GetDataLists(licensee_id=licensee), signed_in(other))
