"""Seeding of the standard role definitions, at every start."""

from platform_api.database.transaction import Transaction
from platform_api.roles import store
from platform_api.roles.standard import STANDARD_DEFINITIONS, STANDARD_ROLES
from platform_api.roles.values import ROLES_CHANGED


async def seed(tx: Transaction) -> None:
    """Write the standard definitions and roles of this version; record statuses and custom roles stay as they are."""
    for definition in STANDARD_DEFINITIONS:
        await store.put_definition(tx, definition)
    for role in STANDARD_ROLES:
        await store.put_role(tx, role)
    tx.notify(ROLES_CHANGED)


__all__ = ["seed"]
