"""Bring a database to the schema that this version of the program needs, and write new revisions."""

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, MetaData, create_engine, event

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"
"""The revisions, named `0001_what_it_does.py`; the number is the revision's id, and their order."""

LOCK_SECONDS = 60
"""How long to wait for another process that is migrating the same database."""


class NewerSchema(RuntimeError):
    """The database has been migrated by a later version of this program."""

    def __init__(self, found: str, known: str | None) -> None:
        super().__init__(
            f"The database has schema {found}; this version of the program knows only up to {known}."
            " Start the version that made it, or a later one."
        )
        self.found = found
        self.known = known


def migrate(path: Path, versions: Path = VERSIONS) -> bool:
    """Bring the SQLite file `path` to the latest revision; whether there was anything to do.

    The file is made if need be, readable by its owner only. Of several processes that start at once, one migrates and the others wait for it.

    Raises:
        NewerSchema: a later version of the program has been here.
    """
    head, current = head_revision(versions), current_revision(path)
    if current == head:
        return False
    if current is not None and (head is None or current > head):
        raise NewerSchema(current, head)
    from alembic import command  # noqa: PLC0415 - slow to import, and rarely needed

    path.touch(mode=0o600)
    with _locked(path) as connection:
        command.upgrade(_config(versions, connection), "head")
    return True


def head_revision(versions: Path = VERSIONS) -> str | None:
    """The latest revision that this version of the program knows; None if there is none."""
    numbers = (re.match(r"\d{4}(?=_)", file.name) for file in versions.glob("*.py"))
    return max((number[0] for number in numbers if number), default=None)


def current_revision(path: Path) -> str | None:
    """The revision that the SQLite file has; None for a new one."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(path, timeout=LOCK_SECONDS)) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else None


def revision(message: str, metadata: MetaData, versions: Path = VERSIONS) -> Path:
    """Write the next revision: what is to be done so that the schema becomes what `metadata` says.

    What was generated is a draft: read it, and run the formatter over it.
    """
    from alembic import command  # noqa: PLC0415 - a tool of developers

    number = f"{int(head_revision(versions) or 0) + 1:04}"
    with _latest(versions) as connection:
        made = command.revision(
            _config(versions, connection, metadata), message=message, autogenerate=True, rev_id=number
        )
    if made is None or isinstance(made, list):
        raise RuntimeError("Alembic wrote no revision")
    return Path(made.path)


def differences(metadata: MetaData, versions: Path = VERSIONS) -> list[Any]:
    """What a new revision would have to do, as Alembic says it; empty when the revisions are complete."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - a tool of developers
    from alembic.migration import MigrationContext  # noqa: PLC0415

    with _latest(versions) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _config(versions: Path, connection: Connection, metadata: MetaData | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - slow to import, and rarely needed

    config = Config(attributes={"connection": connection, "metadata": metadata})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _latest(versions: Path) -> Iterator[Connection]:
    """A passing database at the latest revision."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "latest.db"
        migrate(path, versions)
        with _locked(path) as connection:
            yield connection


@contextmanager
def _locked(path: Path) -> Iterator[Connection]:
    """A connection in one transaction that no other writer shares, with foreign keys checked at its end."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_SECONDS})
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            yield connection
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise RuntimeError(f"the migration left {len(broken)} rows whose foreign keys point nowhere")
    finally:
        engine.dispose()


def _leave_transactions_to_us(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None


__all__ = ["VERSIONS", "NewerSchema", "current_revision", "differences", "head_revision", "migrate", "revision"]
