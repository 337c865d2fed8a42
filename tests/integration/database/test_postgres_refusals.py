"""Tests of opening a database on a server: each obstacle is one sentence, and nothing is written."""

import asyncio
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import Connection, literal_column, select
from tests.support import postgres
from tests.support.installation import free_port
from tests.support.postgres import FAST, PostgresServer

from platform_api.database.engine import Engine, UnusableDatabase
from platform_api.database.errors import DatabaseAway, DatabaseBusy
from platform_api.database.migrations.schema import ForeignDatabase, current_revision, migrate
from platform_api.database.opening import DriverMissing, engine_at
from platform_api.database.postgres.connecting import ServerTooOld, check_version
from platform_api.database.postgres.database import PoolSettings
from platform_api.database.postgres.engine import PostgresEngine
from platform_api.database.postgres.refusals import refusal
from platform_api.database.statements import Query
from platform_api.database.transaction import Database, Transaction

pytestmark = pytest.mark.postgresql_only(reason="tests of the PostgreSQL room")

ONE = Query(select(literal_column("1")), int)
RULES = """
local all all trust
host all locked 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
"""


def run(url: str, *statements: str) -> None:
    """Run statements on a database, each in a transaction of its own."""

    async def execute() -> None:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    postgres.finished(execute())


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server whose role `locked` has a password, and whose role `reader` may connect twice and only reads."""
    made = PostgresServer(FAST)
    (made.data / "pg_hba.conf").write_text(RULES, encoding="utf-8")
    made.start()
    run(
        made.url(),
        "CREATE ROLE locked LOGIN PASSWORD 'right'",
        "CREATE ROLE guest LOGIN",
        "CREATE ROLE single LOGIN CONNECTION LIMIT 0",
        "CREATE ROLE reader LOGIN",
        "ALTER ROLE reader SET default_transaction_read_only = on",
    )
    yield made
    made.stop()
    made.remove()


def at(server: PostgresServer, user: str, database: str = "postgres", port: int | None = None) -> str:
    """The address of a database of the server, as a user."""
    return f"postgresql://{user}@127.0.0.1:{port or server.port}/{database}"


async def opened(engine: Engine) -> None:
    """Open a database and close it again."""
    async with engine.open():
        pass


def refusals(engine: Engine) -> set[str]:
    """The messages of looking at a database, of changing it and of opening it."""
    messages = set()
    for act in (engine.exists, lambda: engine.alone(lambda _: None), lambda: asyncio.run(opened(engine))):
        with pytest.raises(UnusableDatabase) as refused:
            act()
        messages.add(str(refused.value))
    return messages


@pytest.mark.parametrize(
    ("user", "name", "message"),
    [
        (
            "locked:wrong",
            "postgres",
            (
                'locked@127.0.0.1:{port}/postgres refused the sign-in: password authentication failed for user "locked".'
                " Correct the user and the password in database.url."
            ),
        ),
        (
            "nobody",
            "postgres",
            (
                'nobody@127.0.0.1:{port}/postgres refused the sign-in: role "nobody" does not exist.'
                " Correct the user and the password in database.url."
            ),
        ),
        (
            "postgres",
            "missing",
            (
                "The server of postgresql://postgres@127.0.0.1:{port}/missing has no database of this name. Create it with"
                " createdb, or correct database.url."
            ),
        ),
        (
            "single",
            "postgres",
            (
                'single@127.0.0.1:{port}/postgres has no free connection: too many connections for role "single". Lower'
                " database.pool_size, or raise max_connections of the server."
            ),
        ),
        (
            "reader",
            "postgres",
            (
                "No server of postgresql://reader@127.0.0.1:{port}/postgres accepts writes. Add the primary to database.url,"
                " or wait until a standby is promoted."
            ),
        ),
    ],
)
def test_an_obstacle_is_one_sentence(server: PostgresServer, user: str, name: str, message: str) -> None:
    """Looking, changing and opening give the same message, which has no password."""
    expected = message.format(port=server.port)
    (said,) = refusals(engine_at(at(server, user, name)))

    assert expected == said.removeprefix("postgresql://")


def test_a_server_that_is_away_is_named(server: PostgresServer) -> None:
    """Without a server the message names the host and says what to do."""
    port = free_port()

    for said in refusals(engine_at(at(server, "postgres", port=port))):
        assert said.startswith(f"postgresql://postgres@127.0.0.1:{port}/postgres cannot be reached: ")
        assert said.endswith(". Start the server, or correct the host and the port in database.url.")


def test_an_unknown_option_is_refused(server: PostgresServer) -> None:
    """An option that the driver does not know goes to the server, which refuses it."""
    messages = refusals(engine_at(at(server, "postgres") + "?sslmode=never")) | refusals(
        engine_at(at(server, "postgres") + "?colour=red")
    )

    assert all(said.endswith("Correct or remove it.") or "colour" in said for said in messages)
    assert 2 == len(messages)


def test_an_old_server_is_refused() -> None:
    """The versions from 15 on are accepted; for older ones the message names theirs and the oldest that is."""
    check_version(15)
    with pytest.raises(ServerTooOld) as old:
        check_version(14)

    expected = "The server of postgresql://db/name is PostgreSQL 14. Use PostgreSQL 15 or later."
    assert expected == str(refusal("postgresql://db/name", old.value))


def test_a_fault_of_the_program_is_no_refusal(server: PostgresServer) -> None:
    """An error of a statement of a migration is raised as it is, for the traceback."""
    with pytest.raises(Exception, match="nonsense") as raised:
        engine_at(server.url()).alone(lambda connection: connection.exec_driver_sql("nonsense"))

    assert not isinstance(raised.value, UnusableDatabase)


def test_a_user_without_rights_cannot_migrate(server: PostgresServer) -> None:
    """The message says who must own the database, and nothing is written."""
    name = f"owned_{uuid.uuid4().hex[:8]}"
    run(server.url(), f"CREATE DATABASE {name}")

    with pytest.raises(UnusableDatabase, match=r"Make the user of database\.url the owner of the database"):
        migrate(engine_at(at(server, "guest", name)))

    assert [] == tables_of(server.url(name))


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (("CREATE TABLE invoices (id int)",), "the table invoices"),
        (
            ("CREATE TABLE alembic_version (version_num text)", "INSERT INTO alembic_version VALUES ('ae1027a6acf')"),
            "the schema ae1027a6acf",
        ),
    ],
)
def test_a_database_of_another_program_is_refused(statements: tuple[str, ...], found: str) -> None:
    """A database with tables or revisions of another program stays as it is."""
    url = postgres.new_database()
    run(url, *statements)
    before = tables_of(url)

    with pytest.raises(ForeignDatabase) as refused:
        migrate(engine_at(url))

    assert f"{url} belongs to another program: it has {found}. Nothing was changed. Choose an empty database." == str(
        refused.value
    )
    assert before == tables_of(url)
    postgres.drop_database(url)


def tables_of(url: str) -> list[str]:
    """The tables of a database."""

    def read(connection: Connection) -> list[str]:
        return list(connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars())

    return engine_at(url).alone(read)


@pytest.mark.parametrize("package", ["greenlet", "asyncpg"])
def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Without one of the packages the message says what to install."""
    for module in [name for name in sys.modules if name.startswith("platform_api.database.postgres")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)  # makes its import fail

    with pytest.raises(DriverMissing, match=r"Install platform-api\[postgres\]"):
        engine_at("postgresql://db/name")


