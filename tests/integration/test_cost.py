"""Database cost of the most important requests, counted so that it does not grow unnoticed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import create_engine
from tests.support.world import World

from platform_api.connections.settings import Terms
from platform_api.connections.tables import connection_requests
from platform_api.database.metadata import metadata
from platform_api.database.sqlite.transaction import DIALECT
from platform_api.database.statements import Command, Query
from servicehost.contract.scalars import Guid

LISTS: dict[str, Callable[[World, Guid, Guid], Awaitable[object]]] = {
    "received": lambda world, one, _: world.received(one),
    "received and ignored": lambda world, one, _: world.received(one, ignored=True),
    "sent": lambda world, one, _: world.sent(one),
    "own": lambda world, one, _: world.connections(one, one),
    "between": lambda world, one, other: world.connections(one, other),
}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A small world without a cooldown."""
    small = World(Terms(resend_cooldown=timedelta(0), resends=None))
    yield small
    small.close()


async def asked(world: World, senders: int) -> Guid:
    """Return a contact that has received a request from each of a number of senders."""
    receiver = await world.person("receiver@example.com")
    for number in range(senders):
        await world.ask(await world.person(f"sender{number}@example.com"), receiver)
    return receiver


async def test_a_resend_takes_at_most_six_statements(world: World) -> None:
    """The request, the quotas, the change, the journal, and the letter in one or two."""
    await asked(world, 1)
    (request,) = await world.all_requests()
    with world.database.recording() as statements:
        await world.resend(request.sender_id, request.id)
    assert 6 >= len(statements)


async def test_a_resend_of_what_is_pending_writes_no_status(world: World) -> None:
    """Four indexes depend on the status, and would be written too."""
    await asked(world, 1)
    (request,) = await world.all_requests()
    with world.database.recording() as statements:
        await world.resend(request.sender_id, request.id)
    written = [
        form.text
        for form in (each.form(DIALECT) for each in statements if isinstance(each, Command))
        if form.table is connection_requests
    ]
    assert ["UPDATE connection_requests SET"] == [text[:30] for text in written]
    assert "status=" not in written[0].partition("WHERE")[0]


@pytest.mark.parametrize("senders", [1, 5])
async def test_a_received_list_takes_two_statements_however_long_it_is(world: World, senders: int) -> None:
    """The contact that asks, and the rows with everything that is shown of them."""
    receiver = await asked(world, senders)
    with world.database.recording() as statements:
        assert senders == len(await world.received(receiver))
    assert 2 == len(statements)


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_reads_no_more_rows_than_it_shows(world: World, name: str) -> None:
    """Every table is searched by an index, so that a page costs the same among a thousand and a million rows."""
    one, other = await world.person("one@example.com"), await world.person("other@example.com")
    with world.database.recording() as statements:
        await LISTS[name](world, one, other)
    queries = [statement for statement in statements if isinstance(statement, Query)]
    assert len(queries) >= 2
    assert set() == {table for query in queries for table in scanned_tables(query)}


def scanned_tables(query: Query[object]) -> set[str]:
    """The tables that the query reads from end to end."""
    compiled, _ = query.form(DIALECT)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        nothing = (None,) * len(compiled.names)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.text}", nothing).all()
    engine.dispose()
    scanned = {str(row[3]).removeprefix("SCAN ").split()[0] for row in plan if str(row[3]).startswith("SCAN ")}
    return scanned & set(metadata.tables)
