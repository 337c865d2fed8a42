"""SQL of the key checks."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import delete, select

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.installation.tables import key_checks

_ALL: Final = Query(select(key_checks.c.name, key_checks.c.value), as_tuple)
_ADD: Final = Command(upsert(key_checks, key=(key_checks.c.name,)))
_REMOVE_ALL: Final = Command(delete(key_checks))


async def all_checks(tx: Transaction) -> dict[str, str]:
    """Return the check of each key that the database knows, by name."""
    return dict(await tx.all(_ALL))


async def add_checks(tx: Transaction, checks: Mapping[str, str]) -> None:
    """Add checks; those of keys that the database knows stay as they are."""
    for name, value in checks.items():
        await tx.execute(_ADD, name=name, value=value)


async def remove_checks(tx: Transaction) -> None:
    """Remove every check."""
    await tx.execute(_REMOVE_ALL)


__all__ = ["add_checks", "all_checks", "remove_checks"]
