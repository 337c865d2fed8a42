"""Which roles two contacts can connect in. Pure."""

from collections.abc import Callable, Iterable

from platform_api.foundation.well_known import ContactType
from platform_api.roles.messages import RoleModel
from platform_api.roles.values import Role, RoleTrait
from servicehost.contract.scalars import Guid

RoleOf = Callable[[Guid], Role | None]


def possible(roles: Iterable[Role], role_of: RoleOf, sender: ContactType, receiver: ContactType) -> list[Role]:
    """The roles that a contact of type `sender` can give to a contact of type `receiver`, in the order of `roles`.

    Both ends must be active and open to the type of their contact. A symmetric role is returned once.
    """
    return [role for role in roles if fits(role, role_of(role.inverse_id), sender, receiver)]


def fits(role: Role, inverse: Role | None, sender: ContactType, receiver: ContactType) -> bool:
    """Whether the receiver can hold the role and the sender its inverse."""
    if inverse is None or not role.is_active or not inverse.is_active:
        return False
    return receiver in role.contact_types and sender in inverse.contact_types


def model(role: Role) -> RoleModel:
    """The role as a response shows it."""
    return RoleModel(
        role_id=role.id,
        role_name=role.name,
        is_licensee_role=RoleTrait.LICENSEE in role.traits,
        is_manage_contacts=RoleTrait.MANAGES_CONTACTS in role.traits,
        is_platform_role=role.is_standard,
        is_service_role=RoleTrait.SERVICE in role.traits,
        is_customer_role=RoleTrait.CUSTOMER in role.traits,
        is_functional_role=RoleTrait.FUNCTIONAL in role.traits,
        is_request_auto_accepted=not role.must_accept,
        record_status=role.record_status.value,
    )


__all__ = ["RoleOf", "fits", "model", "possible"]
