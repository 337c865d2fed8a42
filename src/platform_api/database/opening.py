"""The address of a database -> its engine. The only module that knows both kinds."""

from pathlib import Path
from typing import Final

from platform_api.database.engine import Engine
from platform_api.database.sqlite.engine import SqliteEngine

SCHEMES: Final = ("postgresql://", "postgres://")
"""Prefix of the address of a server; every other address is that of a file."""


class DriverMissing(RuntimeError):
    """The driver for the kind of database is not installed."""

    def __init__(self) -> None:
        super().__init__("The driver for PostgreSQL is not installed. Install platform-api[postgres].")


def engine_at(address: Path | str) -> Engine:
    """Return the engine for an address: the path of a file, or `postgresql://user:password@host:port/name`.

    Raises:
        DriverMissing: the address is that of a server whose driver is not installed.
    """
    if isinstance(address, Path) or not address.startswith(SCHEMES):
        return SqliteEngine(Path(address))
    try:
        from platform_api.database.postgres.engine import PostgresEngine  # noqa: PLC0415 - an optional dependency
    except ModuleNotFoundError as error:
        raise DriverMissing from error
    return PostgresEngine(address)


__all__ = ["SCHEMES", "DriverMissing", "engine_at"]
