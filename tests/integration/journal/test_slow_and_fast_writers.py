"""The order of the journal when transactions overlap: ids are given at insert, positions after the commit."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.stores import an_engine

from platform_api import journal
from platform_api.database.metadata import metadata
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.journal import Entry, upkeep

SUBJECT = new_id()
WRITERS = 6
ENTRIES = 15
"""Number of entries that each writer appends."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty journal."""
    async with an_engine(tmp_path / "data.sqlite3", metadata).open() as opened:
        yield opened


class Follower:
    """A reader of the journal that remembers its position."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.seen: list[tuple[int | None, str | None]] = []

    async def follow(self) -> None:
        """Read the entries after the last one that was read."""

        async def unit(tx: Transaction) -> list[journal.Recorded]:
            return await journal.entries_after(tx, len(self.seen), 1000)

        self.seen += [(found.position, found.entry.after) for found in await self._database.read(unit)]


def entry(name: str) -> Entry:
    """An entry that is recognised by its state afterwards."""
    return Entry("request", SUBJECT, "send", after=name)


@pytest.mark.postgresql_only(reason="only there do transactions overlap")
async def test_an_entry_that_commits_late_comes_after_those_that_readers_have_seen(database: Database) -> None:
    """A transaction gets its id first and commits last: its entry has the next position, not the lower one."""
    inserted, may_commit = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction) -> None:
        await journal.append(tx, entry("slow"))
        inserted.set()
        await may_commit.wait()

    follower = Follower(database)
    writing = asyncio.create_task(database.write(slow))
    await inserted.wait()
    await database.write(lambda tx: journal.append(tx, entry("fast")))
    await database.write(upkeep.sequence)
    await follower.follow()
    may_commit.set()
    await writing
    await database.write(upkeep.sequence)
    await follower.follow()

    assert [(1, "fast"), (2, "slow")] == follower.seen


async def test_slow_and_fast_writers_leave_no_gap_and_lose_no_entry(database: Database) -> None:
    """Writers, some of which fail, a sequencer and a follower run at the same time."""
    expected = [f"{writer}:{number}" for writer in range(WRITERS) for number in range(ENTRIES)]

    async def append_one(name: str, steps: int) -> None:
        async def unit(tx: Transaction) -> None:
            await journal.append(tx, entry(name))
            for _ in range(steps):
                await journal.entries_for(tx, SUBJECT)

        async def failing(tx: Transaction) -> None:
            await journal.append(tx, entry("undone"))
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await database.write(failing)
        await database.write(unit)

    async def write(writer: int) -> None:
        for number in range(ENTRIES):
            await append_one(f"{writer}:{number}", number % 3 if writer % 2 else 0)

    follower = Follower(database)
    writing = asyncio.gather(*(write(writer) for writer in range(WRITERS)))
    while not writing.done():
        await database.write(upkeep.sequence)
        await follower.follow()
    await writing
    await database.write(upkeep.sequence)
    await follower.follow()

    assert list(range(1, len(expected) + 1)) == [position for position, _ in follower.seen]
    assert sorted(expected) == sorted(str(after) for _, after in follower.seen)
