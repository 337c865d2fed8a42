"""A database with two small tables, and programs that use it from other processes."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, create_engine, insert, select

from platform_api.database import metadata as the_metadata
from platform_api.database.expressions import upsert
from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.sqlite.transaction import DIALECT, SqliteTransaction, connect, run_unit
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction, Unit

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
    engine = create_engine(f"sqlite:///{path}")
    tables.create_all(engine)
    engine.dispose()
    return path


@asynccontextmanager
async def a_database(folder: Path, tables: MetaData = metadata) -> AsyncIterator[SqliteDatabase]:
    """Open a new database in `folder`."""
    async with SqliteDatabase.open(make_file(folder / "test.db", tables)) as database:
        yield database


class TimedRunner:
    """Runs units on an in-memory database at times set by the test.

    Args:
        tables: tables of the database.
        only: subset of the tables to create, for property tests that create many databases.
    """

    def __init__(self, tables: MetaData, only: Sequence[Table] | None = None) -> None:
        self._connection = connect(Path(":memory:"), busy_timeout=0)
        engine = create_engine("sqlite://", creator=lambda: self._connection)
        tables.create_all(engine, only)
        self._cursor = self._connection.cursor()

    def at(self, now: datetime, unit: Unit[T]) -> T:
        """Return the result of `unit` in a transaction at this time; an error rolls it back."""
        self._cursor.execute("SAVEPOINT unit")
        try:
            result = run_unit(unit, SqliteTransaction(self._cursor, now, set()))
        except BaseException:
            self._cursor.execute("ROLLBACK TO unit")
            self._cursor.execute("RELEASE unit")
            raise
        self._cursor.execute("RELEASE unit")
        return result

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows at once; columns that a row does not name are null."""
        compiled = Command(insert(table)).form(DIALECT)
        blank: dict[str, Any] = dict.fromkeys(table.columns.keys())
        self._cursor.execute("SAVEPOINT rows")
        self._cursor.executemany(compiled.text, [compiled.arguments({**blank, **row}) for row in rows])
        self._cursor.execute("RELEASE rows")

    @contextmanager
    def trial(self) -> Iterator[list[int]]:
        """Undo all changes of the block. The list's only item counts the steps of SQLite's virtual machine."""
        steps = [0]

        def count() -> None:
            steps[0] += 1

        self._cursor.execute("SAVEPOINT trial")
        self._connection.set_progress_handler(count, 1)
        try:
            yield steps
        finally:
            self._connection.set_progress_handler(None, 0)
            self._cursor.execute("ROLLBACK TO trial")
            self._cursor.execute("RELEASE trial")

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


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
    "TimedRunner",
    "a_database",
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
