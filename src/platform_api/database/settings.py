"""Settings of the database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from platform_api.database.addresses import problem_with
from platform_api.foundation.settings import Section, Text, about


class DatabaseSettings(Section, frozen=True, kw_only=True):
    """Address of the database, and the connections of one process to a server."""

    path: Annotated[Path, about("database.path", "The SQLite file, unless `database.url` is set.")] = Path(
        "var/platform-api.sqlite3"
    )
    url: Annotated[
        Text | None,
        about(
            "database.url",
            "A PostgreSQL database, `postgresql://user:password@host:port/name`; several hosts are separated by commas.",
            secret=True,
        ),
    ] = None
    pool_size: Annotated[
        int,
        Meta(ge=1, le=1000),
        about("database.pool_size", "Connections of a process to PostgreSQL at most, beside one for notifications."),
    ] = 10
    pool_wait: Annotated[
        timedelta, about("database.pool_wait", "Time that a request waits for a free connection before it gets 503.")
    ] = timedelta(seconds=5)
    statement_timeout: Annotated[
        timedelta,
        about("database.statement_timeout", "Time that PostgreSQL may spend on one statement, exports excepted."),
    ] = timedelta(seconds=15)
    connect_timeout: Annotated[
        timedelta, about("database.connect_timeout", "Time for one attempt to connect to PostgreSQL.")
    ] = timedelta(seconds=3)

    def contradictions(self) -> Iterator[str]:
        """The address of a server can be read; times are not 0."""
        problem = None if self.url is None else problem_with(self.url)
        if problem:
            yield f"database.url: the value {problem}."
        for name in ("pool_wait", "statement_timeout", "connect_timeout"):
            if not getattr(self, name):
                yield f"database.{name} is 0: no request could be served; set at least 1s."


__all__ = ["DatabaseSettings"]
