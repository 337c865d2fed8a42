"""Tests of the standard role definitions."""

from pathlib import Path

import pytest

from platform_api.roles import standard
from platform_api.roles.standard import STANDARD_DEFINITIONS, STANDARD_ROLES
from platform_api.roles.values import Role
from servicehost.contract.scalars import Guid

BY_ID = {role.id: role for role in STANDARD_ROLES}


@pytest.mark.parametrize(
    ("expected", "role_id"),
    [
        ("18fd18d7-e2ec-5e68-82a0-b72049db3eed", standard.EMPLOYEE),
        ("906ce6d4-fd07-5afe-8180-3dece4c30f80", standard.EMPLOYER),
        ("955e1269-7ee7-5a71-87ed-25e9b76a8ee1", standard.SUBCONTRACTOR),
        ("f84d224e-1db8-5b35-b4db-f45d17c87504", standard.MAIN_CONTRACTOR),
        ("9be1bdea-3e4c-54c1-bafa-9955b6fb40b2", standard.SUPPLIER),
        ("287233b2-24ac-59d9-914e-74e5bcae8002", standard.CLIENT),
        ("321fed29-00e6-5862-b24d-d60706a6ce32", standard.CUSTOMER),
        ("e63a884b-c145-5543-aa2b-beca9fc8f049", standard.PROVIDER),
        ("b366e8d5-3432-56c4-b51b-43a0387f3bd5", standard.STAFF),
        ("4b6f1456-8925-5f38-8fa5-3b850e85f6a6", standard.ORGANISATION),
        ("422b5373-483d-55a8-85df-56afa918155a", standard.BUSINESS_CONTACT),
    ],
)
def test_ids_never_change(expected: str, role_id: Guid) -> None:
    """Ids of standard roles are constants, which clients may rely on."""
    assert expected == role_id


@pytest.mark.parametrize("role", STANDARD_ROLES, ids=lambda role: role.name)
def test_the_inverse_of_the_inverse_is_the_role(role: Role) -> None:
    """Two inverse roles belong to one definition."""
    inverse = BY_ID[role.inverse_id]
    assert (role.id, role.definition_id) == (inverse.inverse_id, inverse.definition_id)


def test_a_symmetric_definition_has_one_role() -> None:
    """A role is its own inverse if and only if its definition is symmetric."""
    symmetric = {definition.id for definition in STANDARD_DEFINITIONS if definition.symmetric}
    assert symmetric == {role.definition_id for role in STANDARD_ROLES if role.inverse_id == role.id}


def test_only_staff_needs_no_acceptance() -> None:
    """Every role but Staff must be accepted."""
    assert [standard.STAFF] == [role.id for role in STANDARD_ROLES if not role.must_accept]


def test_names_are_unique() -> None:
    """Names are unique, since ids are derived from them."""
    assert len(STANDARD_ROLES) == len(BY_ID) == len({role.name for role in STANDARD_ROLES})


@pytest.mark.parametrize("role", STANDARD_ROLES, ids=lambda role: role.name)
def test_the_page_of_roles_has_it(role: Role) -> None:
    """docs/roles.md has every standard role with its id and its inverse."""
    page = (Path(__file__).parents[4] / "docs" / "roles.md").read_text(encoding="utf-8")
    assert f"| {role.name} | `{role.id}` | {BY_ID[role.inverse_id].name} |" in page
