"""Values of roles: role definitions, the roles at their ends, and traits of roles."""

import enum
from dataclasses import dataclass

from platform_api.foundation.well_known import ContactType, RecordStatus
from servicehost.contract.scalars import Guid

ROLES_CHANGED = "roles"
"""Topic notified by every transaction that changes a role."""


class RoleTrait(enum.StrEnum):
    """Traits that a role gives to its holder. The values are stored: never rename one."""

    LICENSEE = "licensee"
    MANAGES_CONTACTS = "manages-contacts"
    SERVICE = "service"
    CUSTOMER = "customer"
    FUNCTIONAL = "functional"


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A pair of roles, one for each end of a connection, or one symmetric role.

    Attributes:
        owner_id: the licensee that owns it; None for a standard definition.
        symmetric: whether it has one role only, which is its own inverse.
    """

    id: Guid
    name: str
    owner_id: Guid | None
    symmetric: bool
    record_status: RecordStatus


@dataclass(frozen=True, slots=True)
class Role:
    """One end of a role definition.

    Attributes:
        inverse_id: the role of the other end; its own id in a symmetric definition.
        contact_types: the types of contact that may hold it.
        must_accept: whether a contact must accept the role before it holds it.
        traits: traits that it gives to its holder.
        owner_id: the licensee that owns its definition; None for a standard role.
    """

    id: Guid
    definition_id: Guid
    name: str
    inverse_id: Guid
    contact_types: frozenset[ContactType]
    must_accept: bool
    traits: frozenset[RoleTrait]
    record_status: RecordStatus
    owner_id: Guid | None

    @property
    def is_active(self) -> bool:
        """Whether new connections may be made in it."""
        return self.record_status is RecordStatus.ACTIVE

    @property
    def is_standard(self) -> bool:
        """Whether the platform owns it."""
        return self.owner_id is None


__all__ = ["ROLES_CHANGED", "Role", "RoleDefinition", "RoleTrait"]
