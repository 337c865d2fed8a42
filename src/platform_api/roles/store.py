"""The SQL of roles."""

from sqlalchemy import bindparam, select

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.foundation.well_known import CONTACT_TYPES_BY_CODE, RecordStatus
from platform_api.roles.tables import role_definitions, roles
from platform_api.roles.values import Role, RoleTrait
from servicehost.contract.scalars import Guid


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


_ROLES = select(*roles.columns, role_definitions.c.owner_id).join(
    role_definitions, roles.c.definition_id == role_definitions.c.id
)

LIST_ROLES = Query(_ROLES.order_by(roles.c.name, roles.c.id), _role)
GET_ROLE = Query(_ROLES.where(roles.c.id == bindparam("id")), _role)

PUT_DEFINITION = Command(
    upsert(
        role_definitions,
        key=[role_definitions.c.id],
        change=lambda new: {"name": new.name, "symmetric": new.symmetric},
    )
)
PUT_ROLE = Command(
    upsert(
        roles,
        key=[roles.c.id],
        change=lambda new: {
            "name": new.name,
            "inverse_id": new.inverse_id,
            "contact_types": new.contact_types,
            "must_accept": new.must_accept,
            "traits": new.traits,
        },
    )
)

__all__ = ["GET_ROLE", "LIST_ROLES", "PUT_DEFINITION", "PUT_ROLE"]
