"""Shows a contact the requests to an address that it has verified, a batch at a time.

Anyone may invite an address, so there may be any number of them. The first are shown by the transaction that verifies
the address, the others by a periodic unit.
"""

from msgspec.structs import replace

from platform_api.connections import lifecycle, store
from platform_api.connections.values import Act, ConnectionRequest
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid

BATCH = 200
"""The most requests that one transaction shows."""


async def show(tx: Transaction, contact_id: Guid, address_key: str) -> None:
    """Show a contact the requests to its address: the first batch now, the others soon."""
    if not await _show_some(tx, contact_id, address_key):
        await store.add_address_to_show(tx, contact_id, address_key)


async def show_more(tx: Transaction) -> bool:
    """Show a batch of requests to an address that had too many for one transaction; returns whether there may be more."""
    waiting = await store.next_address_to_show(tx)
    if waiting is None:
        return False
    contact_id, address_key = waiting
    if await _show_some(tx, contact_id, address_key):
        await store.end_address_to_show(tx, address_key)
    return True


async def _show_some(tx: Transaction, contact_id: Guid, address_key: str) -> bool:
    """Show a batch of requests; returns whether these were the last ones."""
    found = await store.unshown_requests(tx, contact_id, address_key, BATCH)
    for request in found:
        await _show(tx, contact_id, request)
    return len(found) < BATCH


async def _show(tx: Transaction, contact_id: Guid, request: ConnectionRequest) -> None:
    blocked = await store.is_blocked(tx, contact_id, request.sender_id, request.sent_by)
    ignored_at = tx.now if blocked else None
    shown = replace(request, shown_to=contact_id, ignored_at=ignored_at, version=request.version + 1)
    await lifecycle.change_request(tx, Act.SHOW, None, request, shown)


__all__ = ["BATCH", "show", "show_more"]
