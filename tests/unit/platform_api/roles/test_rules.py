"""What two contacts can connect in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.roles import rules, standard
from platform_api.roles.book import RoleBook
from platform_api.roles.standard import STANDARD_ROLES
from platform_api.roles.values import Role, RoleTrait
from platform_api.well_known import ContactType, RecordStatus
from servicehost.contract.scalars import Guid

LICENSEE = Guid("00000000-0000-4000-8000-0000000000aa")
PERSON, ORGANISATION = ContactType.REAL_PERSON, ContactType.REAL_ORGANISATION
kinds = st.sampled_from(ContactType)


def names(roles: list[Role]) -> set[str]:
    """The names of the roles."""
    return {role.name for role in roles}


def changed(name: str, **changes: object) -> list[Role]:
    """The standard roles with one of them changed."""
    return [replace(role, **changes) if role.name == name else role for role in STANDARD_ROLES]  # type: ignore[arg-type]


def test_an_organisation_can_have_staff() -> None:
    """A person can be given every role that a person can hold towards an organisation."""
    assert {"Staff", "Employee", "Representative", "Member"} <= names(RoleBook().possible(ORGANISATION, PERSON))


def test_a_person_has_no_staff() -> None:
    """Staff belongs to an organisation."""
    assert "Staff" not in names(RoleBook().possible(PERSON, PERSON))


@pytest.mark.parametrize("receiver", ContactType)
@pytest.mark.parametrize("sender", ContactType)
def test_any_two_contacts_can_connect(sender: ContactType, receiver: ContactType) -> None:
    """There is something for every two types, virtual ones included."""
    assert {"Business Contact", "Supplier", "Client"} <= names(RoleBook().possible(sender, receiver))


@given(kinds, kinds)
def test_possible_is_mutual(sender: ContactType, receiver: ContactType) -> None:
    """If the receiver can be given a role, the receiver can give the sender its inverse."""
    book = RoleBook()
    there = {role.inverse_id for role in book.possible(sender, receiver)}
    assert there == {role.id for role in book.possible(receiver, sender)}


@pytest.mark.parametrize("archived", ["Employee", "Employer"])
def test_an_archived_end_closes_both(archived: str) -> None:
    """A definition with an archived role is not offered from either side."""
    book = RoleBook(changed(archived, record_status=RecordStatus.INACTIVE))
    assert set() == {"Employee", "Employer"} & names(
        book.possible(ORGANISATION, PERSON) + book.possible(PERSON, ORGANISATION)
    )


def test_a_role_without_its_inverse_is_not_offered() -> None:
    """Half a definition connects nobody."""
    book = RoleBook(role for role in STANDARD_ROLES if role.name != "Employer")
    assert "Employee" not in names(book.possible(ORGANISATION, PERSON))


def test_custom_roles_are_offered_to_their_owner_only() -> None:
    """A licensee's role stands beside the standard ones when that licensee connects."""
    book = RoleBook(changed("Business Contact", owner_id=LICENSEE))
    offered = [names(book.possible(PERSON, PERSON, licensee)) for licensee in (None, LICENSEE)]
    assert [False, True] == ["Business Contact" in each for each in offered]


def test_a_role_as_messages_show_it() -> None:
    """Each trait is a flag of its own."""
    role = next(role for role in STANDARD_ROLES if role.id == standard.STAFF)
    shown = rules.model(replace(role, traits=frozenset({RoleTrait.LICENSEE, RoleTrait.SERVICE})))
    assert (standard.STAFF, "Staff", True, False, True, True, False, False, True, "A") == (
        shown.role_id,
        shown.role_name,
        shown.is_licensee_role,
        shown.is_manage_contacts,
        shown.is_platform_role,
        shown.is_service_role,
        shown.is_customer_role,
        shown.is_functional_role,
        shown.is_request_auto_accepted,
        shown.record_status,
    )
