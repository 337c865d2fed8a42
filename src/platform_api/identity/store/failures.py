"""SQL of the counters of failed sign-ins."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, bindparam, delete, select, tuple_

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.identity.tables import sign_in_failures
from platform_api.identity.values import FailureCounter

_f = sign_in_failures.c

_GET_FAILURES = Query(
    select(_f.subject, _f.client, _f.failures, _f.failed_at, _f.succeeded_at).where(
        _f.subject == bindparam("subject"), _f.client == bindparam("client")
    ),
    FailureCounter,
)


async def get_failures(tx: Transaction, subject: str, client: str) -> FailureCounter:
    """The counter of a subject and a client; a new one if nothing was counted yet."""
    stored = await tx.one(_GET_FAILURES, subject=subject, client=client)
    return stored or FailureCounter(subject, client, 0, tx.now)


_PUT_FAILURES = Command(
    upsert(
        sign_in_failures,
        key=[_f.subject, _f.client],
        change=lambda new: {
            "failures": new.failures,
            "failed_at": new.failed_at,
            "succeeded_at": new.succeeded_at,
        },
    )
)


async def put_failures(tx: Transaction, counter: FailureCounter) -> None:
    """Add a counter, or replace the stored one."""
    await tx.execute(_PUT_FAILURES, **asdict(counter))


_BEFORE = bindparam("before", type_=_f.failed_at.type)


def _purge(*which: ColumnElement[bool]) -> Command:
    """At most `limit` counters, in any order."""
    chosen = select(_f.subject, _f.client).where(*which).limit(bindparam("limit", type_=Integer))
    return Command(delete(sign_in_failures).where(tuple_(_f.subject, _f.client).in_(chosen)))


_PURGE_OF_UNKNOWN_CLIENTS = _purge(_f.succeeded_at.is_(None), _f.failed_at < _BEFORE)


async def purge_failures_of_unknown_clients(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete counters of clients that never signed in, last changed before a time; returns the number of rows deleted."""
    return await tx.execute(_PURGE_OF_UNKNOWN_CLIENTS, before=before, limit=limit)


_PURGE_OF_KNOWN_CLIENTS = _purge(
    _f.succeeded_at < bindparam("known_since", type_=_f.succeeded_at.type), _f.failed_at < _BEFORE
)


async def purge_failures_of_known_clients(
    tx: Transaction, before: datetime, limit: int, *, known_since: datetime
) -> int:
    """Delete counters of clients that last signed in before `known_since`; returns the number of rows deleted.

    Only counters last changed before `before` are deleted.
    """
    return await tx.execute(_PURGE_OF_KNOWN_CLIENTS, before=before, limit=limit, known_since=known_since)


_DELETE_FAILURES = Command(delete(sign_in_failures).where(_f.subject == bindparam("subject")))


async def delete_failures(tx: Transaction, subject: str) -> None:
    """Delete all counters of a subject."""
    await tx.execute(_DELETE_FAILURES, subject=subject)


__all__ = [
    "delete_failures",
    "get_failures",
    "purge_failures_of_known_clients",
    "purge_failures_of_unknown_clients",
    "put_failures",
]
