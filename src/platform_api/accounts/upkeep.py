"""The periodic units of accounts, and what erasure asks of them."""

from datetime import timedelta

from platform_api.accounts import store
from platform_api.accounts.values import AccountSettings
from platform_api.database.transaction import Transaction

KEPT = timedelta(days=7)
"""How long a registration that has expired is kept, so that its link can say so."""


async def purge(tx: Transaction, settings: AccountSettings) -> int:
    """Forget registrations that were not proved, and links that were not used; how many rows went."""
    registrations = await tx.execute(store.PURGE_REGISTRATIONS, before=tx.now - KEPT)
    resets = await tx.execute(store.PURGE_RESETS, before=tx.now - settings.reset_life - KEPT)
    return registrations + resets


async def forget_address(tx: Transaction, address_key: str) -> None:
    """Forget what waits for an address whose owner is erased."""
    await tx.execute(store.DELETE_REGISTRATIONS_OF, address_key=address_key)
    await tx.execute(store.DELETE_RESET_OF, address_key=address_key)


__all__ = ["KEPT", "forget_address", "purge"]
