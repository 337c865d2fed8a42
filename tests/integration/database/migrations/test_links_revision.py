"""The revision that gives an address one link: links that are in mailboxes keep working."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at

pytestmark = pytest.mark.sqlite_only(reason="no PostgreSQL database is older than this revision")

ADDRESS = "first@example.com"
SECOND_DAY = "2026-11-22T12:00:00.000000Z"


def an_id(number: int) -> str:
    """An id of its own."""
    return f"01900000-0000-7000-8000-0000000000{number:02}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with the revisions before this one."""
    before = tmp_path / "versions"
    before.mkdir()
    for version in sorted(schema.VERSIONS.glob("0*.py")):
        if "one_link_for_an_address" not in version.name and version.name < _this().name:
            shutil.copy(version, before)
    schema.migrate(engine_at(tmp_path / "test.db"), before)
    return tmp_path / "test.db"


def _this() -> Path:
    (found,) = schema.VERSIONS.glob("*_one_link_for_an_address.py")
    return found


def register(connection: sqlite3.Connection, number: int, hour: int, address: str = ADDRESS, **changes: Any) -> None:
    """A registration as it was kept, which expires at an hour of the second day."""
    row = {
        "id": an_id(number),
        "address_key": address,
        "address": address.upper(),
        "password_hash": f"hash {number}",
        "profile": '{"first_name":"First"}',
        "business": None,
        "expires_at": f"2026-11-22T{hour:02}:00:00.000000Z",
        "proved_at": None,
    } | changes
    connection.execute(f"INSERT INTO registrations VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


def test_registrations_and_links_are_carried_over(path: Path) -> None:
    """The newest five registrations of an address, with the link of the newest; and the links of resets."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for number in range(7):
            register(connection, number, hour=number)
        register(connection, 20, hour=1, address="second@example.com")
        register(connection, 30, hour=1, address="proved@example.com", password_hash=None, profile=None)
        connection.execute(
            "INSERT INTO password_resets VALUES (?, ?, 3, 8, ?)", (an_id(40), ADDRESS, "2026-11-22T12:00:00.000000Z")
        )

    schema.migrate(engine_at(path))

    with closing(sqlite3.connect(path)) as migrated:
        registrations = migrated.execute(
            "SELECT id, password_hash, link_version, registered_at FROM registrations ORDER BY address_key, id"
        ).fetchall()
        links = migrated.execute(
            "SELECT id, purpose, address_key, version, letters, sent_at, used_version FROM account_links ORDER BY id"
        ).fetchall()
    days = [f"2026-11-21T{hour:02}:00:00.000000Z" for hour in range(7)]
    assert [(an_id(number), f"hash {number}", 1, days[number]) for number in range(2, 7)] == registrations[:5]
    assert [(an_id(20), "hash 20", 1, days[1])] == registrations[5:]
    assert [
        (an_id(6), "mailbox proof", ADDRESS, 1, 0, days[6], None),
        (an_id(20), "mailbox proof", "second@example.com", 1, 0, days[1], None),
        (an_id(40), "password reset", ADDRESS, 3, 8, SECOND_DAY, None),
    ] == links
