"""Periodic work of accounts: purging old registrations and links."""

from datetime import timedelta

from platform_api.accounts import store
from platform_api.accounts.settings import AccountSettings
from platform_api.accounts.tables import account_links, registrations
from platform_api.database.transaction import Transaction
from platform_api.schedule import LatestInstant, PeriodicUnit

KEPT = timedelta(days=7)
"""How long registrations and links are kept after their lifetime, for late letters and old links."""

BATCH = 500
"""Greatest number of rows of each kind that one transaction deletes. Fewer deleted rows mean that none are left."""

_BEFORE = timedelta(milliseconds=1)


def periodic_units(settings: AccountSettings) -> tuple[PeriodicUnit, ...]:
    """The periodic units of accounts."""

    async def unit(tx: Transaction) -> bool:
        return await purge(tx, settings) >= BATCH

    return (PeriodicUnit("purge registrations", timedelta(hours=6), unit),)


async def purge(tx: Transaction, settings: AccountSettings) -> int:
    """Delete registrations that were never proved and links no longer requested; returns the number of rows deleted."""
    deleted = await store.purge_registrations(tx, tx.now - settings.proof_life - KEPT, BATCH)
    longest = max(settings.proof_life, settings.reset_life)
    return deleted + await store.purge_links(tx, tx.now - longest - KEPT, BATCH)


def latest_instants() -> tuple[LatestInstant, ...]:
    """The latest instants of registrations and links.

    A link issued in the future is dated before any change of a password in the future, which `identity` brings back to
    now: the order of the two is unknown, and an old link must not work again.
    """
    links = account_links.c
    return (
        LatestInstant(registrations.c.registered_at),
        LatestInstant(links.issued_at, -_BEFORE),
        LatestInstant(links.asked_at),
        LatestInstant(links.lettered_at),
        LatestInstant(links.sent_at),
    )


__all__ = ["BATCH", "KEPT", "latest_instants", "periodic_units", "purge"]
