"""The role definitions that every installation has, with ids that never change.

Seeded at every start, so a definition added here is everywhere after an upgrade. Never rename one: its id follows
from its name. A standard role that was archived stays archived: seeding does not touch its record status.
"""

from dataclasses import dataclass

from platform_api.foundation.well_known import ContactType, RecordStatus, well_known
from platform_api.roles.values import Role, RoleDefinition, RoleTrait
from servicehost.contract.scalars import Guid

ANYBODY = frozenset(ContactType)
PERSONS = frozenset({ContactType.REAL_PERSON, ContactType.VIRTUAL_PERSON})
ORGANISATIONS = frozenset({ContactType.REAL_ORGANISATION, ContactType.VIRTUAL_ORGANISATION})


def role_id(name: str) -> Guid:
    """The id of the standard role of this name."""
    return well_known("role", name)


EMPLOYEE = role_id("Employee")
EMPLOYER = role_id("Employer")
SUBCONTRACTOR = role_id("Subcontractor")
MAIN_CONTRACTOR = role_id("Main Contractor")
SUPPLIER = role_id("Supplier")
CLIENT = role_id("Client")
CUSTOMER = role_id("Customer")
PROVIDER = role_id("Provider")
STAFF = role_id("Staff")
ORGANISATION = role_id("Organisation")
CONSULTANT = role_id("Consultant")
PRINCIPAL = role_id("Principal")
REPRESENTATIVE = role_id("Representative")
REPRESENTED_ORGANISATION = role_id("Represented Organisation")
MEMBER = role_id("Member")
ASSOCIATION = role_id("Association")
SUBSIDIARY = role_id("Subsidiary")
PARENT_COMPANY = role_id("Parent Company")
BUSINESS_CONTACT = role_id("Business Contact")
BUSINESS_PARTNER = role_id("Business Partner")


@dataclass(frozen=True, slots=True)
class End:
    """One end of a standard definition: who may hold the role, whether it must be accepted, what it says."""

    name: str
    contact_types: frozenset[ContactType] = ANYBODY
    must_accept: bool = True
    traits: frozenset[RoleTrait] = frozenset()


def _trait(*traits: RoleTrait) -> frozenset[RoleTrait]:
    return frozenset(traits)


_SERVICE = _trait(RoleTrait.SERVICE)
_CUSTOMER = _trait(RoleTrait.CUSTOMER)
_FUNCTIONAL = _trait(RoleTrait.FUNCTIONAL)
_LICENSEE = _trait(RoleTrait.LICENSEE, RoleTrait.MANAGES_CONTACTS)

PAIRS: tuple[tuple[End, ...], ...] = (
    # A sole trader employs people too, so the employer may be a person.
    (End("Employee", PERSONS, traits=_FUNCTIONAL), End("Employer")),
    (End("Subcontractor", traits=_SERVICE), End("Main Contractor", traits=_CUSTOMER)),
    (End("Supplier", traits=_SERVICE), End("Client", traits=_CUSTOMER)),
    (End("Customer", traits=_CUSTOMER), End("Provider", traits=_SERVICE)),
    # An organisation enrols its staff without asking each; nobody makes himself staff without asking it.
    (
        End("Staff", PERSONS, must_accept=False, traits=_FUNCTIONAL),
        End("Organisation", ORGANISATIONS, traits=_LICENSEE),
    ),
    (End("Consultant", traits=_SERVICE), End("Principal", traits=_CUSTOMER)),
    (End("Representative", PERSONS, traits=_FUNCTIONAL), End("Represented Organisation", ORGANISATIONS)),
    (End("Member"), End("Association", ORGANISATIONS, traits=_LICENSEE)),
    (End("Subsidiary", ORGANISATIONS), End("Parent Company", ORGANISATIONS)),
    (End("Business Contact"),),
    (End("Business Partner"),),
)
"""The standard definitions, each by its one or two ends."""


def _definition(ends: tuple[End, ...]) -> RoleDefinition:
    name = " / ".join(end.name for end in ends)
    return RoleDefinition(
        id=well_known("role definition", name),
        name=name,
        owner_id=None,
        symmetric=len(ends) == 1,
        record_status=RecordStatus.ACTIVE,
    )


def _role(end: End, inverse: End, definition: RoleDefinition) -> Role:
    return Role(
        id=role_id(end.name),
        definition_id=definition.id,
        name=end.name,
        inverse_id=role_id(inverse.name),
        contact_types=end.contact_types,
        must_accept=end.must_accept,
        traits=end.traits,
        record_status=RecordStatus.ACTIVE,
        owner_id=None,
    )


STANDARD_DEFINITIONS = tuple(_definition(ends) for ends in PAIRS)
"""What `seed` writes of the definitions."""

STANDARD_ROLES = tuple(
    _role(end, inverse, definition)
    for ends, definition in zip(PAIRS, STANDARD_DEFINITIONS, strict=True)
    for end, inverse in zip(ends, reversed(ends), strict=True)
)
"""What `seed` writes of their roles."""

__all__ = [
    "ASSOCIATION",
    "BUSINESS_CONTACT",
    "BUSINESS_PARTNER",
    "CLIENT",
    "CONSULTANT",
    "CUSTOMER",
    "EMPLOYEE",
    "EMPLOYER",
    "MAIN_CONTRACTOR",
    "MEMBER",
    "ORGANISATION",
    "PARENT_COMPANY",
    "PRINCIPAL",
    "PROVIDER",
    "REPRESENTATIVE",
    "REPRESENTED_ORGANISATION",
    "STAFF",
    "STANDARD_DEFINITIONS",
    "STANDARD_ROLES",
    "SUBCONTRACTOR",
    "SUBSIDIARY",
    "SUPPLIER",
    "role_id",
]
