"""The periodic units of accounts, and what erasure asks of them."""

from datetime import timedelta

from platform_api.accounts import store
from platform_api.accounts.tables import password_resets, registrations
from platform_api.accounts.values import AccountSettings
from platform_api.database.transaction import Transaction
from platform_api.schedule.repair import LatestInstant

KEPT = timedelta(days=7)
"""How long a registration that has expired is kept, so that its link can say so."""


_BEFORE = timedelta(milliseconds=1)


async def purge(tx: Transaction, settings: AccountSettings) -> int:
    """Forget registrations that were not proved, and links that were not used; how many rows went."""
    registrations = await tx.execute(store.PURGE_REGISTRATIONS, before=tx.now - KEPT)
    resets = await tx.execute(store.PURGE_RESETS, before=tx.now - settings.reset_life - KEPT)
    return registrations + resets


def latest_instants(settings: AccountSettings) -> tuple[LatestInstant, ...]:
    """The latest instants of mailed links.

    A reset that was asked for in the future is dated before any change of a password in the future, which `identity`
    brings back to now: nothing tells which of the two came first, and an old link must not hold again.
    """
    return (
        LatestInstant(registrations.c.expires_at, settings.proof_life),
        LatestInstant(password_resets.c.asked_at, -_BEFORE),
    )


async def forget_address(tx: Transaction, address_key: str) -> None:
    """Forget what waits for an address whose owner is erased."""
    await tx.execute(store.DELETE_REGISTRATIONS_OF, address_key=address_key)
    await tx.execute(store.DELETE_RESET_OF, address_key=address_key)


__all__ = ["KEPT", "forget_address", "latest_instants", "purge"]
