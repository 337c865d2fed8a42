"""Counts of a database: what operators see of its units and transactions."""

import asyncio
import functools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.database import a_database, note

from platform_api.database.figures import GROUP_SIZES, Figures, PoolState
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.metrics import Buckets
from platform_api.management.database import figures_of


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """The small tables."""
    async with a_database(tmp_path) as opened:
        yield opened


async def fail(tx: Transaction) -> None:
    """Write, then fail."""
    await note(tx, "undone")
    raise LookupError


async def nothing(_tx: Transaction) -> None:
    """Read nothing."""


def groups(*sizes: int) -> list[int]:
    """The counts of a histogram of these groups."""
    buckets = Buckets(GROUP_SIZES)
    for size in sizes:
        buckets.observe(size)
    return buckets.counts


async def test_units_and_commits_are_counted(database: Database) -> None:
    """Reads, writes and failures; each commit with the units that it held."""
    await database.read(nothing)
    await database.read_long(nothing)
    await database.write(lambda tx: note(tx, "one"))
    await database.write(lambda tx: note(tx, "two"))
    with pytest.raises(LookupError):
        await database.write(fail)

    figures = database.figures
    assert (2, 3, 1, 0, None) == (figures.reads, figures.writes, figures.failed, figures.lost, figures.failure)
    assert figures.commits == sum(figures.groups.counts)
    assert figures.commits in (2, 3)  # a group whose only unit failed is committed empty on one kind of database


@pytest.mark.sqlite_only(reason="commits in groups")
async def test_units_of_one_commit_are_a_group(database: Database) -> None:
    """Units that wait at the same time are committed together."""
    await asyncio.gather(*(database.write(functools.partial(note, name=str(number))) for number in range(20)))
    assert (20, 20.0) == (database.figures.writes, database.figures.groups.total)
    assert database.figures.commits < 20


@pytest.mark.postgresql_only(reason="has a pool of connections")
async def test_connections_of_the_pool_are_counted(database: Database) -> None:
    """Those in use, those that are free, and the limit."""
    during: list[PoolState] = []
    pool = database.figures.connections
    assert pool is not None

    async def unit(_tx: Transaction) -> None:
        during.append(pool())

    await database.write(unit)
    assert (1, 0) == (during[0].used, pool().used)
    names = [family.name for family in figures_of(database.figures)]
    assert "platform_api_database_connections_limit" in names


@pytest.mark.no_database
def test_a_lost_transaction_is_told_until_the_next_commit() -> None:
    """The reason of the latest loss; a commit shows that changes are stored again."""
    figures = Figures()
    figures.lose("disk full")
    assert (1, 0, "disk full") == (figures.lost, figures.commits, figures.failure)
    figures.committed(3)
    assert (1, 1, None, groups(3)) == (figures.lost, figures.commits, figures.failure, figures.groups.counts)
