"""Tests of the commands that units on PostgreSQL cost besides their statements."""

from typing import Any

import pytest
from sqlalchemy import literal_column, select
from tests.support import postgres

from platform_api.database.postgres.database import PoolSettings
from platform_api.database.postgres.engine import PostgresEngine
from platform_api.database.postgres.transaction import PostgresTransaction
from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction

pytestmark = pytest.mark.postgresql_only(reason="tests of the PostgreSQL room")

ONE = Query(select(literal_column("1")), int)


@pytest.mark.parametrize(
    ("act", "commands"),
    [
        ("read", ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; EXECUTE report_time", "SELECT 1", "ROLLBACK"]),
        ("write", ["BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; EXECUTE report_time", "SELECT 1", "COMMIT"]),
    ],
)
async def test_a_unit_costs_two_commands_besides_its_statements(act: str, commands: list[str]) -> None:
    """The time comes with BEGIN, and giving the connection back costs nothing."""
    sent: list[str] = []

    async def unit(tx: Transaction) -> int | None:
        return await tx.one(ONE)

    async def watch(tx: Transaction) -> None:
        assert isinstance(tx, PostgresTransaction)
        tx._connection.add_query_logger(record)

    def record(logged: Any) -> None:
        sent.append(logged.query)

    async with PostgresEngine(postgres.server_url(), PoolSettings(size=1)).open() as database:
        await database.read(watch)
        sent.clear()
        await getattr(database, act)(unit)

        assert commands == [" ".join(query.split()) for query in sent]
        sent.clear()
