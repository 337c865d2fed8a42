"""Tests of units that overlap on PostgreSQL, where each reads the state of its beginning."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select
from tests.support.database import ADD_NOTE, a_database, note, notes

from platform_api.database.errors import UniqueViolation
from platform_api.database.statements import Query
from platform_api.database.transaction import Database, Transaction

pytestmark = pytest.mark.postgresql_only(reason="on SQLite units that write run one after the other")

BY_TITLE = Query(select(notes.c.id).where(notes.c.title == bindparam("title")), str)


class NoteTaken(Exception):
    """What a unit makes of a violation."""


class Late:
    """A unit that begins before another commits, and writes afterwards.

    Attributes:
        runs: number of its runs.
    """

    def __init__(self) -> None:
        self.runs = 0
        self._begun = asyncio.Event()
        self._may_write = asyncio.Event()

    async def found(self, tx: Transaction) -> str | None:
        """Begin: the id of the note with the title; then wait for the other unit."""
        self.runs += 1
        found = await tx.one(BY_TITLE, title="same")
        self._begun.set()
        await self._may_write.wait()
        return found

    async def meanwhile(self, database: Database) -> None:
        """Commit the other unit between begin and write."""
        await self._begun.wait()
        await database.write(lambda tx: note(tx, "first", title="same"))
        self._may_write.set()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """The small tables."""
    async with a_database(tmp_path) as opened:
        yield opened


async def test_a_row_that_a_unit_could_not_see_is_no_violation(database: Database) -> None:
    """The unit is run again and finds the row, as if it had begun after the other."""
    late = Late()

    async def unit(tx: Transaction) -> str:
        found = await late.found(tx)
        try:
            return found or await note(tx, "second", title="same")
        except UniqueViolation as error:
            raise NoteTaken from error

    found, _ = await asyncio.gather(database.write(unit), late.meanwhile(database))
    assert ("first", 2) == (found, late.runs)


async def test_an_attempt_that_fails_leaves_a_state_with_the_row(database: Database) -> None:
    """A unit that goes on after the violation finds the row that it ran into."""
    late = Late()

    async def unit(tx: Transaction) -> str | None:
        await late.found(tx)
        try:
            await tx.attempt(ADD_NOTE, id="second", title="same", above=None, later=None)
        except UniqueViolation:
            return await tx.one(BY_TITLE, title="same")
        return "second"

    found, _ = await asyncio.gather(database.write(unit), late.meanwhile(database))
    assert ("first", 2) == (found, late.runs)


async def test_a_violation_by_the_unit_itself_is_raised(database: Database) -> None:
    """A second run meets it again, so that there is no third."""
    runs = []

    async def unit(tx: Transaction) -> None:
        runs.append(tx.now)
        await note(tx, "a", title="same")
        await note(tx, "b", title="same")

    with pytest.raises(UniqueViolation):
        await database.write(unit)
    assert 2 == len(runs)
