"""Tests of SQLite's online backup."""

import math
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from platform_api.database.backups import NotEmpty
from platform_api.database.sqlite.backups import PAGES, SqliteBackups

pytestmark = pytest.mark.sqlite_only("the file of SQLite")


def a_file(path: Path) -> SqliteBackups:
    """A database of several steps, as a server writes it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.execute("CREATE TABLE notes (text BLOB)")
        connection.execute("INSERT INTO notes VALUES (zeroblob(?))", (3 * PAGES * 4096,))
        connection.commit()
    return SqliteBackups(path)


def _write(content: bytes) -> Callable[[Path], None]:
    """Writes the content to a file."""

    def write(file: Path) -> None:
        file.write_bytes(content)

    return write


def _ignore(_connection: Connection) -> None:
    """Leaves a restored database as it is."""


def test_commits_neither_restart_a_backup_nor_enter_it(tmp_path: Path) -> None:
    """Each page is copied once, however many commits there are meanwhile."""
    backups = a_file(tmp_path / "data")
    steps: list[tuple[int, int]] = []

    def commit(done: int, total: int) -> None:
        steps.append((done, total))
        assert len(steps) < 100, "the backup begins again and again"
        with closing(sqlite3.connect(backups.path, timeout=0)) as connection:
            connection.execute("INSERT INTO notes VALUES ('later')")
            connection.commit()

    contents = backups.save(tmp_path / "copy", commit)

    assert {"notes": 1} == contents.rows
    assert math.ceil(steps[0][1] / PAGES) == len(steps)
    assert steps[-1][0] == steps[-1][1]


def test_the_files_beside_a_database_count_as_one(tmp_path: Path) -> None:
    """A restored file would be mixed with an old write-ahead log."""
    (tmp_path / "data-wal").touch()
    with pytest.raises(NotEmpty):
        SqliteBackups(tmp_path / "data").restore(_write(b""), _ignore)
    assert [tmp_path / "data-wal"] == list(tmp_path.iterdir())


def test_a_database_created_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """A server that starts during the restore keeps its database."""
    backups = a_file(tmp_path / "data")
    target = SqliteBackups(tmp_path / "target")

    with pytest.raises(NotEmpty):
        target.restore(_write(backups.path.read_bytes()), lambda _: _write(b"other")(target.path))
    assert b"other" == target.path.read_bytes()


def test_damage_is_reported(tmp_path: Path) -> None:
    """Pages that were overwritten, and rows that refer to missing rows."""
    path = tmp_path / "data"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE above (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE below (above INTEGER REFERENCES above (id), text TEXT)")
        connection.execute("CREATE INDEX ix ON below (text)")
        connection.execute("INSERT INTO below VALUES (1, 'a needle')")
        connection.commit()
    assert ["row 1 of below refers to a missing row of above"] == SqliteBackups(path).faults()

    content = path.read_bytes()
    at = content.rindex(b"a needle")
    path.write_bytes(content[:at] + b"another!" + content[at + 8 :])
    assert 2 <= len(SqliteBackups(path).faults())
