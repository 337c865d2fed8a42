"""The operations of a kind of database other than units of work: opening it, and changing its schema."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from platform_api.database.transaction import Database

T = TypeVar("T")

LOCK_SECONDS = 60
"""Time to wait for another process that changes the schema of the same database."""


class Engine(Protocol):
    """One database of an installation, given by its address. It holds no connection."""

    @property
    def name(self) -> str:
        """Address for messages, without a password."""

    def open(self) -> AbstractAsyncContextManager[Database]:
        """Open the database until the end of the `async with` block."""

    def exists(self) -> bool:
        """Whether the database exists and has a schema."""

    def alone(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection whose transaction no other change of the schema shares, and commit it.

        Blocks, up to `LOCK_SECONDS` while another process changes the schema.
        """


__all__ = ["LOCK_SECONDS", "Engine"]
