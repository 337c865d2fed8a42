"""The clock of the life cycle: requests whose time has passed, addresses that were kept long enough; a batch at a time."""

from datetime import timedelta

from msgspec.structs import replace

from platform_api import contacts, mail
from platform_api.connections import letters, lifecycle, store
from platform_api.connections.tables import connection_requests
from platform_api.connections.values import Act, Terms
from platform_api.database.transaction import Transaction
from platform_api.schedule import LatestInstant, PeriodicUnit

KEPT = timedelta(days=30)
"""How long the address of an invitation is kept after it ended without acceptance."""

BATCH = 500
"""How many requests one unit expires, so that no transaction grows long."""


async def expire_overdue(tx: Transaction) -> bool:
    """Write the expiry of overdue requests, drop their letters and tell their senders; whether more may be overdue.

    Lists and counters pass over overdue requests until then, so a backlog is worked off at once.
    """
    overdue = await store.overdue_requests(tx, tx.now, BATCH)
    for request in overdue:
        expired = await lifecycle.write_expiry(tx, request)
        await mail.drop(tx, request.id)
        await letters.tell_expired(tx, expired)
    return len(overdue) == BATCH


async def forget_strangers(tx: Transaction) -> bool:
    """Forget the addresses of invitations that ended long ago: strangers agreed to nothing.

    Such a request can no longer be sent again. The contact that its sender kept for it stays, without an address.
    """
    ended = await store.purgeable_invitations(tx, tx.now - KEPT, BATCH)
    for request in ended:
        forgotten = replace(request, address_key=None, recipient_key="", superseded=True, version=request.version + 1)
        await lifecycle.change_request(tx, Act.FORGET, None, request, forgotten)
        if not await store.has_open_request(tx, request.receiver_id):
            await contacts.purge_address(tx, request.receiver_id)
    return len(ended) == BATCH


def latest_instants(terms: Terms) -> tuple[LatestInstant, ...]:
    """The latest instants of requests: how long they can be answered, undone, and remembered."""
    of = connection_requests.c
    return (LatestInstant(of.expires_at, terms.request_life), LatestInstant(of.decided_at))


EXPIRY = PeriodicUnit("expire connection requests", timedelta(seconds=30), expire_overdue)

STRANGERS = PeriodicUnit("forget strangers' addresses", timedelta(hours=6), forget_strangers)

__all__ = ["BATCH", "EXPIRY", "KEPT", "STRANGERS", "expire_overdue", "forget_strangers", "latest_instants"]
