"""What each kind of database offers beside units of work: how it is opened, and how its schema is changed."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from platform_api.database.transaction import Database

T = TypeVar("T")

LOCK_SECONDS = 60
"""How long to wait for another process that changes the schema of the same database."""


class Engine(Protocol):
    """One database of an installation, by its address. It holds no connection."""

    @property
    def name(self) -> str:
        """The address as messages show it, without a password."""

    def open(self) -> AbstractAsyncContextManager[Database]:
        """The database, until the end of the `async with`."""

    def exists(self) -> bool:
        """Whether there is a database with a schema; an empty one, or one that will be made, has none."""

    def alone(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection whose transaction no other change of the schema shares, and commit it.

        Blocks, up to `LOCK_SECONDS` while another process changes the schema.
        """


__all__ = ["LOCK_SECONDS", "Engine"]
