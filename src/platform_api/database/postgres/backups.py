"""Backups of a PostgreSQL database, by pg_dump and pg_restore."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, column, insert, table

from platform_api.database.addresses import at_database
from platform_api.database.backups import (
    VERSION_TABLE,
    Contents,
    NoDatabase,
    NotEmpty,
    Progress,
    ToolFailed,
    contents_of,
)
from platform_api.database.postgres.engine import PostgresEngine
from platform_api.database.postgres.loading import PostgresLoading
from platform_api.database.postgres.tools import run_tool

_MAY_CREATE: Final = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
_VERSION: Final = table(VERSION_TABLE, column("version_num"))
_DUMPING: Final = "dumping contents of table"


@dataclass(frozen=True, slots=True)
class PostgresBackups:
    """Backups of the database of `engine`."""

    engine: PostgresEngine

    @property
    def kind(self) -> str:
        """Name of the kind of database."""
        return "postgresql"

    def save(self, file: Path, progress: Progress) -> Contents:
        """Dump one snapshot, in which the rows are counted too."""
        if not self.engine.exists():
            raise NoDatabase(self.engine.name)
        return self.engine.snapshot(lambda connection: self._dump(connection, file, progress))

    def _dump(self, connection: Connection, file: Path, progress: Progress) -> Contents:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        contents = contents_of(connection)
        tables, done = len(contents.rows) + 1, 0
        progress(done, tables)
        options = ("--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--snapshot={snapshot}")

        def follow(line: str) -> None:
            nonlocal done
            if _DUMPING in line:
                done += 1
                progress(min(done, tables), tables)

        run_tool("pg_dump", self.engine.url, *options, f"--file={file}", follow=follow)
        return contents

    def restore(self, unpack: Callable[[Path], None], finish: Callable[[Connection], None]) -> None:
        """Restore all but the revision of the schema in one transaction, then the revision together with `finish`.

        A server does not start on a database without it.
        """
        self._check_empty()
        with tempfile.TemporaryDirectory(prefix="platform-api-") as folder:
            file, listed = Path(folder) / "database", Path(folder) / "list"
            unpack(file)
            entries = run_tool("pg_restore", None, "--list", str(file))
            listed.write_text("".join(f"{line}\n" for line in entries if not _is_revision(line)))
            options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
            run_tool("pg_restore", self.engine.url, *options, f"--use-list={listed}", str(file))
            revision = _revision_in(file)
        try:
            self.engine.alone(lambda connection: _complete(connection, revision, finish))
        except BaseException:
            self.engine.alone(_drop_tables)
            raise

    @contextmanager
    def scratch(self) -> Iterator["PostgresBackups"]:
        """A new database on the same server."""
        if not self.engine.snapshot(lambda connection: connection.exec_driver_sql(_MAY_CREATE).scalar()):
            raise ToolFailed(
                f"The user of {self.engine.name} may not create the temporary database that this requires. Run ALTER ROLE"
                " ... CREATEDB on it, or name another server by --set database.url=ADDRESS."
            )
        name = f"platform_api_verify_{secrets.token_hex(6)}"
        self.engine.command(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield PostgresBackups(replace(self.engine, url=at_database(self.engine.url, name)))
        finally:
            self.engine.command(f"DROP DATABASE {name} WITH (FORCE)")

    def faults(self) -> list[str]:
        """Report none: a restore computes every index and checks every key anew."""
        return []

    def _check_empty(self) -> None:
        if not PostgresLoading(self.engine).is_empty():
            raise NotEmpty(self.engine.name, "create an empty database, and name it by --set database.url=ADDRESS.")


def _is_revision(entry: str) -> bool:
    """Whether an entry of the list of pg_restore is the row of the revision."""
    return " TABLE DATA " in entry and VERSION_TABLE in entry.split()


def _revision_in(file: Path) -> str:
    """The revision of a dump: the row after the line that begins the data."""
    lines = iter(run_tool("pg_restore", None, "--data-only", f"--table={VERSION_TABLE}", "--file=-", str(file)))
    for line in lines:
        if line.startswith("COPY "):
            return next(lines, "")
    return ""


def _complete(connection: Connection, revision: str, finish: Callable[[Connection], None]) -> None:
    connection.execute(insert(_VERSION).values(version_num=revision))
    finish(connection)


def _drop_tables(connection: Connection) -> None:
    restored = MetaData()
    restored.reflect(connection)
    restored.drop_all(connection)


__all__ = ["PostgresBackups"]
