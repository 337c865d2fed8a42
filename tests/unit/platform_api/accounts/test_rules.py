"""Decisions about accounts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.accounts import ADDRESS, PASSWORD, a_registration

from platform_api.accounts import rules
from platform_api.contacts.messages import SaveUserProfile
from platform_api.identity.addresses import EmailAddress
from servicehost.contract.errors import InvalidFields
from servicehost.contract.scalars import Guid

ID = Guid("01900000-0000-7000-8000-000000000001")
KEY = "first@example.com"


def refused(**members: Any) -> list[tuple[str, str]]:
    """What is wrong with a registration: members and codes."""
    with pytest.raises(InvalidFields) as refusal:
        rules.applicant(a_registration(**members))
    return [(error.field, error.code) for error in refusal.value.fields]


def test_a_whole_registration_is_understood() -> None:
    """Address, password and profile are what the members say."""
    applicant = rules.applicant(a_registration())
    assert (EmailAddress(ADDRESS, KEY), PASSWORD, "First") == (
        applicant.address,
        applicant.password,
        applicant.profile.first_name,
    )


@pytest.mark.parametrize(
    ("members", "errors"),
    [
        ({"email_address": None}, [("EmailAddress", "NotEmpty")]),
        ({"email_address": "nobody"}, [("EmailAddress", "Email")]),
        ({"password": None}, [("Password", "NotEmpty")]),
        ({"password": "ninechars"}, [("Password", "Length")]),
        ({"password": "x" * 201}, [("Password", "Length")]),
        ({"password": "FIRST@example.com"}, [("Password", "NotEqual")]),
        ({"confirm_password": ""}, [("ConfirmPassword", "Equal")]),
        ({"first_name": " "}, [("FirstName", "NotEmpty")]),
        ({"surname": "\u202e"}, [("Surname", "NotEmpty")]),
        ({"timezone": ID}, [("Timezone", "WrongValue")]),
        ({"business_profile": SaveUserProfile()}, [("BusinessProfile.TradingName", "NotEmpty")]),
        (
            {"business_profile": SaveUserProfile(legal_name="Acme Pty Ltd", timezone=ID)},
            [("BusinessProfile.Timezone", "WrongValue")],
        ),
    ],
)
def test_what_a_registration_must_say(members: dict[str, Any], errors: list[tuple[str, str]]) -> None:
    """Each member that is missing or wrong is named with its code."""
    assert errors == refused(**members)


def test_names_may_come_in_one() -> None:
    """A client that knows a display name only registers with that."""
    applicant = rules.applicant(a_registration(first_name=None, surname=None, display_name="First Person"))
    assert ("First Person", None) == (applicant.profile.first_name, applicant.profile.surname)


@pytest.mark.parametrize("members", [{"email": ADDRESS}, {"user_name": ADDRESS}, {"email": ADDRESS, "user_name": "me"}])
def test_the_address_may_have_other_names(members: dict[str, str]) -> None:
    """Register has no EmailAddress, but Email and UserName."""
    assert KEY == rules.applicant(a_registration(email_address=None, **members)).address.key


@given(st.text(min_size=10, max_size=200))
def test_any_long_password_will_do(password: str) -> None:
    """There are no rules about kinds of characters."""
    assert [] == list(rules.password_errors("Password", password, "ConfirmPassword", password, None))
