"""Writing the standard role definitions, at every start."""

from typing import Any

from platform_api.database.transaction import Transaction
from platform_api.roles import store
from platform_api.roles.book import TOPIC
from platform_api.roles.standard import STANDARD_DEFINITIONS, STANDARD_ROLES
from platform_api.roles.values import Role, RoleDefinition


async def seed(tx: Transaction) -> None:
    """Write the standard definitions and roles as this version has them; what else there is stays as it is."""
    for definition in STANDARD_DEFINITIONS:
        await tx.execute(store.PUT_DEFINITION, **_definition_row(definition))
    for role in STANDARD_ROLES:
        await tx.execute(store.PUT_ROLE, **_role_row(role))
    tx.notify(TOPIC)


def _definition_row(definition: RoleDefinition) -> dict[str, Any]:
    return {
        "id": definition.id,
        "name": definition.name,
        "owner_id": definition.owner_id,
        "symmetric": definition.symmetric,
        "record_status": definition.record_status.value,
    }


def _role_row(role: Role) -> dict[str, Any]:
    return {
        "id": role.id,
        "definition_id": role.definition_id,
        "name": role.name,
        "inverse_id": role.inverse_id,
        "contact_types": " ".join(sorted(kind.code for kind in role.contact_types)),
        "must_accept": role.must_accept,
        "traits": " ".join(sorted(role.traits)),
        "record_status": role.record_status.value,
    }


__all__ = ["seed"]