async def test_of_several_hosts_the_one_that_answers_is_used(server: PostgresServer) -> None:
    """The first host is away, the second one serves."""
    url = f"postgresql://postgres@127.0.0.1:{free_port()},127.0.0.1:{server.port}/postgres"

    assert current_revision(engine_at(url)) is None
    async with engine_at(url).open() as database:
        assert 1 == await database.read(lambda tx: tx.one(ONE))


async def test_a_full_pool_refuses_a_unit(server: PostgresServer) -> None:
    """While the only connection is in use, another unit is refused after the wait, and served afterwards."""
    engine = PostgresEngine(server.url(), PoolSettings(size=1, wait=timedelta(milliseconds=50)))
    begun, end = asyncio.Event(), asyncio.Event()

    async def held(tx: Transaction) -> None:
        begun.set()
        await end.wait()

    async with engine.open() as database:
        holding = asyncio.create_task(database.read(held))
        await begun.wait()
        with pytest.raises(DatabaseBusy):
            await database.read(lambda tx: tx.one(ONE))
        end.set()
        await holding

        assert 1 == await database.read(lambda tx: tx.one(ONE))


@pytest.mark.parametrize("act", ["write", "read"])
async def test_a_connection_lost_inside_a_unit_is_an_outage(act: str) -> None:
    """A unit whose server stops between two of its statements is refused with 503, as one that cannot begin."""
    server = await asyncio.to_thread(PostgresServer(FAST).start)

    async def unit(tx: Transaction) -> None:
        await tx.one(ONE)
        await asyncio.to_thread(server.stop)
        await tx.one(ONE)

    async with engine_at(server.url()).open() as database:
        with pytest.raises(DatabaseAway):
            await getattr(database, act)(unit)
        with pytest.raises(DatabaseAway):
            await getattr(database, act)(unit)
    await asyncio.to_thread(server.remove)


async def test_a_database_that_comes_back_is_used_again() -> None:
    """Units are refused with 503 while the server is away, and run again without reopening once it is back."""
    server = await asyncio.to_thread(PostgresServer(FAST).start)
    async with engine_at(server.url()).open() as database:
        assert 1 == await database.write(lambda tx: tx.one(ONE))
        await asyncio.to_thread(server.stop)
        for _ in range(20):
            with pytest.raises(DatabaseAway) as away:
                await database.write(lambda tx: tx.one(ONE))
            assert (503, {"Retry-After": "1"}) == (away.value.status, away.value.headers)
        await asyncio.to_thread(server.start)

        assert 1 == await served(database)
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.remove)


async def served(database: Database) -> int | None:
    """The result of a unit as soon as the database is back."""
    for _ in range(600):
        with suppress(DatabaseAway):
            return await database.write(lambda tx: tx.one(ONE))
        await asyncio.sleep(0.05)
    raise TimeoutError
