"""SQL of role definitions and roles."""

from typing import Any

from sqlalchemy import bindparam, select

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import CONTACT_TYPES_BY_CODE, RecordStatus
from platform_api.roles.tables import role_definitions, roles
from platform_api.roles.values import Role, RoleDefinition, RoleTrait
from servicehost.contract.scalars import Guid

_r, _d = roles.c, role_definitions.c


def _role(
    id_: Guid,
    definition_id: Guid,
    name: str,
    inverse_id: Guid,
    contact_types: str,
    must_accept: bool,
    traits: str,
    record_status: str,
    owner_id: Guid | None,
) -> Role:
    return Role(
        id_,
        definition_id,
        name,
        inverse_id,
        frozenset(CONTACT_TYPES_BY_CODE[code] for code in contact_types.split()),
        bool(must_accept),
        frozenset(map(RoleTrait, traits.split())),
        RecordStatus(record_status),
        owner_id,
    )


def _row(role: Role) -> dict[str, Any]:
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


_ROLES = select(
    _r.id,
    _r.definition_id,
    _r.name,
    _r.inverse_id,
    _r.contact_types,
    _r.must_accept,
    _r.traits,
    _r.record_status,
    _d.owner_id,
).join_from(roles, role_definitions, _r.definition_id == _d.id)

_LIST_ROLES = Query(_ROLES.order_by(_r.name, _r.id), _role)


async def list_roles(tx: Transaction) -> list[Role]:
    """Every role, active or archived, sorted by name."""
    return await tx.all(_LIST_ROLES)


_GET_ROLE = Query(_ROLES.where(_r.id == bindparam("id")), _role)


async def get_role(tx: Transaction, role_id: Guid) -> Role | None:
    """The role as stored in this transaction, active or archived; None if it does not exist."""
    return await tx.one(_GET_ROLE, id=role_id)


_PUT_DEFINITION = Command(
    upsert(role_definitions, key=[_d.id], change=lambda new: {"name": new.name, "symmetric": new.symmetric})
)


async def put_definition(tx: Transaction, definition: RoleDefinition) -> None:
    """Add a role definition, or update the existing one except its record status and owner."""
    await tx.execute(
        _PUT_DEFINITION,
        id=definition.id,
        name=definition.name,
        owner_id=definition.owner_id,
        symmetric=definition.symmetric,
        record_status=definition.record_status.value,
    )


_PUT_ROLE = Command(
    upsert(
        roles,
        key=[_r.id],
        change=lambda new: {
            name: new[name] for name in ("name", "inverse_id", "contact_types", "must_accept", "traits")
        },
    )
)


async def put_role(tx: Transaction, role: Role) -> None:
    """Add a role, or update the existing one except its record status and definition."""
    await tx.execute(_PUT_ROLE, **_row(role))


__all__ = ["get_role", "list_roles", "put_definition", "put_role"]
