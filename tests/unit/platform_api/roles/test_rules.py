"""Tests of the rules for roles that two contacts can connect in."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.foundation.well_known import ContactType, RecordStatus
from platform_api.roles import rules, standard
from platform_api.roles.book import RoleBook
from platform_api.roles.messages import RoleModel
from platform_api.roles.standard import STANDARD_ROLES
from platform_api.roles.values import Role, RoleTrait
from servicehost.contract.scalars import Guid

LICENSEE = Guid("00000000-0000-4000-8000-0000000000aa")
PERSON, ORGANISATION = ContactType.REAL_PERSON, ContactType.REAL_ORGANISATION
STAFF = next(role for role in STANDARD_ROLES if role.id == standard.STAFF)
kinds = st.sampled_from(ContactType)


def names(roles: list[Role]) -> set[str]:
    """The names of the roles."""
    return {role.name for role in roles}


def changed(name: str, **changes: object) -> list[Role]:
    """The standard roles, one of them changed."""
    return [replace(role, **changes) if role.name == name else role for role in STANDARD_ROLES]  # type: ignore[arg-type]


def test_an_organisation_can_have_staff() -> None:
    """An organisation can give a person each of these roles."""
    assert {"Staff", "Employee", "Representative", "Member"} <= names(RoleBook().possible(ORGANISATION, PERSON))


def test_a_person_has_no_staff() -> None:
    """A person cannot give the role Staff."""
    assert "Staff" not in names(RoleBook().possible(PERSON, PERSON))


@pytest.mark.parametrize("receiver", ContactType)
@pytest.mark.parametrize("sender", ContactType)
def test_any_two_contacts_can_connect(sender: ContactType, receiver: ContactType) -> None:
    """At least three roles are possible between any two types, virtual ones included."""
    assert {"Business Contact", "Supplier", "Client"} <= names(RoleBook().possible(sender, receiver))


@given(kinds, kinds)
def test_possible_is_mutual(sender: ContactType, receiver: ContactType) -> None:
    """If a contact can be given a role, it can give the inverse role."""
    book = RoleBook()
    there = {role.inverse_id for role in book.possible(sender, receiver)}
    assert there == {role.id for role in book.possible(receiver, sender)}


@pytest.mark.parametrize("archived", ["Employee", "Employer"])
def test_an_archived_end_closes_both(archived: str) -> None:
    """A definition with an archived role is not offered to either side."""
    book = RoleBook(changed(archived, record_status=RecordStatus.INACTIVE))
    assert set() == {"Employee", "Employer"} & names(
        book.possible(ORGANISATION, PERSON) + book.possible(PERSON, ORGANISATION)
    )


def test_a_role_without_its_inverse_is_not_offered() -> None:
    """A role whose inverse is missing is not offered."""
    book = RoleBook(role for role in STANDARD_ROLES if role.name != "Employer")
    assert "Employee" not in names(book.possible(ORGANISATION, PERSON))


def test_custom_roles_are_offered_to_their_owner_only() -> None:
    """A custom role is offered beside the standard ones if its owner connects."""
    book = RoleBook(changed("Business Contact", owner_id=LICENSEE))
    offered = [names(book.possible(PERSON, PERSON, licensee)) for licensee in (None, LICENSEE)]
    assert [False, True] == ["Business Contact" in each for each in offered]


@pytest.mark.parametrize(
    ("trait", "shown"),
    [
        (RoleTrait.LICENSEE, {"is_licensee_role": True}),
        (RoleTrait.MANAGES_CONTACTS, {"is_manage_contacts": True}),
        (RoleTrait.SERVICE, {"is_service_role": True}),
        (RoleTrait.CUSTOMER, {"is_customer_role": True}),
        (RoleTrait.FUNCTIONAL, {"is_functional_role": True}),
    ],
)
def test_a_role_as_messages_show_it(trait: RoleTrait, shown: dict[str, bool]) -> None:
    """Each trait sets its own flag."""
    role = replace(STAFF, traits=frozenset({trait}))
    flags = {"is_platform_role": True, "is_request_auto_accepted": True, "record_status": "A"}

    assert RoleModel(role_id=STAFF.id, role_name="Staff", **{**flags, **shown}) == rules.model(role)  # type: ignore[arg-type]


def test_a_role_of_a_licensee_as_messages_show_it() -> None:
    """The flags distinguish the owner, the acceptance and the record status."""
    role = replace(STAFF, traits=frozenset(), owner_id=LICENSEE, must_accept=True, record_status=RecordStatus.INACTIVE)

    assert RoleModel(
        role_id=STAFF.id,
        role_name="Staff",
        is_platform_role=False,
        is_request_auto_accepted=False,
        record_status="I",
    ) == rules.model(role)


@pytest.mark.parametrize(
    ("expected", "changes", "inverse_changes", "sender", "receiver"),
    [
        (True, {}, {}, ORGANISATION, PERSON),
        (False, {"contact_types": frozenset({ORGANISATION})}, {}, ORGANISATION, PERSON),
        (False, {}, {"contact_types": frozenset({PERSON})}, ORGANISATION, PERSON),
        (False, {"record_status": RecordStatus.INACTIVE}, {}, ORGANISATION, PERSON),
        (False, {}, {"record_status": RecordStatus.INACTIVE}, ORGANISATION, PERSON),
        (False, {}, None, ORGANISATION, PERSON),
    ],
)
def test_both_ends_must_fit(
    expected: bool,
    changes: dict[str, Any],
    inverse_changes: dict[str, Any] | None,
    sender: ContactType,
    receiver: ContactType,
) -> None:
    """Both roles must be active and open to the types of their contacts."""
    role = replace(STAFF, **{"contact_types": frozenset({PERSON}), **changes})
    inverse = (
        None
        if inverse_changes is None
        else replace(STAFF, **{"contact_types": frozenset({ORGANISATION}), **inverse_changes})
    )

    assert expected is rules.fits(role, inverse, sender, receiver)
