"""The kind of database that a test runs on, and databases of that kind.

Every test below `tests/integration` runs once for each kind, unless it is marked `sqlite_only` with a reason. Databases
on a server are kept and emptied between tests, which takes a hundredth of the time of making them.
"""

import asyncio
import enum
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import MetaData, Table, bindparam, create_engine, insert
from tests.support import postgres

from platform_api.database.clock import Clock
from platform_api.database.engine import Engine
from platform_api.database.opening import engine_at
from platform_api.database.postgres.database import PoolSettings, PostgresDatabase
from platform_api.database.postgres.engine import PostgresEngine
from platform_api.database.settings import DatabaseSettings
from platform_api.database.sqlite.engine import SqliteEngine
from platform_api.database.sqlite.transaction import DIALECT, SqliteTransaction, connect, run_unit
from platform_api.database.statements import Command
from platform_api.database.transaction import Transaction, Unit

T = TypeVar("T")


class Store(enum.Enum):
    """A kind of database; the value is its name in the ids of tests."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class _Chosen:
    store = Store.SQLITE
    used = False
    made_before = 0
    held: ClassVar[dict[Path, tuple["_Server", str]]] = {}


@contextmanager
def using(store: Store) -> Iterator[None]:
    """Make databases of this kind until the end of the `with`."""
    before, _Chosen.store, _Chosen.used = _Chosen.store, store, False
    _Chosen.made_before = postgres.uses()
    try:
        yield
    finally:
        _Chosen.store = before
        for server, url in _Chosen.held.values():
            server.release(url)
        _Chosen.held.clear()


def chosen() -> Store:
    """The kind of database that is made now."""
    return _Chosen.store


def share_server() -> None:
    """State that the test uses a database on the server that several tests share."""
    _Chosen.used = True


def server_was_used() -> bool:
    """Whether a test has used a database on the server since `using` began."""
    return _Chosen.used or postgres.uses() > _Chosen.made_before


def an_engine(path: Path, *tables: MetaData, clock: Clock | None = None) -> Engine:
    """The database that stands for `path` until the end of the test: empty the first time, then as it was left.

    Args:
        path: file of the database, or its name among those of the test.
        tables: tables that it has; without any, it has no schema.
        clock: clock of the transactions.
    """
    if chosen() is Store.SQLITE:
        engine = SqliteEngine(path, clock)
        if not path.exists():
            for each in tables:
                engine.alone(each.create_all)
        return engine
    if path not in _Chosen.held:
        server = _server(*tables)
        _Chosen.held[path] = server, server.address()
    return PostgresEngine(_Chosen.held[path][1], PoolSettings(size=4), clock)


def address_of(engine: Engine) -> str:
    """Return the value of `database.url` or `database.path` that opens this database."""
    if isinstance(engine, PostgresEngine):
        return engine.url
    assert isinstance(engine, SqliteEngine)
    return str(engine.path)


def database_settings(path: Path) -> DatabaseSettings:
    """Settings of an installation with the database that stands for `path`."""
    if chosen() is Store.SQLITE:
        return DatabaseSettings(path=path)
    return DatabaseSettings(path=path, url=address_of(an_engine(path)), pool_size=4)


class Runner(Protocol):
    """Runs units at times set by the test."""

    def at(self, now: datetime, unit: Unit[T]) -> T:
        """Return the result of `unit` in a transaction at this time; an error rolls it back."""

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows at once; columns that a row does not name are null."""

    def close(self) -> None:
        """Give the database back."""


def a_runner(tables: MetaData, only: Sequence[Table] | None = None) -> Runner:
    """A runner on an empty database.

    Args:
        tables: tables of the database.
        only: subset of the tables that is used, for property tests that need many databases.
    """
    if chosen() is Store.SQLITE:
        return SqliteRunner(tables, only)
    return PostgresRunner(tables)


def make_file(path: Path, tables: MetaData) -> Path:
    """Create a database file with these tables."""
    engine = create_engine(f"sqlite:///{path}")
    tables.create_all(engine)
    engine.dispose()
    return path


class SqliteRunner:
    """Runs units on an in-memory database."""

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


