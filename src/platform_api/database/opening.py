"""The address of a database -> its engine. The only module that knows both kinds."""

from importlib import import_module
from pathlib import Path

from platform_api.database.addresses import is_server
from platform_api.database.backups import Backups
from platform_api.database.engine import Engine
from platform_api.database.loading import Loading
from platform_api.database.settings import DatabaseSettings
from platform_api.database.sqlite.backups import SqliteBackups
from platform_api.database.sqlite.engine import SqliteEngine
from platform_api.database.sqlite.loading import SqliteLoading
from platform_api.foundation.refusals import Refusal

_DRIVERS = ("asyncpg", "greenlet")


class DriverMissing(Refusal):
    """The driver for the kind of database is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "The driver for PostgreSQL is not installed. Install platform-api[postgres], or remove database.url."
        )


def engine_at(address: Path | str, settings: DatabaseSettings | None = None) -> Engine:
    """Return the engine for an address: the path of a file, or `postgresql://user:password@host:port/name`.

    Args:
        address: the address.
        settings: those of connections to a server; the defaults unless given.

    Raises:
        DriverMissing: the address is that of a server whose driver is not installed.
    """
    if isinstance(address, Path) or not is_server(address):
        return SqliteEngine(Path(address))
    try:
        import_module("greenlet")  # SQLAlchemy needs it for this driver, and would say so only later
        from platform_api.database.postgres.database import PoolSettings  # noqa: PLC0415 - an optional dependency
        from platform_api.database.postgres.engine import PostgresEngine  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name not in _DRIVERS:
            raise
        raise DriverMissing from error
    chosen = settings or DatabaseSettings()
    pool = PoolSettings(chosen.pool_size, chosen.pool_wait, chosen.statement_timeout, chosen.connect_timeout)
    return PostgresEngine(address, pool)


def engine_of(settings: DatabaseSettings) -> Engine:
    """Return the engine of the database that the settings name.

    Raises:
        DriverMissing: it is on a server whose driver is not installed.
    """
    return engine_at(settings.url or settings.path, settings)


def backups_of(engine: Engine) -> Backups:
    """Return the backups of a database."""
    if isinstance(engine, SqliteEngine):
        return SqliteBackups(engine.path)
    from platform_api.database.postgres.backups import PostgresBackups  # noqa: PLC0415 - an optional dependency
    from platform_api.database.postgres.engine import PostgresEngine  # noqa: PLC0415

    if isinstance(engine, PostgresEngine):
        return PostgresBackups(engine)
    raise TypeError(f"no kind of database has the engine {engine!r}")


def loading_of(engine: Engine) -> Loading:
    """Return the bulk writes to a database."""
    if isinstance(engine, SqliteEngine):
        return SqliteLoading(engine)
    from platform_api.database.postgres.engine import PostgresEngine  # noqa: PLC0415 - an optional dependency
    from platform_api.database.postgres.loading import PostgresLoading  # noqa: PLC0415

    if isinstance(engine, PostgresEngine):
        return PostgresLoading(engine)
    raise TypeError(f"no kind of database has the engine {engine!r}")


__all__ = ["DriverMissing", "backups_of", "engine_at", "engine_of", "loading_of"]
