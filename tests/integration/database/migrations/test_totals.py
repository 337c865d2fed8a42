"""Revision 0003 fills its columns and counters from the rows of an existing database."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from tests.support.life_cycle import a_connection, a_request

from platform_api.connections import counter_rules, rules
from platform_api.connections.values import Connection, ConnectionRequest
from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.scalars import Guid

pytestmark = pytest.mark.sqlite_only(reason="no PostgreSQL database is older than this revision")

PEOPLE = [Guid(f"00000000-0000-4000-8000-00000000000{number}") for number in range(6)]
TYPES = ("RP", "VP", "RO", "VO", "RP", "VP")
MAILS = len("abc")


def some_rows(seed: int = 7) -> tuple[list[ConnectionRequest], list[Connection]]:
    """Requests and connections in every state that rows can be in, also connections of a contact with itself."""
    chosen = random.Random(seed)  # noqa: S311 - no secret
    requests, connections = [], []
    for number in range(400):
        sender, receiver, shown_to = (chosen.randrange(len(PEOPLE)) for _ in range(3))
        status = chosen.choice(list(RequestStatus))
        request = a_request(
            id=Guid(f"01900000-0000-7000-8000-{number:012}"),
            connection_id=Guid(f"01900000-0000-7000-9000-{number:012}"),
            sender_id=PEOPLE[sender],
            receiver_id=PEOPLE[receiver],
            shown_to=chosen.choice([None, PEOPLE[shown_to]]),
            status=status,
            ignored_at=chosen.choice([None, a_request().sent_at]),
            superseded=chosen.random() < 0.5,
            sender_type=TYPES[sender],
            receiver_type=TYPES[receiver],
        )
        removed = status is RequestStatus.ACCEPTED and chosen.random() < 0.5
        requests.append(request)
        connections.append(
            a_connection(
                id=request.connection_id,
                request_id=request.id,
                sender_id=request.sender_id,
                receiver_id=request.receiver_id,
                status=ConnectionStatus.REMOVED if removed else rules.CONNECTION_STATUS_OF[status],
            )
        )
    return requests, connections


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a database of revision 0001 with rows, and with wrong counters."""
    path = tmp_path / "old.db"
    engine_at(path).alone(lambda locked: command.upgrade(schema._config(schema.VERSIONS, locked), "0001"))
    requests, connections = some_rows()
    with closing(sqlite3.connect(path)) as file, file:
        file.executemany(
            "INSERT INTO contacts (id, contact_type, full_name, created_at) VALUES (?, ?, '', '')",
            zip(PEOPLE, TYPES, strict=True),
        )
        for number, request in enumerate(requests):
            _insert(file, "connection_requests", request, key=f"key {number}")
        for number, connection in enumerate(connections):
            _insert(file, "connections", connection, key=f"key {number}", pair="")
        file.execute("INSERT INTO connection_totals VALUES (?, 'active', 1000)", (PEOPLE[0],))
        file.executemany(
            "INSERT INTO mailbox VALUES (?, ?, '', '', '', '', '', '', '{}', '', '')", zip("abc", "abc", strict=True)
        )
    return path


def _insert(file: sqlite3.Connection, table: str, row: object, **more: str) -> None:
    """Insert a value into the columns that the table has at this revision."""
    names = [column for (column,) in file.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    values = [more[name] if name in more else getattr(row, name) for name in names]
    plain = [value if isinstance(value, int | str | None) else value.isoformat() for value in values]
    file.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(plain))})", plain)


def test_every_total_is_that_of_the_rows(old: Path) -> None:
    """Also those of mails; and nothing else is counted."""
    requests, connections = some_rows()
    expected: Counter[counter_rules.Tally] = Counter()
    for request in requests:
        expected += counter_rules.counted(request)
    for connection in connections:
        expected += counter_rules.counted_connection(connection)

    schema.migrate(engine_at(old))

    with closing(sqlite3.connect(old)) as file:
        found = {(row[0], row[1]): row[2] for row in file.execute("SELECT * FROM connection_totals")}
        assert dict(expected) == found
        assert [("mails in the mailbox", MAILS)] == file.execute("SELECT * FROM mailbox_totals").fetchall()


def test_requests_have_the_types_of_their_contacts(old: Path) -> None:
    """And lose nothing."""
    expected = [(each.id, each.sender_type, each.receiver_type, each.status.value) for each in some_rows()[0]]

    schema.migrate(engine_at(old))

    with closing(sqlite3.connect(old)) as file:
        rows = "SELECT id, sender_type, receiver_type, status FROM connection_requests ORDER BY id"
        assert expected == file.execute(rows).fetchall()