class PostgresRunner:
    """Runs units on a server, from a loop of its own, so that callers need not wait for it."""

    def __init__(self, tables: MetaData) -> None:
        self._server = _server(tables)
        self._database = self._server.take()

    def at(self, now: datetime, unit: Unit[T]) -> T:
        """Return the result of `unit` in a transaction at this time; an error rolls it back."""
        return self._server.run(self._database, now, unit)

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows at once; columns that a row does not name are null."""
        generated = table.autoincrement_column
        names = [name for name in table.columns.keys() if generated is None or name != generated.name]  # noqa: SIM118
        names += [generated.name] if generated is not None and any(generated.name in row for row in rows) else []
        command = Command(insert(table).values({name: bindparam(name) for name in names}))
        blank: dict[str, Any] = dict.fromkeys(names)

        async def unit(tx: Transaction) -> None:
            for row in rows:
                await tx.execute(command, **{**blank, **row})

        self.at(datetime.now().astimezone(), unit)

    def close(self) -> None:
        """Give the database back."""
        self._server.give_back(self._database)


class _SteeredClock(Clock):
    """Shows the time that a test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.set_to = datetime.now().astimezone()

    def at(self, milliseconds: int) -> datetime:  # noqa: ARG002 - the time of the server does not matter
        return self.set_to


class _Opened:
    """A database of the server, open on the loop of the server's thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = _SteeredClock()
        self.opening = PostgresDatabase.open(url, PoolSettings(size=1), clock=self.clock)
        self.database: PostgresDatabase | None = None


class _Server:
    """Databases with certain tables, kept for the next test."""

    def __init__(self, *tables: MetaData) -> None:
        self._tables = tables
        self._template: str | None = None
        self._free: list[str] = []
        self._opened: dict[str, _Opened] = {}
        self._loop = _loop()
        every = [table for each in tables for table in each.sorted_tables]
        emptying = [f"DELETE FROM {table.name}" for table in reversed(every)]
        numbering = [
            f"ALTER SEQUENCE {table.name}_{column.name}_seq RESTART"
            for table in every
            if (column := table.autoincrement_column) is not None
        ]
        self._emptying = "; ".join(emptying + numbering)

    def address(self) -> str:
        """The address of an empty database that nobody uses."""
        _Chosen.used = True
        if not self._tables:
            return postgres.new_database()
        if self._free:
            url = self._free.pop()
            self._empty(url)
            return url
        if self._template is None:
            self._template = postgres.new_database()
            for each in self._tables:
                engine_at(self._template).alone(each.create_all)
        return postgres.new_database(self._template)

    def release(self, url: str) -> None:
        """Keep a database for the next test, or delete it if the test made its schema."""
        if self._tables:
            self._free.append(url)
        else:
            postgres.drop_database(url)

    def take(self) -> _Opened:
        """An empty database, open."""
        url = self.address()
        opened = self._opened.get(url) or self._opened.setdefault(url, _Opened(url))
        if opened.database is None:
            opened.database = self._wait(opened.opening.__aenter__())
        return opened

    def close(self) -> None:
        """Close the open databases."""
        for opened in self._opened.values():
            self._wait(opened.opening.__aexit__(None, None, None))
        self._opened.clear()

    def give_back(self, opened: _Opened) -> None:
        """Keep an open database for the next test."""
        self.release(opened.url)

    def run(self, opened: _Opened, now: datetime, unit: Unit[T]) -> T:
        """The result of a unit at this time."""
        _Chosen.used = True
        assert opened.database is not None
        opened.clock.set_to = now
        result: T = self._wait(opened.database.write(unit))
        return result

    def _empty(self, url: str) -> None:
        opened = self._opened.get(url)
        postgres.execute(url, self._emptying) if opened is None else self._wait(self._empty_opened(opened))

    async def _empty_opened(self, opened: _Opened) -> None:
        assert opened.database is not None
        await opened.database._pool.execute(self._emptying)

    def _wait(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)


_servers: dict[tuple[MetaData, ...], _Server] = {}


def _server(*tables: MetaData) -> _Server:
    return _servers.get(tables) or _servers.setdefault(tables, _Server(*tables))


def close_all() -> None:
    """Close the databases that were kept for further tests."""
    for server in _servers.values():
        server.close()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="databases of tests", daemon=True).start()
    return loop


__all__ = [
    "PostgresRunner",
    "Runner",
    "SqliteRunner",
    "Store",
    "a_runner",
    "address_of",
    "an_engine",
    "chosen",
    "close_all",
    "database_settings",
    "make_file",
    "server_was_used",
    "share_server",
    "using",
]
