"""Units that share a transaction: what each may expect whatever happens to its neighbours."""

import asyncio
import functools
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.support.database import ADD_NOTE, a_file_database, note, note_ids

from platform_api.database.errors import CommitFailed, ConstraintViolation
from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.transaction import Transaction, Unit

pytestmark = pytest.mark.sqlite_only(reason="tests of the SQLite room")


async def in_one_group(database: SqliteDatabase, *units: Unit[Any]) -> list[asyncio.Task[Any]]:
    """The finished tasks of units that ran in one transaction: the first holds the writer until all are queued."""
    gate = threading.Event()

    async def hold(tx: Transaction) -> None:
        assert gate.wait(10)

    tasks = [asyncio.ensure_future(database.write(unit)) for unit in (hold, *units)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.wait(tasks)
    return tasks[1:]


def writing(name: str, **more: str) -> Unit[str]:
    """A unit that writes one note."""
    return functools.partial(note, name=name, **more)  # type: ignore[arg-type]


def failing_after(name: str, error: Exception) -> Unit[None]:
    """A unit that writes one note and then fails."""

    async def unit(tx: Transaction) -> None:
        await note(tx, name)
        raise error

    return unit


async def test_a_failed_unit_undoes_only_itself(tmp_path: Path) -> None:
    """The neighbours of a unit that fails after writing are kept, it is not."""
    async with a_file_database(tmp_path) as database:
        await in_one_group(database, writing("a"), failing_after("b", ValueError()), writing("c"))
        assert ["a", "c"] == await database.read(note_ids)


async def test_a_failed_unit_raises_its_own_error(tmp_path: Path) -> None:
    """The caller gets the very error, with the traceback of the unit."""
    error = ValueError("mine")
    async with a_file_database(tmp_path) as database:
        with pytest.raises(ValueError, match="mine") as raised:
            await database.write(failing_after("a", error))
    assert error is raised.value
    assert "unit" in [entry.name for entry in raised.traceback]


async def test_a_failed_attempt_undoes_only_itself(tmp_path: Path) -> None:
    """A unit that catches the error of an attempt goes on; its writes before and after are kept."""

    async def unit(tx: Transaction) -> None:
        await note(tx, "a")
        with pytest.raises(ConstraintViolation):
            await tx.attempt(ADD_NOTE, id="b", title=None, above="nobody", later=None)
        await note(tx, "c")

    async with a_file_database(tmp_path) as database:
        await database.write(unit)
        assert ["a", "c"] == await database.read(note_ids)


async def test_a_failed_commit_fails_all_of_its_group(tmp_path: Path) -> None:
    """When the COMMIT fails nothing of the group is kept, and every caller is told."""
    async with a_file_database(tmp_path) as database:
        tasks = await in_one_group(database, writing("a"), writing("b", later="nobody"), writing("c"))
        assert [CommitFailed] * 3 == [type(task.exception()) for task in tasks]
        assert [] == await database.read(note_ids)


async def test_a_failed_commit_leaves_each_failed_unit_its_error(tmp_path: Path) -> None:
    """A unit that failed by itself is told its own error, whatever became of the group."""
    async with a_file_database(tmp_path) as database:
        tasks = await in_one_group(database, failing_after("a", ValueError()), writing("b", later="nobody"))
        assert [ValueError, CommitFailed] == [type(task.exception()) for task in tasks]


async def test_the_group_after_a_failed_commit_works(tmp_path: Path) -> None:
    """A lost transaction is the loss of its group only."""
    async with a_file_database(tmp_path) as database:
        await in_one_group(database, writing("a", later="nobody"))
        await database.write(writing("b"))
        assert ["b"] == await database.read(note_ids)


async def test_a_cancelled_waiter_does_not_break_its_group(tmp_path: Path) -> None:
    """A caller that stops waiting does not affect the others."""
    async with a_file_database(tmp_path) as database:
        gate = threading.Event()

        async def hold(tx: Transaction) -> None:
            assert gate.wait(10)

        first, impatient, patient = (
            asyncio.ensure_future(database.write(unit)) for unit in (hold, writing("a"), writing("b"))
        )
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.sleep(0)
        gate.set()
        await first
        assert "b" == await patient
        assert impatient.cancelled()
        assert ["b"] == await database.read(note_ids)


async def test_a_waiter_cancelled_in_mid_unit_is_let_go(tmp_path: Path) -> None:
    """A running unit is finished and committed, even if its caller no longer waits."""
    started, gate = threading.Event(), threading.Event()

    async def slow(tx: Transaction) -> None:
        started.set()
        assert gate.wait(10)
        await note(tx, "a")

    async with a_file_database(tmp_path) as database:
        waiter = asyncio.ensure_future(database.write(slow))
        await asyncio.to_thread(started.wait, 10)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        gate.set()
        await database.write(writing("b"))
        assert ["a", "b"] == await database.read(note_ids)


async def test_a_result_is_given_after_the_commit(tmp_path: Path) -> None:
    """A caller with the result can rely on others seeing the change."""
    async with a_file_database(tmp_path) as database:
        await database.write(writing("a"))
        with closing(sqlite3.connect(tmp_path / "test.db")) as elsewhere:
            assert [("a",)] == elsewhere.execute("SELECT id FROM notes").fetchall()


async def test_units_see_what_earlier_units_did(tmp_path: Path) -> None:
    """Units of a group run one after the other, in the order in which they were asked for."""
    async with a_file_database(tmp_path) as database:
        tasks = await in_one_group(database, writing("a"), note_ids, writing("b"), note_ids)
        assert [["a"], ["a", "b"]] == [tasks[1].result(), tasks[3].result()]
