"""The periodic units of identity: what is over is forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from platform_api.database.transaction import Transaction
from platform_api.identity import store
from platform_api.identity.tables import session_credentials, sessions, sign_in_failures, users
from platform_api.identity.throttle import Lockout
from platform_api.schedule import LatestInstant

KEPT = timedelta(days=1)
"""How long sessions that are over, and failures, are kept: long enough that every node has heard of their end."""


BATCH = 500
"""Rows of each kind that one transaction deletes at most; there may be more while it deletes at least so many."""


async def purge(tx: Transaction, lockout: Lockout) -> int:
    """Forget sessions that are over, credentials that have expired and failures of long ago; how many rows went."""
    old = {"before": tx.now - KEPT, "limit": BATCH}
    over = await tx.all(store.PAST_SESSIONS, **old)
    gone = await tx.execute(store.DELETE_CREDENTIALS_OF_SESSIONS, session_ids=over)
    gone += await tx.execute(store.DELETE_SESSIONS, session_ids=over)
    if len(over) == BATCH:
        return gone  # the rest follows in the next transaction
    gone += await tx.execute(store.PURGE_CREDENTIALS, **old)
    gone += await tx.execute(store.PURGE_FAILURES_OF_STRANGERS, **old)
    strangers_since = tx.now - lockout.acquainted
    return gone + await tx.execute(store.PURGE_FAILURES_OF_ACQUAINTED, strangers_since=strangers_since, **old)


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


__all__ = ["BATCH", "KEPT", "latest_instants", "purge"]
