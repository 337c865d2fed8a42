"""Periodic work of identity: purging sessions, credentials and failed sign-ins."""

from collections.abc import Sequence
from datetime import timedelta

from platform_api.database.transaction import Transaction
from platform_api.identity import store
from platform_api.identity.tables import session_credentials, sessions, sign_in_failures, users
from platform_api.identity.values import SignInPauses
from platform_api.schedule import LatestInstant, PeriodicUnit

KEPT = timedelta(days=1)
"""How long past sessions and failures are kept: long enough for every node to read that they ended."""


BATCH = 500
"""Greatest number of rows of each kind that one transaction deletes. Fewer deleted rows mean that none are left."""


def periodic_units(pauses: SignInPauses) -> tuple[PeriodicUnit, ...]:
    """The periodic units of identity."""

    async def unit(tx: Transaction) -> bool:
        return await purge(tx, pauses) >= BATCH

    return (PeriodicUnit("purge sessions", timedelta(hours=1), unit),)


async def purge(tx: Transaction, pauses: SignInPauses) -> int:
    """Delete past sessions, expired credentials and old failures; returns the number of rows deleted."""
    before = tx.now - KEPT
    past = await store.past_sessions(tx, before, BATCH)
    deleted = await store.delete_sessions(tx, past)
    if len(past) == BATCH:
        return deleted  # the rest follows in the next transaction
    deleted += await store.purge_credentials(tx, before, BATCH)
    deleted += await store.purge_failures_of_unknown_clients(tx, before, BATCH)
    known_since = tx.now - pauses.known_for
    return deleted + await store.purge_failures_of_known_clients(tx, before, BATCH, known_since=known_since)


def latest_instants(lives: Sequence[timedelta]) -> tuple[LatestInstant, ...]:
    """The latest instants of sessions and of failed sign-ins.

    Args:
        lives: lifetimes of credentials, for each kind of session.
    """
    expires_at, life_seconds = session_credentials.c.expires_at, session_credentials.c.life_seconds
    return (
        *(LatestInstant(expires_at, life, life_seconds == int(life.total_seconds())) for life in dict.fromkeys(lives)),
        LatestInstant(expires_at, max(lives)),
        LatestInstant(sessions.c.expires_at, max(lives)),
        LatestInstant(sessions.c.ended_at),
        LatestInstant(users.c.password_changed_at),
        LatestInstant(sign_in_failures.c.failed_at),
        LatestInstant(sign_in_failures.c.succeeded_at),
    )


__all__ = ["BATCH", "KEPT", "latest_instants", "periodic_units", "purge"]
