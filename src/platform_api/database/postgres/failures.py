"""Translation of errors of PostgreSQL and of its connections to the errors of units and operations."""

from typing import Any, Final

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from platform_api.database.errors import (
    CommitFailed,
    ConstraintViolation,
    DatabaseAway,
    DatabaseBusy,
    UniqueViolation,
    UnitMisused,
)

RUN_AGAIN: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""The transaction was rolled back because of concurrent transactions: the unit is run again."""


class Conflicted(Exception):
    """A transaction was undone because of concurrent ones. Its unit is run again."""


_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,  # in a unit that writes: this server is a standby since a failover
    ConnectionError,
    OSError,
    TimeoutError,
)
_FULL = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError, asyncpg.PostgresIOError)


def translated(error: Exception, *, writing: bool, lost: bool = False) -> Exception:
    """Return the corresponding error of units; the driver's own error if there is none.

    Args:
        error: error of the driver.
        writing: whether the transaction may write.
        lost: whether the connection is closed.
    """
    if isinstance(error, asyncpg.UniqueViolationError):
        return UniqueViolation(error.constraint_name or "", _columns(error.detail))
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return ConstraintViolation(str(error))
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError) and not writing:
        return UnitMisused("a unit that reads cannot write; run it with write")
    if isinstance(error, asyncpg.QueryCanceledError | asyncpg.LockNotAvailableError):
        return DatabaseBusy()
    if isinstance(error, _FULL):
        return CommitFailed()
    return DatabaseAway() if lost or isinstance(error, _AWAY) else error


def is_lost(connection: "PoolConnectionProxy[Any]") -> bool:
    """Whether a connection is closed: one that is lost is taken back by the pool at once, and then answers no question."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _columns(detail: str | None) -> tuple[str, ...]:
    """Return the columns of a violated key, from a detail such as `Key (name, kind)=(...) already exists`."""
    if detail is None or not detail.startswith("Key ("):
        return ()
    return tuple(detail[len("Key (") :].partition(")=")[0].split(", "))


__all__ = ["RUN_AGAIN", "Conflicted", "is_lost", "translated"]
