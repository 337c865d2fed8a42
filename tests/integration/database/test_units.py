"""Guarantees of units on each database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select, update
from tests.support.database import ADD_NOTE, ADD_TO_TALLY, metadata, note, note_ids, notes
from tests.support.stores import an_engine

from platform_api.database.engine import Engine
from platform_api.database.errors import ConstraintViolation, UniqueViolation, UnitMisused
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Database, Transaction

COUNT_NOTES = Query(select(func.count()).select_from(notes), int)
RETITLE = Command(update(notes).where(notes.c.id == bindparam("note")).values(title=bindparam("new_title")))
TITLE_OF = Query(select(notes.c.title).where(notes.c.id == bindparam("id")), str)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A new database with the small tables."""
    return an_engine(tmp_path / "test.db", metadata)


@pytest.fixture
async def database(engine: Engine) -> AsyncIterator[Database]:
    """The database, open."""
    async with engine.open() as database:
        yield database


def adding(name: str, title: str | None = None) -> Callable[[Transaction], Any]:
    """A unit that writes one note."""

    async def unit(tx: Transaction) -> str:
        return await note(tx, name, title=title)

    return unit


async def test_what_a_unit_returns_is_the_result(database: Database) -> None:
    """The value that the unit returns is given to its caller."""
    assert "a" == await database.write(adding("a"))


async def test_a_committed_unit_is_seen_by_the_next(database: Database) -> None:
    """A unit that begins after another's result was given sees what that one wrote."""
    await database.write(adding("a"))
    assert ["a"] == await database.read(note_ids)


async def test_a_unit_sees_its_own_writes(database: Database) -> None:
    """Before the commit, too."""

    async def unit(tx: Transaction) -> list[str]:
        await note(tx, "a")
        return await note_ids(tx)

    assert ["a"] == await database.write(unit)


async def test_an_error_undoes_the_whole_unit(database: Database) -> None:
    """The caller gets the very error; nothing of the unit is kept."""
    error = ValueError("mine")

    async def unit(tx: Transaction) -> None:
        await note(tx, "a")
        raise error

    with pytest.raises(ValueError, match="mine") as raised:
        await database.write(unit)
    assert (error, []) == (raised.value, await database.read(note_ids))


async def test_a_duplicate_is_told_by_the_name_of_its_key(database: Database) -> None:
    """The error names the unique key as the table declares it, and its columns."""
    await database.write(adding("a", "same"))
    with pytest.raises(UniqueViolation) as raised:
        await database.write(adding("b", "same"))
    assert ("ux_notes_title", ("title",)) == (raised.value.constraint, raised.value.columns)


async def test_a_unit_goes_on_after_an_attempt_that_failed(database: Database) -> None:
    """Only the attempt is undone."""

    async def unit(tx: Transaction) -> None:
        await note(tx, "a", title="same")
        with pytest.raises(UniqueViolation):
            await tx.attempt(ADD_NOTE, id="b", title="same", above=None, later=None)
        with pytest.raises(ConstraintViolation):
            await tx.attempt(ADD_NOTE, id="c", title=None, above="nobody", later=None)
        assert 1 == await tx.attempt(ADD_NOTE, id="d", title=None, above=None, later=None)

    await database.write(unit)
    assert ["a", "d"] == await database.read(note_ids)


async def test_a_unit_cannot_go_on_after_a_statement_that_failed(database: Database) -> None:
    """Every later statement is refused, and nothing of the unit is kept."""

    async def unit(tx: Transaction) -> None:
        await note(tx, "a", title="same")
        with pytest.raises(UniqueViolation):
            await note(tx, "b", title="same")
        await note(tx, "c")

    with pytest.raises(UnitMisused):
        await database.write(unit)
    assert [] == await database.read(note_ids)


async def test_a_unit_that_reads_cannot_write(database: Database) -> None:
    """It is refused, and nothing is written."""
    with pytest.raises(UnitMisused):
        await database.read(adding("a"))
    assert [] == await database.read(note_ids)


@pytest.mark.parametrize("how", ["read", "write", "read_long"])
async def test_a_unit_cannot_run_another(database: Database, how: str) -> None:
    """A unit within a unit would wait for itself, or read another state."""

    async def unit(_tx: Transaction) -> None:
        await getattr(database, how)(note_ids)

    with pytest.raises(UnitMisused):
        await database.write(unit)


async def test_units_behave_as_if_they_ran_one_after_the_other(database: Database) -> None:
    """Of many units that each add a note only if there are fewer than three, three succeed."""

    async def unit(tx: Transaction, name: str) -> bool:
        if (await tx.one(COUNT_NOTES) or 0) >= 3:
            return False
        await note(tx, name)
        return True

    added = await asyncio.gather(*(database.write(partial(unit, name=f"n{number}")) for number in range(12)))
    assert (3, 3) == (sum(added), len(await database.read(note_ids)))


