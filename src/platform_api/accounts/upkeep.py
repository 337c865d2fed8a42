"""The periodic units of accounts, and what erasure asks of them."""

from datetime import timedelta

from platform_api.accounts import store
from platform_api.accounts.tables import account_links, registrations
from platform_api.accounts.values import AccountSettings
from platform_api.database.transaction import Transaction
from platform_api.schedule import LatestInstant

KEPT = timedelta(days=7)
"""How long registrations and links are kept after their usual life, so that late letters and old links still work out."""

BATCH = 500
"""Rows of each kind that one transaction deletes at most; there may be more while it deletes at least so many."""

_BEFORE = timedelta(milliseconds=1)


async def purge(tx: Transaction, settings: AccountSettings) -> int:
    """Forget registrations that were not proved, and links that nobody asks for any more; how many rows went."""
    before = tx.now - settings.proof_life - KEPT
    registrations = await tx.execute(store.PURGE_REGISTRATIONS, before=before, limit=BATCH)
    longest = max(settings.proof_life, settings.reset_life)
    return registrations + await tx.execute(store.PURGE_LINKS, before=tx.now - longest - KEPT, limit=BATCH)


def latest_instants() -> tuple[LatestInstant, ...]:
    """The latest instants of mailed links.

    A link that was issued in the future is dated before any change of a password in the future, which `identity`
    brings back to now: nothing tells which of the two came first, and an old link must not work again.
    """
    links = account_links.c
    return (
        LatestInstant(registrations.c.registered_at),
        LatestInstant(links.issued_at, -_BEFORE),
        LatestInstant(links.asked_at),
        LatestInstant(links.lettered_at),
        LatestInstant(links.sent_at),
    )


async def forget_address(tx: Transaction, address_key: str) -> None:
    """Forget what waits for an address whose owner is erased."""
    await tx.execute(store.DELETE_REGISTRATIONS_OF, address_key=address_key)
    await tx.execute(store.DELETE_LINKS_OF, address_key=address_key)


__all__ = ["BATCH", "KEPT", "forget_address", "latest_instants", "purge"]
