"""The periodic units of identity: what is over is forgotten."""

from datetime import timedelta

from platform_api.database.transaction import Transaction
from platform_api.identity import store
from platform_api.identity.throttle import Lockout

KEPT = timedelta(days=1)
"""How long sessions that are over, and failures, are kept: long enough that every node has heard of their end."""


async def purge(tx: Transaction, lockout: Lockout) -> int:
    """Forget sessions that are over, credentials that have expired and failures of long ago; how many rows went."""
    before = tx.now - KEPT
    credentials = await tx.execute(store.PURGE_CREDENTIALS, before=before)
    sessions = await tx.execute(store.PURGE_SESSIONS, before=before)
    failures = await tx.execute(store.PURGE_FAILURES, before=before, strangers_since=tx.now - lockout.acquainted)
    return credentials + sessions + failures


__all__ = ["KEPT", "purge"]
