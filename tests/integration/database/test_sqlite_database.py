"""Guarantees of a database to its users."""

import asyncio
import functools
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.support.database import a_file_database, make_file, note, note_ids

from platform_api.database.errors import DatabaseBusy, DatabaseClosed, UniqueViolation, UnitMisused
from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.transaction import Transaction, Unit

pytestmark = pytest.mark.sqlite_only(reason="tests of the SQLite room")


async def now(tx: Transaction) -> datetime:
    """The time of a transaction."""
    return tx.now


def names_in(folder: Path) -> list[str]:
    """The files of a folder."""
    return sorted(file.name for file in folder.iterdir())


async def test_a_read_sees_one_state(tmp_path: Path) -> None:
    """A unit does not see a commit that happens while it reads; the next one does."""
    half_way, gate = threading.Event(), threading.Event()

    async def twice(tx: Transaction) -> tuple[list[str], list[str]]:
        first = await note_ids(tx)
        half_way.set()
        assert gate.wait(10)
        return first, await note_ids(tx)

    async with a_file_database(tmp_path) as database:
        reading = asyncio.ensure_future(database.read_long(twice))
        await asyncio.to_thread(half_way.wait, 10)
        await database.write(functools.partial(note, name="a"))
        gate.set()
        assert ([], []) == await reading
        assert ["a"] == await database.read_long(note_ids)


@pytest.mark.parametrize("read", ["read", "read_long"])
async def test_a_unit_that_reads_cannot_write(tmp_path: Path, read: str) -> None:
    """A write by mistake in a reading unit is an error, not a lost write."""
    async with a_file_database(tmp_path) as database:
        with pytest.raises(UnitMisused):
            await getattr(database, read)(functools.partial(note, name="a"))


async def test_a_unit_that_reads_cannot_notify(tmp_path: Path) -> None:
    """There is no commit after which a listener could be woken."""

    async def unit(tx: Transaction) -> None:
        tx.notify("letters")

    async with a_file_database(tmp_path) as database:
        with pytest.raises(UnitMisused):
            await database.read(unit)


async def test_a_unit_that_waits_for_something_else_is_refused(tmp_path: Path) -> None:
    """It would keep every other writer waiting, so it is undone and told."""

    async def unit(tx: Transaction) -> None:
        await note(tx, "a")
        await asyncio.sleep(0)

    async with a_file_database(tmp_path) as database:
        with pytest.raises(UnitMisused):
            await database.write(unit)
        assert [] == await database.read(note_ids)


@pytest.mark.parametrize("outer", ["read", "read_long", "write"])
@pytest.mark.parametrize("inner", ["read", "read_long", "write"])
async def test_a_unit_cannot_run_another(tmp_path: Path, outer: str, inner: str) -> None:
    """It would wait for itself, or see another state; and the inner one is not run."""
    async with a_file_database(tmp_path) as database:

        async def unit(tx: Transaction) -> None:
            await getattr(database, inner)(functools.partial(note, name="a"))

        with pytest.raises(UnitMisused, match="cannot run another"):
            await getattr(database, outer)(unit)
        assert [] == await database.read(note_ids)


async def test_a_unique_violation_names_the_index(tmp_path: Path) -> None:
    """The name under which the table declares it, with its columns."""
    async with a_file_database(tmp_path) as database:
        await database.write(functools.partial(note, name="a", title="same"))
        with pytest.raises(UniqueViolation) as raised:
            await database.write(functools.partial(note, name="b", title="same"))
    assert ("ux_notes_title", ("title",)) == (raised.value.constraint, raised.value.columns)


async def test_a_unique_violation_names_the_primary_key(tmp_path: Path) -> None:
    """The name of the naming convention."""
    async with a_file_database(tmp_path) as database:
        await database.write(functools.partial(note, name="a"))
        with pytest.raises(UniqueViolation) as raised:
            await database.write(functools.partial(note, name="a"))
    assert "pk_notes" == raised.value.constraint


async def test_a_file_held_by_somebody_else_is_busy(tmp_path: Path) -> None:
    """Those who waited long enough are told to try again, with nothing done; then it works."""
    path = make_file(tmp_path / "test.db")
    async with SqliteDatabase.open(path, busy_timeout=0.01) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as elsewhere:
            elsewhere.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseBusy):
                await database.write(functools.partial(note, name="a"))
            elsewhere.execute("ROLLBACK")
        await database.write(functools.partial(note, name="b"))
        assert ["b"] == await database.read(note_ids)


async def test_time_never_goes_back(tmp_path: Path) -> None:
    """The times of transactions, reading or writing, follow their order."""
    async with a_file_database(tmp_path) as database:
        times = [await (database.write if odd else database.read)(now) for odd in [True, False] * 20]
    assert sorted(times) == times


async def test_time_is_whole_milliseconds_in_utc(tmp_path: Path) -> None:
    """A client that holds times in milliseconds can send back what it was given."""
    async with a_file_database(tmp_path) as database:
        time = await database.write(now)
    assert (timedelta(0), 0) == (time.utcoffset(), time.microsecond % 1000)


async def test_closing_finishes_what_was_begun(tmp_path: Path) -> None:
    """Units that were asked for before the end of the `async with` are done."""
    async with a_file_database(tmp_path) as database:
        tasks = [asyncio.ensure_future(database.write(functools.partial(note, name=name))) for name in "abc"]
        await asyncio.sleep(0)
    assert ["a", "b", "c"] == await asyncio.gather(*tasks)


async def test_closing_leaves_one_tidy_file(tmp_path: Path) -> None:
    """The write-ahead log is gone, so that the file alone is the backup."""
    async with a_file_database(tmp_path) as database:
        await database.write(functools.partial(note, name="a"))
    assert ["test.db"] == names_in(tmp_path)


async def test_a_closed_database_refuses(tmp_path: Path) -> None:
    """Nothing waits for ever for a writer that has ended."""
    async with a_file_database(tmp_path) as database:
        pass
    with pytest.raises(DatabaseClosed):
        await database.write(note_ids)


async def test_whoever_listens_is_woken_after_the_commit(tmp_path: Path) -> None:
    """The topic wakes its listeners, who then see what was committed."""
    async with a_file_database(tmp_path) as database:
        woken = asyncio.Event()
        database.listen("letters", woken.set)
        await database.write(notifying("letters"))
        await asyncio.wait_for(woken.wait(), 10)
        assert ["a"] == await database.read(note_ids)


async def test_other_topics_and_failed_units_wake_nobody(tmp_path: Path) -> None:
    """Only a commit that notified the topic does."""
    async with a_file_database(tmp_path) as database:
        woken = asyncio.Event()
        database.listen("letters", woken.set)
        with pytest.raises(ZeroDivisionError):
            await database.write(notifying("letters", then=lambda: 1 / 0))
        await database.write(notifying("notices"))
    assert not woken.is_set()


def notifying(topic: str, then: Callable[[], object] = lambda: None) -> Unit[None]:
    """A unit that writes a note and notifies a topic."""

    async def unit(tx: Transaction) -> None:
        await note(tx, "a")
        tx.notify(topic)
        then()

    return unit
