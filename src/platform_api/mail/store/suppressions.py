"""SQL of suppressed addresses."""

from sqlalchemy import bindparam, select

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.mail.tables import suppressions

_SUPPRESSION = Query(select(suppressions.c.reason).where(suppressions.c.address_hash == bindparam("address_hash")), str)


async def is_suppressed(tx: Transaction, address_hash: str) -> bool:
    """Whether an address gets no mail any more."""
    return await tx.one(_SUPPRESSION, address_hash=address_hash) is not None


_SUPPRESS = Command(upsert(suppressions, key=[suppressions.c.address_hash]))


async def suppress(tx: Transaction, address_hash: str, reason: str) -> None:
    """Suppress an address; the first reason stays."""
    await tx.execute(_SUPPRESS, address_hash=address_hash, reason=reason, since=tx.now)


__all__ = ["is_suppressed", "suppress"]
