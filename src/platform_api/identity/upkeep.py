"""The periodic units of identity: what is over is forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from platform_api.database.transaction import Transaction
from platform_api.identity import store
from platform_api.identity.tables import session_credentials, sessions, sign_in_failures, users
from platform_api.identity.throttle import Lockout
from platform_api.schedule.repair import LatestInstant

KEPT = timedelta(days=1)
"""How long sessions that are over, and failures, are kept: long enough that every node has heard of their end."""


async def purge(tx: Transaction, lockout: Lockout) -> int:
    """Forget sessions that are over, credentials that have expired and failures of long ago; how many rows went."""
    before = tx.now - KEPT
    credentials = await tx.execute(store.PURGE_CREDENTIALS, before=before)
    sessions = await tx.execute(store.PURGE_SESSIONS, before=before)
    failures = await tx.execute(store.PURGE_FAILURES, before=before, strangers_since=tx.now - lockout.acquainted)
    return credentials + sessions + failures


def latest_instants(lives: Sequence[timedelta]) -> tuple[LatestInstant, ...]:
    """The latest instants of sessions and of failed sign-ins.

    Args:
        lives: how long the credentials of sessions live, for each kind of session.
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


__all__ = ["KEPT", "latest_instants", "purge"]
