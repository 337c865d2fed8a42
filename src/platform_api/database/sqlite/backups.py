"""Backups of a SQLite file, by SQLite's online backup."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from platform_api.database.backups import Contents, NoDatabase, NotEmpty, Progress, contents_of
from platform_api.database.sqlite.engine import SqliteEngine

PAGES: Final = 2048
"""Pages that one step copies: 8 MB."""


@dataclass(frozen=True, slots=True)
class SqliteBackups:
    """Backups of the database in the file `path`."""

    path: Path

    @property
    def kind(self) -> str:
        """Name of the kind of database."""
        return "sqlite"

    @property
    def engine(self) -> SqliteEngine:
        """The database."""
        return SqliteEngine(self.path)

    def save(self, file: Path, progress: Progress) -> Contents:
        """Copy the file as it was when the copy began.

        The open read transaction keeps that state. Without it, each commit of a server would begin the copy again.
        """
        if not self.engine.exists():
            raise NoDatabase(self.engine.name)
        with (
            self.engine.refused(),
            closing(sqlite3.connect(self.path)) as source,
            closing(sqlite3.connect(file)) as copy,
        ):
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_schema").fetchone()
            source.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
        return SqliteEngine(file).snapshot(contents_of)

    def restore(self, unpack: Callable[[Path], None], finish: Callable[[Connection], None]) -> None:
        """Create the file, complete and on the disk, from a temporary one in the same folder."""
        self._check_free()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.path.parent, prefix=".restore-") as folder:
            copy = Path(folder) / "database"
            copy.touch(mode=0o600)
            unpack(copy)
            SqliteEngine(copy).alone(finish)
            _write_out(copy)
            try:
                os.link(copy, self.path)
            except FileExistsError as error:
                raise self._not_empty() from error
        _sync(self.path.parent)

    @contextmanager
    def scratch(self) -> Iterator["SqliteBackups"]:
        """A file in a temporary folder."""
        with tempfile.TemporaryDirectory(prefix="platform-api-") as folder:
            yield SqliteBackups(Path(folder) / "database")

    def faults(self) -> list[str]:
        """Report what SQLite's own checks find."""
        with self.engine.refused(), closing(sqlite3.connect(self.path)) as connection:
            damage = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            broken = [
                f"row {row} of {table} refers to a missing row of {parent}"
                for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check")
            ]
        return damage + broken

    def _check_free(self) -> None:
        if any(file.exists() for file in (self.path, *self._companions())):
            raise self._not_empty()

    def _companions(self) -> list[Path]:
        return [self.path.with_name(f"{self.path.name}{suffix}") for suffix in ("-wal", "-shm")]

    def _not_empty(self) -> NotEmpty:
        return NotEmpty(
            self.engine.name,
            "stop the server, move the file and its -wal and -shm files away, or name another by --set database.path=FILE.",
        )


def _write_out(file: Path) -> None:
    """Move what is in the write-ahead log into the file, and wait until the file is on the disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _sync(file)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


__all__ = ["PAGES", "SqliteBackups"]
