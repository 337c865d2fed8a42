"""A database with two small tables, and programs that use it from other processes."""

import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, insert, select
from tests.support import stores

from platform_api.database import metadata as the_metadata
from platform_api.database.expressions import upsert
from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.sqlite.transaction import connect
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Database, Transaction

T = TypeVar("T")

ROOT = Path(__file__).parents[2]

metadata = MetaData(naming_convention=the_metadata.metadata.naming_convention)

notes = Table(
    "notes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text),
    Column("above", Text, ForeignKey("notes.id")),
    Column("later", Text, ForeignKey("notes.id", deferrable=True, initially="DEFERRED")),
    Index("ux_notes_title", "title", unique=True),
)

tallies = Table("tallies", metadata, Column("name", Text, primary_key=True), Column("amount", Integer, nullable=False))

ADD_NOTE = Command(insert(notes))
NOTE_IDS = Query(select(notes.c.id).order_by(notes.c.id), str)
ADD_TO_TALLY = Query(
    upsert(tallies, key=[tallies.c.name], change=lambda new: {"amount": tallies.c.amount + new.amount}).returning(
        tallies.c.amount
    ),
    int,
)


async def note(
    tx: Transaction, name: str, *, title: str | None = None, above: str | None = None, later: str | None = None
) -> str:
    """Write a note. A nonexistent note as `later` makes the COMMIT fail, as `above` the statement."""
    await tx.execute(ADD_NOTE, id=name, title=title, above=above, later=later)
    return name


async def note_ids(tx: Transaction) -> list[str]:
    """Return the ids of all notes."""
    return await tx.all(NOTE_IDS)


def make_file(path: Path, tables: MetaData = metadata) -> Path:
    """Create a database file with these tables."""
    return stores.make_file(path, tables)


def a_database(folder: Path, tables: MetaData = metadata) -> AbstractAsyncContextManager[Database]:
    """Open a new database of the kind that the test runs on; a file stands in `folder`."""
    return stores.an_engine(folder / "test.db", tables).open()


@asynccontextmanager
async def a_file_database(folder: Path, tables: MetaData = metadata) -> AsyncIterator[SqliteDatabase]:
    """Open a new SQLite file in `folder`."""
    async with SqliteDatabase.open(make_file(folder / "test.db", tables)) as database:
        yield database


def start_program(name: str, *arguments: str | Path) -> "subprocess.Popen[str]":
    """Start a program of `tests.support.database_programs` in a separate process."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.database_programs", name, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(programs: Sequence["subprocess.Popen[str]"]) -> list[str]:
    """Return the output of the programs after they have exited successfully."""
    said = [program.communicate(timeout=30)[0] for program in programs]
    assert [0] * len(programs) == [program.returncode for program in programs]
    return said


def integrity(path: Path) -> str:
    """Return the result of SQLite's integrity check: `ok`."""
    with closing(connect(path, busy_timeout=5)) as connection:
        found: tuple[str] = connection.execute("PRAGMA integrity_check").fetchone()
        return found[0]


__all__ = [
    "ADD_TO_TALLY",
    "a_database",
    "a_file_database",
    "finish",
    "integrity",
    "make_file",
    "metadata",
    "note",
    "note_ids",
    "notes",
    "start_program",
    "tallies",
]
