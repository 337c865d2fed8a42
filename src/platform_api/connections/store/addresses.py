"""The SQL of verified addresses with more requests than one transaction shows."""

from sqlalchemy import bindparam, delete, select

from platform_api.connections.tables import addresses_to_show
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid

_ADD_ADDRESS = Command(upsert(addresses_to_show, key=[addresses_to_show.c.address_key]))


async def add_address_to_show(tx: Transaction, contact_id: Guid, address_key: str) -> None:
    """Store that further requests to an address are to be shown to a contact."""
    await tx.execute(_ADD_ADDRESS, contact_id=contact_id, address_key=address_key)


_NEXT_ADDRESS = Query(
    select(addresses_to_show.c.contact_id, addresses_to_show.c.address_key)
    .order_by(addresses_to_show.c.address_key)
    .limit(1),
    as_tuple,
)


async def next_address_to_show(tx: Transaction) -> tuple[Guid, str] | None:
    """A contact that is to be shown further requests, and its address; None if there is no such contact."""
    found = await tx.one(_NEXT_ADDRESS)
    return (found[0], found[1]) if found else None


_END_ADDRESS = Command(delete(addresses_to_show).where(addresses_to_show.c.address_key == bindparam("address")))


async def end_address_to_show(tx: Transaction, address_key: str) -> None:
    """Store that all requests to an address are shown."""
    await tx.execute(_END_ADDRESS, address=address_key)


__all__ = ["add_address_to_show", "end_address_to_show", "next_address_to_show"]
