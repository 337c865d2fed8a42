"""Tests of the standard roles in the database and of their copy in memory."""

import asyncio
from pathlib import Path

from sqlalchemy import bindparam, update
from tests.support.contacts import empty_database

from platform_api.database.statements import Command
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import ContactType, RecordStatus
from platform_api.roles import RoleBook, get_role, list_roles, seed
from platform_api.roles.standard import BUSINESS_CONTACT, EMPLOYEE, STANDARD_ROLES
from platform_api.roles.tables import roles
from platform_api.roles.values import ROLES_CHANGED

ARCHIVE = Command(update(roles).where(roles.c.id == bindparam("role")).values(record_status="I"))


async def archive(tx: Transaction) -> None:
    """Archive a role."""
    await tx.execute(ARCHIVE, role=BUSINESS_CONTACT)
    tx.notify(ROLES_CHANGED)


async def test_seeding_writes_the_standard_roles(tmp_path: Path) -> None:
    """The roles in the database equal the declared ones."""
    async with empty_database(tmp_path) as database:
        await database.write(seed)
        assert sorted(STANDARD_ROLES, key=lambda role: role.name) == await database.read(list_roles)


async def test_seeding_twice_is_seeding_once(tmp_path: Path) -> None:
    """Seeding again changes nothing."""
    async with empty_database(tmp_path) as database:
        await database.write(seed)
        before = await database.read(list_roles)
        await database.write(seed)
        assert before == await database.read(list_roles)


async def test_seeding_leaves_an_archived_role_archived(tmp_path: Path) -> None:
    """An archived role stays archived when it is seeded again."""
    async with empty_database(tmp_path) as database:
        await database.write(seed)
        await database.write(archive)
        await database.write(seed)
        role = await database.read(lambda tx: get_role(tx, BUSINESS_CONTACT))
        assert role is not None
        assert RecordStatus.INACTIVE is role.record_status


async def test_the_book_knows_names(tmp_path: Path) -> None:
    """The copy in memory returns the name of a role, and an empty name for another id."""
    async with empty_database(tmp_path) as database:
        await database.write(seed)
        book = await RoleBook.open(database)
        assert ("Employee", "") == (book.name(EMPLOYEE), book.name(ContactType.REAL_PERSON.id))


async def test_the_book_is_refreshed_after_changes(tmp_path: Path) -> None:
    """After a role was archived, the copy in memory no longer offers it."""
    async with empty_database(tmp_path) as database:
        await database.write(seed)
        book = await RoleBook.open(database)
        await database.write(archive)
        async with asyncio.timeout(5):
            while (role := book.role(BUSINESS_CONTACT)) is None or role.is_active:  # noqa: ASYNC110 - the book tells nobody
                await asyncio.sleep(0.01)
        offered = book.possible(ContactType.REAL_PERSON, ContactType.REAL_PERSON)
        assert BUSINESS_CONTACT not in {role.id for role in offered}
