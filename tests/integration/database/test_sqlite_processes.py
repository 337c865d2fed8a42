"""Several processes on one file, and processes that die."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.support.database import finish, integrity, make_file, note_ids, start_program, tallies

from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction

pytestmark = pytest.mark.sqlite_only(reason="tests of the SQLite room")

TALLY = Query(select(tallies.c.amount), int)


async def tally(tx: Transaction) -> int | None:
    """Return the sum."""
    return await tx.one(TALLY)


async def test_two_processes_write_to_one_file(tmp_path: Path) -> None:
    """Neither loses anything of the other's, and neither is refused."""
    path = make_file(tmp_path / "test.db")
    finish([start_program("add_up", path, "300") for _ in range(2)])
    async with SqliteDatabase.open(path) as database:
        assert 600 == await database.read(tally)


async def test_commits_of_other_processes_wake_whoever_listens(tmp_path: Path) -> None:
    """Within a moment, and whatever they notified."""
    path = make_file(tmp_path / "test.db")
    async with SqliteDatabase.open(path) as database:
        woken = asyncio.Event()
        database.listen("letters", woken.set)
        program = start_program("add_up", path, "1")
        await asyncio.wait_for(woken.wait(), 20)
        assert 1 == await database.read(tally)
        await asyncio.to_thread(finish, [program])


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """A process killed in the middle of its work has written everything that it said it had."""
    path = make_file(tmp_path / "test.db")
    program = start_program("write_for_ever", path)
    assert program.stdout is not None
    acknowledged = {program.stdout.readline() for _ in range(500)}
    program.kill()
    acknowledged |= {line for line in program.communicate()[0].splitlines(keepends=True) if line.endswith("\n")}
    async with SqliteDatabase.open(path) as database:
        kept = {name + "\n" for name in await database.read(note_ids)}
    assert set() == acknowledged - kept
    assert "ok" == integrity(path)
