"""Tests of units that overlap on PostgreSQL, where each reads the state of its beginning."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, update
from tests.support.database import ADD_NOTE, ADD_TO_TALLY, NOTE_IDS, a_database, note, note_ids, notes, tallies

from platform_api.database.errors import UniqueViolation
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Database, Transaction

pytestmark = pytest.mark.postgresql_only(reason="on SQLite units that write run one after the other")

BY_TITLE = Query(select(notes.c.id).where(notes.c.title == bindparam("title")), str)


AMOUNT = Query(select(tallies.c.amount).where(tallies.c.name == bindparam("name")), int)
SET_AMOUNT = Command(update(tallies).where(tallies.c.name == bindparam("tally")).values(amount=bindparam("new_amount")))
CHECKING, SAVINGS = "checking", "savings"


class NoteTaken(Exception):
    """Error that a unit raises in place of a unique violation."""


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


class Meeting:
    """A point that two units reach before either goes on; later runs pass it at once."""

    def __init__(self) -> None:
        self._waiting = 2
        self._both = asyncio.Event()

    async def wait(self) -> None:
        """Wait for the other unit."""
        self._waiting -= 1
        if self._waiting == 0:
            self._both.set()
        await self._both.wait()


async def amounts(tx: Transaction) -> dict[str, int]:
    """Both tallies, each read by its key."""
    return {name: await tx.one(AMOUNT, name=name) or 0 for name in (CHECKING, SAVINGS)}


async def set_amount(tx: Transaction, name: str, amount: int) -> None:
    """Write a tally that exists."""
    assert 1 == await tx.execute(SET_AMOUNT, tally=name, new_amount=amount)


async def with_tallies(database: Database, checking: int, savings: int) -> None:
    """Make both tallies."""

    async def unit(tx: Transaction) -> None:
        await tx.one(ADD_TO_TALLY, name=CHECKING, amount=checking)
        await tx.one(ADD_TO_TALLY, name=SAVINGS, amount=savings)

    await database.write(unit)


async def test_no_update_is_lost(database: Database) -> None:
    """Of two units that read a value and write one computed from it, the second is run again with the new value."""
    await with_tallies(database, 0, 0)
    meeting = Meeting()

    async def unit(tx: Transaction) -> None:
        before = (await amounts(tx))[CHECKING]
        await meeting.wait()
        await set_amount(tx, CHECKING, before + 1)

    await asyncio.gather(database.write(unit), database.write(unit))
    assert {CHECKING: 2, SAVINGS: 0} == await database.read(amounts)


async def test_no_decision_rests_on_what_another_unit_changes(database: Database) -> None:
    """Write skew: two units that read both rows and write different ones; only one may find the sum large enough."""
    await with_tallies(database, 50, 50)
    meeting = Meeting()

    async def withdraw(tx: Transaction, name: str) -> bool:
        found = await amounts(tx)
        await meeting.wait()
        if sum(found.values()) < 100:
            return False
        await set_amount(tx, name, found[name] - 100)
        return True

    done = await asyncio.gather(
        *(database.write(lambda tx, name=name: withdraw(tx, name)) for name in (CHECKING, SAVINGS))  # type: ignore[misc]
    )
    assert (1, 0) == (sum(done), sum((await database.read(amounts)).values()))


async def test_no_decision_rests_on_a_row_that_another_unit_adds(database: Database) -> None:
    """Phantoms: of two units that each write a row because there is none, one finds the row of the other."""
    meeting = Meeting()

    async def unit(tx: Transaction, name: str) -> str:
        found = await tx.all(NOTE_IDS)
        await meeting.wait()
        return found[0] if found else await note(tx, name)

    first, second = await asyncio.gather(
        database.write(lambda tx: unit(tx, "a")), database.write(lambda tx: unit(tx, "b"))
    )
    assert [first] == [second] == await database.read(note_ids)


async def test_a_unit_that_reads_may_see_a_state_of_no_serial_order(database: Database) -> None:
    """The one anomaly that is admitted: a read between a withdrawal's state and its commit misses the withdrawal's cause.

    A withdrawal reads both accounts and begins first, a deposit commits, a report is read, the withdrawal commits. The
    report has the deposit and not the withdrawal, so the withdrawal came later; but it charged a fee, because it did not
    see the deposit. Each state that was read is still one that units had committed, and nothing is written from it.
    """
    await with_tallies(database, 0, 0)
    begun, may_commit = asyncio.Event(), asyncio.Event()

    async def withdraw_with_fee(tx: Transaction) -> None:
        found = await amounts(tx)
        begun.set()
        await may_commit.wait()
        fee = 1 if sum(found.values()) < 10 else 0
        await set_amount(tx, CHECKING, found[CHECKING] - 10 - fee)

    withdrawal = asyncio.create_task(database.write(withdraw_with_fee))
    await begun.wait()
    await database.write(lambda tx: set_amount(tx, SAVINGS, 20))
    report = await database.read(amounts)
    may_commit.set()
    await withdrawal
    assert ({CHECKING: 0, SAVINGS: 20}, {CHECKING: -11, SAVINGS: 20}) == (report, await database.read(amounts))
