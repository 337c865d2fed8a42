"""Migrate a database to the schema of this version, and generate new revisions."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, MetaData, inspect

from platform_api.database.engine import Engine
from platform_api.database.sqlite.engine import SqliteEngine
from platform_api.foundation.refusals import Refusal

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")

VERSIONS = Path(__file__).parent / "versions"
"""The revisions, named `0001_what_it_does.py`; the number is the revision's id and determines its order."""


class NewerSchema(Refusal):
    """The database has been migrated by a later version of this program."""

    def __init__(self, found: str, known: str | None) -> None:
        super().__init__(
            f"The database has schema {found}; this version of the program knows only up to {known}."
            " Start the version that made it, or a later one."
        )
        self.found = found
        self.known = known


class ForeignDatabase(Refusal):
    """The database has tables of another program."""

    def __init__(self, name: str, found: str) -> None:
        super().__init__(
            f"{name} belongs to another program: it has {found}. Nothing was changed. Choose an empty database."
        )


class UnfinishedDatabase(Refusal):
    """A restore or a copy into the database was interrupted before its end."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is incomplete: a restore or copy into it was interrupted. Run `platform-api database copy` again, which"
            " goes on, or restore into an empty database."
        )


def migrate(database: Engine, versions: Path = VERSIONS) -> bool:
    """Migrate a database to the latest revision; return whether any was applied.

    A missing file is created. Of several processes that start at the same time, one migrates and the others wait for it.

    Raises:
        NewerSchema: a later version of the program has migrated it.
        ForeignDatabase: it has tables of another program.
        UnfinishedDatabase: a restore or a copy into it was interrupted.
        UnusableDatabase: it cannot be opened.
    """
    head, current = head_revision(versions), current_revision(database)
    if current == head:
        return False
    check_revision(database, current, head)

    def change(connection: Connection) -> None:
        _check_tables(database, connection)
        upgrade(connection, versions)

    database.alone(change)
    return True


def upgrade(connection: Connection, versions: Path = VERSIONS) -> None:
    """Apply the missing revisions in the transaction of a connection."""
    from alembic import command  # noqa: PLC0415 - slow to import and rarely needed

    command.upgrade(_config(versions, connection), "head")


def check_revision(database: Engine, current: str | None, head: str | None) -> None:
    """Refuse a revision that this version of the program does not know.

    Raises:
        NewerSchema: a later version of the program has migrated the database.
        ForeignDatabase: the revision is that of another program.
    """
    if current is None:
        return
    if not re.fullmatch(r"\d{4}", current):
        raise ForeignDatabase(database.name, f"the schema {current}")
    if head is None or current > head:
        raise NewerSchema(current, head)


def _check_tables(database: Engine, connection: Connection) -> None:
    """Refuse a database without our schema that is not empty."""
    tables = sorted(inspect(connection).get_table_names())
    if tables and "alembic_version" not in tables:
        raise ForeignDatabase(database.name, f"the table {tables[0]}")


def head_revision(versions: Path = VERSIONS) -> str | None:
    """Return the latest revision known to this version of the program; None if there is none."""
    numbers = (re.match(r"\d{4}(?=_)", file.name) for file in versions.glob("*.py"))
    return max((number[0] for number in numbers if number), default=None)


def current_revision(database: Engine) -> str | None:
    """Return the revision of a database; None for a new one.

    Raises:
        UnfinishedDatabase: a restore or a copy was interrupted.
    """
    if not database.exists():
        return None
    found: str | None = database.alone(
        lambda connection: connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    )
    if found is None:
        raise UnfinishedDatabase(database.name)
    return found


def revision(message: str, metadata: MetaData, versions: Path = VERSIONS) -> Path:
    """Generate the next revision, which makes the schema match `metadata`.

    The result is a draft: review it, and run the formatter on it.
    """
    from alembic import command  # noqa: PLC0415 - for developers only

    number = f"{int(head_revision(versions) or 0) + 1:04}"
    made = _on_latest(
        versions,
        lambda connection: command.revision(
            _config(versions, connection, metadata), message=message, autogenerate=True, rev_id=number
        ),
    )
    if made is None or isinstance(made, list):
        raise RuntimeError("Alembic wrote no revision")
    return Path(made.path)


def differences(metadata: MetaData, versions: Path = VERSIONS) -> list[Any]:
    """Return the steps that a new revision would need, in Alembic's form; empty if the revisions are complete."""
    return _on_latest(versions, lambda connection: differences_on(connection, metadata))


def differences_on(connection: Connection, metadata: MetaData) -> list[Any]:
    """Return the steps from the schema of a connection's database to the declared one, in Alembic's form."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - for developers only
    from alembic.migration import MigrationContext  # noqa: PLC0415

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _config(versions: Path, connection: Connection, metadata: MetaData | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - slow to import and rarely needed

    config = Config(attributes={"connection": connection, "metadata": metadata})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _on_latest(versions: Path, work: Callable[[Connection], T]) -> T:
    """Call `work` on a temporary database at the latest revision."""
    with tempfile.TemporaryDirectory() as directory:
        database = SqliteEngine(Path(directory) / "latest.db")
        migrate(database, versions)
        return database.alone(work)


__all__ = [
    "VERSIONS",
    "ForeignDatabase",
    "NewerSchema",
    "UnfinishedDatabase",
    "check_revision",
    "current_revision",
    "differences",
    "head_revision",
    "migrate",
    "revision",
    "upgrade",
]
