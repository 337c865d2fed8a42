"""The SQL of blocks: private marks of a contact on those whose requests and notices it does not get."""

from sqlalchemy import bindparam, delete, or_, select

from platform_api.connections.tables import blocks
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid

_GET_BLOCK = Query(
    select(blocks.c.created_at).where(
        blocks.c.contact_id == bindparam("contact_id"),
        blocks.c.blocked_id.in_((bindparam("blocked_id"), bindparam("person_id"))),
    ),
    lambda created_at: created_at is not None,
)


async def is_blocked(tx: Transaction, contact_id: Guid, blocked_id: Guid, person_id: Guid | None = None) -> bool:
    """Whether a contact has blocked another one, or the person who acts for that one."""
    found = await tx.one(_GET_BLOCK, contact_id=contact_id, blocked_id=blocked_id, person_id=person_id or blocked_id)
    return found is not None


_ADD_BLOCK = Command(upsert(blocks, key=(blocks.c.contact_id, blocks.c.blocked_id)))


async def add_block(tx: Transaction, contact_id: Guid, blocked_id: Guid) -> None:
    """Store that a contact blocks another one; no effect if it does already."""
    await tx.execute(_ADD_BLOCK, contact_id=contact_id, blocked_id=blocked_id, created_at=tx.now)


_END_BLOCK = Command(
    delete(blocks).where(blocks.c.contact_id == bindparam("contact"), blocks.c.blocked_id == bindparam("blocked"))
)


async def end_block(tx: Transaction, contact_id: Guid, blocked_id: Guid) -> None:
    """Remove the block of a contact on another one."""
    await tx.execute(_END_BLOCK, contact=contact_id, blocked=blocked_id)


_END_BLOCKS_OF = Command(
    delete(blocks).where(or_(blocks.c.contact_id == bindparam("contact"), blocks.c.blocked_id == bindparam("contact")))
)


async def end_blocks_of(tx: Transaction, contact_id: Guid) -> None:
    """Remove the blocks of a contact, and the blocks of others on it."""
    await tx.execute(_END_BLOCKS_OF, contact=contact_id)


__all__ = ["add_block", "end_block", "end_blocks_of", "is_blocked"]
