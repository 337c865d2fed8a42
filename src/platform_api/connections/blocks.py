"""The SQL of blocks: the private marks of contacts on those that they want to hear nothing of."""

from sqlalchemy import bindparam, delete, or_, select

from platform_api.connections.tables import blocks
from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid

BLOCK = Query(
    select(blocks.c.created_at).where(
        blocks.c.contact_id == bindparam("contact_id"),
        blocks.c.blocked_id.in_((bindparam("blocked_id"), bindparam("person_id"))),
    ),
    lambda created_at: created_at is not None,
)
ADD_BLOCK = Command(upsert(blocks, key=(blocks.c.contact_id, blocks.c.blocked_id)))
END_BLOCK = Command(
    delete(blocks).where(blocks.c.contact_id == bindparam("contact"), blocks.c.blocked_id == bindparam("blocked"))
)
END_BLOCKS_OF = Command(
    delete(blocks).where(or_(blocks.c.contact_id == bindparam("contact"), blocks.c.blocked_id == bindparam("contact")))
)


async def is_blocked(tx: Transaction, contact_id: Guid, blocked_id: Guid, person_id: Guid | None = None) -> bool:
    """Whether a contact has blocked another, or the person who acts for it."""
    found = await tx.one(BLOCK, contact_id=contact_id, blocked_id=blocked_id, person_id=person_id or blocked_id)
    return found is not None


async def add(tx: Transaction, contact_id: Guid, blocked_id: Guid) -> None:
    """Keep that a contact blocks another; nothing when it does."""
    await tx.execute(ADD_BLOCK, contact_id=contact_id, blocked_id=blocked_id, created_at=tx.now)


async def end(tx: Transaction, contact_id: Guid, blocked_id: Guid) -> None:
    """Let a contact no longer block another."""
    await tx.execute(END_BLOCK, contact=contact_id, blocked=blocked_id)


async def end_of(tx: Transaction, contact_id: Guid) -> None:
    """Forget whom a contact blocks, and who blocks it."""
    await tx.execute(END_BLOCKS_OF, contact=contact_id)


__all__ = ["add", "end", "end_of", "is_blocked"]
