"""Errors of connecting and of changing the schema -> a sentence for the operator with what to do."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError

from platform_api.database.engine import LOCK_SECONDS, UnusableDatabase
from platform_api.database.postgres.connecting import OLDEST, ServerTooOld

_SENTENCES: Final[tuple[tuple[tuple[type[Exception], ...], str], ...]] = (
    ((ServerTooOld,), f"The server of {{name}} is {{error}}. Use PostgreSQL {OLDEST} or later."),
    (
        (asyncpg.InvalidAuthorizationSpecificationError,),
        "{name} refused the sign-in: {error}. Correct the user and the password in database.url.",
    ),
    (
        (asyncpg.InvalidCatalogNameError,),
        "The server of {name} has no database of this name. Create it with createdb, or correct database.url.",
    ),
    (
        (asyncpg.TargetServerAttributeNotMatched,),
        "No server of {name} accepts writes. Add the primary to database.url, or wait until a standby is promoted.",
    ),
    (
        (asyncpg.TooManyConnectionsError,),
        "{name} has no free connection: {error}. Lower database.pool_size, or raise max_connections of the server.",
    ),
    (
        (asyncpg.InsufficientPrivilegeError,),
        "{name} refused a change: {error}. Make the user of database.url the owner of the database.",
    ),
    (
        (asyncpg.LockNotAvailableError,),
        f"Another process has been changing the schema of {{name}} for {LOCK_SECONDS} seconds. Start again later.",
    ),
    (
        (asyncpg.ClientConfigurationError,),
        "database.url has an option that cannot be used: {error}. Correct or remove it.",
    ),
    (
        (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError),
        "{name} cannot be reached: {error}. Start the server, or correct the host and the port in database.url.",
    ),
    ((asyncpg.PostgresError,), "{name} refused the connection: {error}. Correct database.url or the server."),
)


def refusal(name: str, error: Exception, *, connecting: bool = True) -> UnusableDatabase | None:
    """Return the refusal for an error; None for one that is a fault of the program.

    Args:
        name: address of the database, without a password.
        error: error of the driver, of SQLAlchemy or of the pool.
        connecting: whether it happened before the first statement, so that every error of the server is a refusal.
    """
    cause = _cause(error)
    sentences = _SENTENCES if connecting else _SENTENCES[:-1]
    for kinds, sentence in sentences:
        if isinstance(cause, kinds):
            text = str(cause).rstrip(".").replace("\n", " ") or "no answer in time"
            return UnusableDatabase(sentence.format(name=name, error=text))
    return None


def _cause(error: BaseException) -> BaseException:
    """The error of the driver."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if error.__cause__ is not None and not isinstance(error, asyncpg.PostgresError | OSError):
        return error.__cause__
    return error


__all__ = ["refusal"]
