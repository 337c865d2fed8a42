"""The SQL of requests that went to an address, above all before the contact that is to see them had verified it."""

from sqlalchemy import bindparam, delete, select

from platform_api.connections.store import REQUESTS, request_from_row
from platform_api.connections.tables import PENDING, addresses_to_show, connection_requests
from platform_api.connections.values import ConnectionRequest
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid

UNSHOWN_REQUESTS = Query(
    REQUESTS.where(
        connection_requests.c.address_key == bindparam("address_key"),
        connection_requests.c.shown_to.is_(None),
        connection_requests.c.sender_id != bindparam("contact_id"),
        PENDING,
    ).limit(bindparam("limit")),
    request_from_row,
)
PENDING_REQUESTS = Query(
    REQUESTS.where(connection_requests.c.address_key == bindparam("address_key"), PENDING).limit(bindparam("limit")),
    request_from_row,
)
REMEMBER = Command(upsert(addresses_to_show, key=[addresses_to_show.c.address_key]))
NEXT_ADDRESS = Query(
    select(addresses_to_show.c.contact_id, addresses_to_show.c.address_key)
    .order_by(addresses_to_show.c.address_key)
    .limit(1),
    as_tuple,
)
FORGET = Command(delete(addresses_to_show).where(addresses_to_show.c.address_key == bindparam("address")))


async def pending_requests_to(tx: Transaction, address_key: str, limit: int) -> list[ConnectionRequest]:
    """Pending requests to an address, shown to somebody or not; `limit` of them at most, since anybody may send them."""
    return await tx.all(PENDING_REQUESTS, address_key=address_key, limit=limit)


async def requests_to(tx: Transaction, contact_id: Guid, address_key: str, limit: int) -> list[ConnectionRequest]:
    """Pending requests of others to an address that nobody is shown yet."""
    return await tx.all(UNSHOWN_REQUESTS, contact_id=contact_id, address_key=address_key, limit=limit)


async def remember(tx: Transaction, contact_id: Guid, address_key: str) -> None:
    """Keep that more requests to an address are to be shown to a contact."""
    await tx.execute(REMEMBER, contact_id=contact_id, address_key=address_key)


async def next_address(tx: Transaction) -> tuple[Guid, str] | None:
    """A contact that is to be shown more requests, and its address; None when there is none."""
    found = await tx.one(NEXT_ADDRESS)
    return (found[0], found[1]) if found else None


async def forget(tx: Transaction, address_key: str) -> None:
    """Keep that all requests to an address are shown."""
    await tx.execute(FORGET, address=address_key)


__all__ = ["forget", "next_address", "pending_requests_to", "remember", "requests_to"]
