"""SQLite connections, and the transaction that a unit sees on one."""

import sqlite3
import time
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Index, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from platform_api.database.compiled import Arguments, Compiled, PlainConstants
from platform_api.database.errors import CommitFailed, ConstraintViolation, DatabaseBusy, UniqueViolation, UnitMisused
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Unit

T = TypeVar("T")
Row = TypeVar("Row")


class _Compiler(PlainConstants, SQLiteCompiler):
    """SQLite's compiler, with plain constants in the text."""


class _Dialect(SQLiteDialect_pysqlite):
    """SQLite with the driver of the standard library."""

    supports_statement_cache = True
    statement_compiler = _Compiler


DIALECT = _Dialect(paramstyle="qmark")
"""Dialect for which statements are compiled."""

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 12000",  # pages: with larger intervals, several changes of a page are copied only once
    "PRAGMA journal_size_limit = 67108864",
)
_MAPPED = 1 << 30
"""Bytes of the file that readers map: every commit empties their page cache, and the map avoids copying it again."""

_DUPLICATES = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def connect(path: Path, busy_timeout: float, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection without implicit transactions; `busy_timeout` in seconds."""
    connection = sqlite3.connect(
        path, timeout=busy_timeout, isolation_level=None, cached_statements=1024, check_same_thread=False
    )
    _use_wal(connection, time.monotonic() + busy_timeout)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    return connection


def _use_wal(connection: sqlite3.Connection, deadline: float) -> None:
    """Switch to WAL, with retries: SQLite's busy timeout does not apply when several processes open a new file."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not isinstance(translated(error), DatabaseBusy) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


class SqliteTransaction:
    """An open transaction as a unit sees it, on a cursor."""

    __slots__ = ("_cursor", "_execute", "_topics", "now")

    # An error ends the transaction for the unit, as on other databases, unless it came from `attempt`.

    def __init__(self, cursor: sqlite3.Cursor, now: datetime, topics: set[str] | None = None) -> None:
        self._cursor = cursor
        self._execute = cursor.execute
        self._topics = topics
        self.now = now

    async def one(self, query: Query[Row], **parameters: Any) -> Row | None:
        """The first row, or None."""
        compiled, reader = query.form(DIALECT)
        self._run(compiled, compiled.arguments(parameters))
        row = self._cursor.fetchone()
        return None if row is None else reader.one(row)

    async def all(self, query: Query[Row], **parameters: Any) -> list[Row]:
        """Every row, in the query's order."""
        compiled, reader = query.form(DIALECT)
        self._run(compiled, compiled.arguments(parameters))
        return reader.all(self._cursor.fetchall())

    async def execute(self, command: Command, **parameters: Any) -> int:
        """Run an INSERT, UPDATE or DELETE; returns the number of rows that it touched."""
        compiled = command.form(DIALECT)
        self._run(compiled, compiled.arguments(parameters))
        return self._cursor.rowcount

    async def attempt(self, command: Command, **parameters: Any) -> int:
        """Run a command after whose failure the unit may continue: SQLite rolls back only the failed statement."""
        compiled = command.form(DIALECT)
        execute = self._execute
        try:
            self._run(compiled, compiled.arguments(parameters))
        except ConstraintViolation:
            self._execute = execute
            raise
        return self._cursor.rowcount

    def notify(self, topic: str) -> None:
        """Wake the listeners of `topic` after the commit."""
        if self._topics is None:
            raise UnitMisused("a unit that reads cannot notify; run it with write")
        self._topics.add(topic)

    def _run(self, compiled: Compiled, arguments: Arguments) -> None:
        try:
            self._execute(compiled.text, arguments)
        except sqlite3.Error as error:
            # Some errors end the transaction, and nothing may be written outside of one.
            self._execute = _refuse_after_error if self._cursor.connection.in_transaction else _refuse
            raise translated(error, compiled.table) from error


def _refuse(*_: object) -> sqlite3.Cursor:
    raise CommitFailed


def _refuse_after_error(*_: object) -> sqlite3.Cursor:
    raise UnitMisused("a unit cannot go on after an error; use attempt where a row may exist")


def run_unit(unit: Unit[T], transaction: SqliteTransaction) -> T:
    """Run a unit to its end; nothing that it may await ever waits.

    Raises:
        UnitMisused: it awaited something else.
    """
    coroutine = unit(transaction)
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise UnitMisused(f"{getattr(unit, '__qualname__', unit)} awaited something that is not its transaction")


def translated(error: sqlite3.Error, table: Any = None) -> Exception:
    """Return the corresponding error of units; the driver's own error if there is none."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _DUPLICATES:
        return _duplicate(str(error), table)
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintViolation(str(error))
    if code & 0xFF in _BUSY:
        return DatabaseBusy()
    if code & 0xFF == sqlite3.SQLITE_READONLY:
        return UnitMisused("a unit that reads cannot write; run it with write")
    return error


def _duplicate(message: str, table: Any) -> UniqueViolation:
    """Return the error for SQLite's message, which names an index or columns (`UNIQUE constraint failed: users.name`)."""
    said = message.partition("failed: ")[2]
    if said.startswith("index '"):
        return UniqueViolation(said.split("'")[1])
    columns = tuple(part.rpartition(".")[2] for part in said.split(", "))
    return UniqueViolation(_constraint_name(table, columns) or said, columns)


def _constraint_name(table: Any, columns: tuple[str, ...]) -> str | None:
    if not isinstance(table, Table):
        return None
    keys: list[PrimaryKeyConstraint | UniqueConstraint | Index] = [
        *(key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)),
        *(index for index in table.indexes if index.unique),
    ]
    for key in keys:
        if tuple(column.name for column in key.columns) == columns:
            return str(key.name)
    return None


__all__ = ["DIALECT", "SqliteTransaction", "connect", "run_unit", "translated"]
