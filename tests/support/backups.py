"""Installations to be backed up, and the contents of their databases."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from platform_api.database.backups import Progress
from platform_api.database.engine import Engine
from platform_api.database.metadata import metadata
from platform_api.database.opening import backups_of, engine_at
from platform_api.installation import first_start
from platform_api.installation.backups.acts import BackupActs
from platform_api.installation.settings import Settings, replaced
from platform_api.program import sample


@dataclass(frozen=True)
class BackedUp:
    """An installation with sample data.

    Attributes:
        settings: its settings.
        address: address of its database.
    """

    settings: Settings
    address: Path | str

    @property
    def engine(self) -> Engine:
        """Its database."""
        return engine_at(self.address)

    def acts(self, address: Path | str | None = None, keys: Path | None = None) -> BackupActs:
        """Its backups, or those of another database or with another folder of keys."""
        return BackupActs(backups_of(engine_at(address or self.address)), keys or self.settings.keys.path, silent)


def with_sample(settings: Settings, address: Path | str) -> BackedUp:
    """An installation after its first start, with the sample data."""
    given = {"path": address} if isinstance(address, Path) else {"url": address}
    settings = replaced(settings, "database", **given)
    first_start.prepare(settings)
    asyncio.run(sample.make(settings))
    return BackedUp(settings, address)


def ignore(_done: int, _total: int) -> None:
    """A progress that is not shown."""


@contextmanager
def silent(_title: str) -> Iterator[Progress]:
    """A step that is not shown."""
    yield ignore


def execute(address: Path | str, *statements: str) -> None:
    """Run statements on a database, whose foreign keys are not checked."""

    def run(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    engine_at(address).alone(run)


def rows_of(address: Path | str, *, without: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """All rows of every table, in order."""

    def read(connection: Connection) -> dict[str, list[Any]]:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
            if table.name not in without
        }

    return engine_at(address).alone(read)


__all__ = ["BackedUp", "execute", "ignore", "rows_of", "silent", "with_sample"]