async def test_no_increment_is_lost(database: Database) -> None:
    """Units on one row at the same time each see the other's change."""

    async def unit(tx: Transaction) -> int:
        return await tx.one(ADD_TO_TALLY, name="visits", amount=1) or 0

    assert sorted(await asyncio.gather(*(database.write(unit) for _ in range(40)))) == list(range(1, 41))


@pytest.mark.postgresql_only(
    reason="on SQLite a short read holds the event loop, so that no commit comes in its middle"
)
async def test_a_unit_that_reads_sees_one_state(database: Database) -> None:
    """A commit in the middle of it is not seen, by its second statement either."""
    await database.write(adding("a", "before"))
    between = asyncio.Event()
    committed = asyncio.Event()

    async def unit(tx: Transaction) -> tuple[str | None, str | None]:
        first = await tx.one(TITLE_OF, id="a")
        between.set()
        await committed.wait()
        return first, await tx.one(TITLE_OF, id="a")

    async def retitle(tx: Transaction) -> None:
        await tx.execute(RETITLE, note="a", new_title="after")

    reading = asyncio.create_task(database.read(unit))
    await between.wait()
    await database.write(retitle)
    committed.set()
    assert ("before", "before") == await reading


async def test_the_time_is_the_same_throughout_a_unit_and_never_goes_back(database: Database) -> None:
    """In UTC, to the millisecond, about now."""

    async def unit(tx: Transaction) -> tuple[datetime, datetime]:
        before = tx.now
        await tx.one(COUNT_NOTES)
        return before, tx.now

    pairs = [await database.write(unit) for _ in range(20)]
    times = [first for first, _ in pairs]
    assert (times, sorted(times)) == ([second for _, second in pairs], times)
    assert all(time.tzinfo is UTC and time.microsecond % 1000 == 0 for time in times)
    assert abs(datetime.now(UTC) - times[-1]) < timedelta(seconds=30)


async def test_listeners_are_woken_after_the_commit_on_every_node(engine: Engine) -> None:
    """This includes the node that wrote; a failed unit wakes no listener."""

    async def write(tx: Transaction) -> None:
        await note(tx, "a")
        tx.notify("notes")

    async with engine.open() as one, engine.open() as other:
        woken = asyncio.Event(), asyncio.Event()
        one.listen("notes", woken[0].set)
        other.listen("notes", woken[1].set)
        await asyncio.sleep(0.2)
        for event in woken:
            event.clear()
        await one.write(write)
        async with asyncio.timeout(10):
            await asyncio.gather(*(event.wait() for event in woken))
        assert ["a"] == await other.read(note_ids)


async def test_a_unit_that_reads_cannot_notify(database: Database) -> None:
    """Only a commit is worth a notification."""

    async def unit(tx: Transaction) -> None:
        tx.notify("notes")

    with pytest.raises(UnitMisused):
        await database.read(unit)


async def test_units_of_several_nodes_behave_as_if_they_ran_one_after_the_other(engine: Engine) -> None:
    """Two nodes that each add only while the other has not: one of them adds."""

    async def unit(tx: Transaction, mine: str, theirs: str) -> bool:
        if await tx.one(TITLE_OF, id=theirs) is not None:
            return False
        await tx.execute(ADD_NOTE, id=mine, title=f"of {mine}", above=None, later=None)
        return True

    opened: list[AbstractAsyncContextManager[Database]] = [engine.open(), engine.open()]
    async with opened[0] as one, opened[1] as other:
        for round_ in range(10):
            names = f"a{round_}", f"b{round_}"
            added = await asyncio.gather(
                one.write(partial(unit, mine=names[0], theirs=names[1])),
                other.write(partial(unit, mine=names[1], theirs=names[0])),
            )
            assert 1 == sum(added)


async def test_a_foreign_key_that_is_checked_at_the_commit_fails_it(database: Database) -> None:
    """Nothing of the unit is kept."""

    async def unit(tx: Transaction) -> None:
        await note(tx, "a", later="nobody")

    with pytest.raises(Exception, match=r"."):
        await database.write(unit)
    assert [] == await database.read(note_ids)


async def test_a_closed_database_refuses_units(engine: Engine) -> None:
    """Each kind of unit."""
    from platform_api.database.errors import DatabaseClosed

    async with engine.open() as database:
        pass
    for run in (database.read, database.write, database.read_long):
        with pytest.raises(DatabaseClosed):
            await run(note_ids)
