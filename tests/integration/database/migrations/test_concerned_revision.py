"""The revision that records which contacts an entry of the journal concerns: the contacts of entries from before."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at

pytestmark = pytest.mark.sqlite_only(reason="no PostgreSQL database is older than this revision")

SENDER, RECEIVER, ALONE = "sender", "receiver", "alone"
REQUEST, CONNECTION, ITSELF, GONE = "request", "connection", "with itself", "gone"
BEFORE = 10
"""Number of the last revision that knows nothing of concerned contacts."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of the revision before, with an entry for each kind of subject."""
    versions = tmp_path / "versions"
    versions.mkdir()
    for revision in sorted(schema.VERSIONS.glob("0*.py"))[:BEFORE]:
        shutil.copy(revision, versions)
    path = tmp_path / "old.db"
    schema.migrate(engine_at(path), versions)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA foreign_keys = OFF")
        insert(file, "connection_requests", id=REQUEST, sender_id=SENDER, receiver_id=RECEIVER)
        insert(file, "connections", id=CONNECTION, sender_id=SENDER, receiver_id=RECEIVER)
        insert(file, "connections", id=ITSELF, sender_id=ALONE, receiver_id=ALONE, key="another")
        for position, (kind, subject) in enumerate(
            [
                ("request", REQUEST),
                ("connection", CONNECTION),
                ("connection", ITSELF),
                ("contact", ALONE),
                ("request", GONE),
            ]
        ):
            insert(file, "journal_entries", position=position, subject_kind=kind, subject_id=subject, act="act")
    return path


def insert(file: sqlite3.Connection, table: str, **given: Any) -> None:
    """Insert a row; its other columns hold an empty text or null."""
    row = {
        name: given.get(name, "" if required else None)
        for name, required, key in file.execute('SELECT name, "notnull", pk FROM pragma_table_info(?)', (table,))
        if name in given or not key
    }
    marks = ", ".join("?" * len(row))
    names = ", ".join(f'"{name}"' for name in row)
    file.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*row.values()])


def test_entries_from_before_concern_both_ends(old: Path) -> None:
    """Both ends of a request or connection, and the contact of an entry about a contact."""
    schema.migrate(engine_at(old))

    with closing(sqlite3.connect(old)) as file:
        found = file.execute("SELECT first_contact, second_contact FROM journal_entries ORDER BY position").fetchall()
    assert [(SENDER, RECEIVER), (SENDER, RECEIVER), (ALONE, None), (ALONE, None), (None, None)] == found
