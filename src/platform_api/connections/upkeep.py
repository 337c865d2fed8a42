"""Periodic work of connections: expiry of requests, purging of addresses, requests to newly verified addresses."""

from datetime import timedelta

from msgspec.structs import replace

from platform_api import contacts, mail
from platform_api.connections import letters, lifecycle, showing, store
from platform_api.connections.settings import Terms
from platform_api.connections.tables import connection_requests
from platform_api.connections.values import Act
from platform_api.database.transaction import Transaction
from platform_api.schedule import LatestInstant, PeriodicUnit

ADDRESS_LIFE = timedelta(days=30)
"""Time for which an invitation keeps its address after it ended without acceptance."""

BATCH = 500
"""The most requests that one unit changes, so that transactions stay short."""


def periodic_units() -> tuple[PeriodicUnit, ...]:
    """The periodic units of requests."""
    return (
        PeriodicUnit("expire connection requests", timedelta(seconds=30), expire_overdue),
        PeriodicUnit("purge addresses of invitations", timedelta(hours=6), purge_addresses),
        PeriodicUnit("show requests to new addresses", timedelta(seconds=10), showing.show_more),
    )


async def expire_overdue(tx: Transaction) -> bool:
    """Write the expiry of a batch of overdue requests, drop their letters and notify their senders.

    Returns whether more requests may be overdue. Lists and counters skip overdue requests until their expiry is
    written, so a backlog is worked off without a pause.
    """
    overdue = await store.overdue_requests(tx, tx.now, BATCH)
    for request in overdue:
        expired = await lifecycle.write_expiry(tx, request)
        await mail.drop(tx, request.id)
        await letters.notify_expired(tx, expired)
    return len(overdue) == BATCH


async def purge_addresses(tx: Transaction) -> bool:
    """Remove the addresses of a batch of invitations that ended long ago, since their owners have agreed to nothing.

    Returns whether there may be more. Such a request cannot be sent again. The contact that its sender keeps for it
    stays, without an address.
    """
    ended = await store.purgeable_invitations(tx, tx.now - ADDRESS_LIFE, BATCH)
    for request in ended:
        purged = replace(request, address_key=None, recipient_key="", superseded=True, version=request.version + 1)
        await lifecycle.change_request(tx, Act.PURGE, None, request, purged)
        if not await store.has_open_request(tx, request.receiver_id):
            await contacts.purge_address(tx, request.receiver_id)
    return len(ended) == BATCH


def latest_instants(terms: Terms) -> tuple[LatestInstant, ...]:
    """The latest instants that the columns of requests may hold."""
    of = connection_requests.c
    return (LatestInstant(of.expires_at, terms.request_life), LatestInstant(of.decided_at))


__all__ = ["ADDRESS_LIFE", "BATCH", "expire_overdue", "latest_instants", "periodic_units", "purge_addresses"]
