"""Small programs for tests with several processes: `python -m tests.support.database_programs NAME FILE ...`."""

import asyncio
import functools
import itertools
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.support.database import ADD_TO_TALLY, note

from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at
from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.transaction import Transaction


async def write_for_ever(path: str) -> None:
    """Write notes from 16 tasks until killed; print the id of each acknowledged note."""
    numbers = itertools.count()

    async def work(database: SqliteDatabase) -> None:
        for number in numbers:
            name = await database.write(functools.partial(note, name=f"note {number}"))
            sys.stdout.write(name + "\n")
            sys.stdout.flush()

    async with SqliteDatabase.open(path) as database:
        await asyncio.gather(*(work(database) for _ in range(16)))


async def add_up(path: str, times: str) -> None:
    """Add one to the tally the given number of times, eight at once."""
    numbers = iter(range(int(times)))

    async def add(tx: Transaction) -> None:
        await tx.one(ADD_TO_TALLY, name="all", amount=1)

    async def work(database: SqliteDatabase) -> None:
        for _ in numbers:
            await database.write(add)

    async with SqliteDatabase.open(path, busy_timeout=20) as database:
        await asyncio.gather(*(work(database) for _ in range(8)))


async def migrate(path: str, versions: str) -> None:
    """Migrate the file; print whether it needed migration."""
    sys.stdout.write(str(schema.migrate(engine_at(path), Path(versions))))


PROGRAMS: dict[str, Callable[..., Awaitable[None]]] = {
    "write_for_ever": write_for_ever,
    "add_up": add_up,
    "migrate": migrate,
}

if __name__ == "__main__":
    _, program, *arguments = sys.argv
    asyncio.run(PROGRAMS[program](*arguments))  # type: ignore[arg-type]
