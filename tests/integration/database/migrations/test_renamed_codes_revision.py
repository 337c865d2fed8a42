"""The revision that renames the codes of letters, acts and periodic units that rows store."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from platform_api.connections import letters, upkeep
from platform_api.connections.values import Act
from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at

pytestmark = pytest.mark.sqlite_only(reason="no PostgreSQL database is older than this revision")

REVISION = next(schema.VERSIONS.glob("*_rename_stored_codes.py"))
ROWS = {
    "letters": ("kind", ["connection news", "connection request"]),
    "journal_entries": ("act", ["forget", "resend"]),
    "periodic_units": ("name", ["forget strangers' addresses", "purge limits"]),
}
RENAMED = {
    "letters": [letters.NOTICE, letters.REQUEST],
    "journal_entries": [Act.PURGE, Act.RESEND],
    "periodic_units": [upkeep.periodic_units()[1].name, "purge limits"],
}


def test_rows_get_the_codes_that_the_program_reads(tmp_path: Path) -> None:
    """The codes that changed are renamed, all others stay."""
    before, path = tmp_path / "versions", tmp_path / "test.db"
    before.mkdir()
    for file in schema.VERSIONS.glob("[0-9]*.py"):
        if file.name < REVISION.name:
            shutil.copy(file, before)
    schema.migrate(engine_at(path), before)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, (column, codes) in ROWS.items():
            for number, code in enumerate(codes):
                _insert(connection, table, number, {column: code})

    schema.migrate(engine_at(path))

    with closing(sqlite3.connect(path)) as connection:
        assert RENAMED == {
            table: [code for (code,) in connection.execute(f"SELECT {column} FROM {table} ORDER BY rowid")]
            for table, (column, _) in ROWS.items()
        }


def _insert(connection: sqlite3.Connection, table: str, number: int, values: dict[str, str]) -> None:
    """Insert a row with these values, and its number in each other column that must have a value."""
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    row = {name: str(number) for _, name, _, required, default, _ in columns if required and default is None} | values
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
