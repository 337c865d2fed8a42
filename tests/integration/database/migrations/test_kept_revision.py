"""The revision that counts the virtual contacts of each keeper."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at

pytestmark = pytest.mark.sqlite_only(reason="no PostgreSQL database is older than this revision")

REVISION = next(schema.VERSIONS.glob("*_count_kept_contacts.py"))


def test_contacts_that_are_kept_already_are_counted(tmp_path: Path) -> None:
    """One counter for each keeper."""
    before, path = tmp_path / "versions", tmp_path / "test.db"
    before.mkdir()
    for file in schema.VERSIONS.glob("[0-9]*.py"):
        if file.name < REVISION.name:
            shutil.copy(file, before)
    schema.migrate(engine_at(path), before)
    rows = [("a", None, None), ("b", None, None), ("c", "a", "1@x"), ("d", "a", "2@x"), ("e", "b", "1@x")]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO contacts (id, contact_type, full_name, keeper_id, address_key, created_at)"
            " VALUES (?, 'VP', 'x', ?, ?, 'x')",
            rows,
        )

    schema.migrate(engine_at(path))

    with closing(sqlite3.connect(path)) as connection:
        assert [("a", 2), ("b", 1)] == connection.execute("SELECT * FROM kept_totals ORDER BY 1").fetchall()
