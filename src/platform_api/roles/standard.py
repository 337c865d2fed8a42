"""The standard role definitions, the same with the same ids on every installation.

They are seeded at every start, so an upgrade adds new ones everywhere. Never rename a role or a definition: ids are derived
from names. Seeding keeps the record status, so an archived standard role stays archived.
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
class StandardEnd:
    """One end of a standard definition."""

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

PAIRS: tuple[tuple[StandardEnd, ...], ...] = (
    # A sole trader employs people too, so the employer may be a person.
    (StandardEnd("Employee", PERSONS, traits=_FUNCTIONAL), StandardEnd("Employer")),
    (StandardEnd("Subcontractor", traits=_SERVICE), StandardEnd("Main Contractor", traits=_CUSTOMER)),
    (StandardEnd("Supplier", traits=_SERVICE), StandardEnd("Client", traits=_CUSTOMER)),
    (StandardEnd("Customer", traits=_CUSTOMER), StandardEnd("Provider", traits=_SERVICE)),
    # An organisation enrols its staff without asking; a person who wants to be staff must ask the organisation.
    (
        StandardEnd("Staff", PERSONS, must_accept=False, traits=_FUNCTIONAL),
        StandardEnd("Organisation", ORGANISATIONS, traits=_LICENSEE),
    ),
    (StandardEnd("Consultant", traits=_SERVICE), StandardEnd("Principal", traits=_CUSTOMER)),
    (
        StandardEnd("Representative", PERSONS, traits=_FUNCTIONAL),
        StandardEnd("Represented Organisation", ORGANISATIONS),
    ),
    (StandardEnd("Member"), StandardEnd("Association", ORGANISATIONS, traits=_LICENSEE)),
    (StandardEnd("Subsidiary", ORGANISATIONS), StandardEnd("Parent Company", ORGANISATIONS)),
    (StandardEnd("Business Contact"),),
    (StandardEnd("Business Partner"),),
)
"""Ends of the standard definitions: two, or one for a symmetric role."""


def _definition(ends: tuple[StandardEnd, ...]) -> RoleDefinition:
    name = " / ".join(end.name for end in ends)
    return RoleDefinition(
        id=well_known("role definition", name),
        name=name,
        owner_id=None,
        symmetric=len(ends) == 1,
        record_status=RecordStatus.ACTIVE,
    )


def _role(end: StandardEnd, inverse: StandardEnd, definition: RoleDefinition) -> Role:
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
"""Definitions that `seed` writes."""

STANDARD_ROLES = tuple(
    _role(end, inverse, definition)
    for ends, definition in zip(PAIRS, STANDARD_DEFINITIONS, strict=True)
    for end, inverse in zip(ends, reversed(ends), strict=True)
)
"""Roles that `seed` writes."""

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
