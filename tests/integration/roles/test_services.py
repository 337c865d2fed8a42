"""Tests of the operations on roles."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.support.contacts import a_kept_person, a_person, an_organisation, empty_database, signed_in

from platform_api.contacts import ContactNotFound, WrongValue
from platform_api.database.transaction import Database
from platform_api.foundation.well_known import ContactType
from platform_api.roles.book import RoleBook
from platform_api.roles.messages import GetRolesForConnection
from platform_api.roles.services import RolesService
from servicehost.contract.scalars import Guid

REAL_PERSON, VIRTUAL_PERSON = ContactType.REAL_PERSON.id, ContactType.VIRTUAL_PERSON.id


@asynccontextmanager
async def service(folder: Path) -> AsyncIterator[tuple[RolesService, Database]]:
    """The service on its own database."""
    async with empty_database(folder) as database:
        yield RolesService(database, RoleBook()), database


async def test_roles_between_two_persons(tmp_path: Path) -> None:
    """The response has the roles that the other contact can be given, each with whether it is accepted at once."""
    async with service(tmp_path) as (roles, database):
        person = await a_person(database)
        message = GetRolesForConnection(from_contact_id=person, contact_type_id=REAL_PERSON)
        answer = await roles.roles_for_connection(message, signed_in(person))
        offered = {role.role_name: role.is_request_auto_accepted for role in answer.roles}
        assert (False, None) == (offered["Subcontractor"], offered.get("Staff"))


async def test_an_organisation_can_enrol_staff(tmp_path: Path) -> None:
    """A person who acts for an organisation gets the roles that the organisation can give."""
    async with service(tmp_path) as (roles, database):
        person = await a_person(database)
        organisation = await an_organisation(database, person)
        message = GetRolesForConnection(from_contact_id=organisation, contact_type_id=REAL_PERSON)
        answer = await roles.roles_for_connection(message, signed_in(person))
        assert [True] == [role.is_request_auto_accepted for role in answer.roles if role.role_name == "Staff"]


async def test_roles_of_another_contact_are_not_found(tmp_path: Path) -> None:
    """A contact that the person may not act for is 404, as if it did not exist."""
    async with service(tmp_path) as (roles, database):
        person, other = await a_person(database), await a_person(database)
        for contact in (other, Guid("00000000-0000-4000-8000-0000000000aa")):
            message = GetRolesForConnection(from_contact_id=contact, contact_type_id=REAL_PERSON)
            with pytest.raises(ContactNotFound):
                await roles.roles_for_connection(message, signed_in(person))


async def test_a_contact_of_another_keeper_is_not_found(tmp_path: Path) -> None:
    """A virtual contact is found for its keeper only."""
    async with service(tmp_path) as (roles, database):
        keeper, other = await a_person(database), await a_person(database)
        kept = await a_kept_person(database, keeper)
        ours = GetRolesForConnection(from_contact_id=keeper, contact_id=kept, contact_type_id=VIRTUAL_PERSON)
        theirs = GetRolesForConnection(from_contact_id=other, contact_id=kept, contact_type_id=VIRTUAL_PERSON)
        assert (await roles.roles_for_connection(ours, signed_in(keeper))).roles
        with pytest.raises(ContactNotFound):
            await roles.roles_for_connection(theirs, signed_in(other))


@pytest.mark.parametrize("kind", [VIRTUAL_PERSON, Guid("00000000-0000-4000-8000-0000000000aa")])
async def test_a_wrong_type_is_refused(tmp_path: Path, kind: Guid) -> None:
    """An unknown type, or another type than that of the named contact, is 400 with the member named."""
    async with service(tmp_path) as (roles, database):
        person, other = await a_person(database), await a_person(database)
        message = GetRolesForConnection(from_contact_id=person, contact_id=other, contact_type_id=kind)
        with pytest.raises(WrongValue) as refusal:
            await roles.roles_for_connection(message, signed_in(person))
        assert ["ContactTypeId"] == [field.field for field in refusal.value.fields]


async def test_a_closed_book_is_read_no_more(tmp_path: Path) -> None:
    """A refresh that runs is finished before the book is closed, and no change begins another."""
    async with empty_database(tmp_path) as database:
        book = await RoleBook.open(database)
        book._wake(database)
        await book.close()
        book._wake(database)
        assert not [task for task in asyncio.all_tasks() if "_refresh" in str(task.get_coro())]
