"""Tests of the rules for registrations and passwords."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.accounts import ADDRESS, PASSWORD, a_registration
from tests.support.refusals import facts, facts_of

from platform_api.accounts import rules
from platform_api.accounts.messages import PasswordReset, RegisterNewUser
from platform_api.accounts.values import Applicant
from platform_api.contacts.messages import SaveUserProfile
from platform_api.contacts.time_zones import TIME_ZONE_IDS
from platform_api.contacts.values import Profile
from platform_api.identity.values import EmailAddress
from servicehost.contract.errors import FieldError, InvalidFields
from servicehost.contract.scalars import Guid

ID = Guid("01900000-0000-7000-8000-000000000001")
KEY = "first@example.com"


def test_a_whole_registration_is_understood() -> None:
    """The address, password, profiles and invitation are those of the members."""
    message = a_registration(
        description="Builds things",
        employment_industry=" Construction\t",
        employment_role=" Foreman\t",
        employment_geographic_area=" New South Wales\t",
        timezone=TIME_ZONE_IDS["Australia/Sydney"],
        business_profile=SaveUserProfile(trading_name="Acme"),
        token="invited",
    )

    assert Applicant(
        EmailAddress(ADDRESS, KEY),
        PASSWORD,
        Profile(
            first_name="First",
            surname="Person",
            description="Builds things",
            employment_industry="Construction",
            employment_role="Foreman",
            employment_geographic_area="New South Wales",
            timezone_id=TIME_ZONE_IDS["Australia/Sydney"],
        ),
        Profile(trading_name="Acme", contact_details=()),
        "invited",
    ) == rules.applicant(message)


def test_empty_texts_are_missing() -> None:
    """An empty text counts as missing."""
    message = RegisterNewUser(
        email_address=ADDRESS, password=PASSWORD, first_name="First", last_name="Person", description="", token=""
    )
    profile = Profile(first_name="First", surname="Person")

    assert Applicant(EmailAddress(ADDRESS, KEY), PASSWORD, profile, None, None) == rules.applicant(message)


LENGTH = "'Password' has 10 to 200 characters, not {}."
KNOWN = "'Password' is the e-mail address, which others know. Choose another."


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"email_address": None}, ("EmailAddress", "'EmailAddress' is empty.", "NotEmpty")),
        (
            {"password": None},
            ("Password", "'Password' is empty. Choose one of 10 characters or more.", "NotEmpty"),
        ),
        ({"password": "ninechars"}, ("Password", LENGTH.format(9), "Length")),
        ({"password": "x" * 201}, ("Password", LENGTH.format(201), "Length")),
        ({"password": "FIRST@example.com"}, ("Password", KNOWN, "NotEqual")),
        ({"password": f" {ADDRESS} "}, ("Password", KNOWN, "NotEqual")),
        (
            {"email_address": "first@fa\u00df.example", "password": "first@xn--fa-hia.example"},
            ("Password", KNOWN, "NotEqual"),
        ),
        ({"confirm_password": ""}, ("ConfirmPassword", "'ConfirmPassword' is not the same as 'Password'.", "Equal")),
        ({"first_name": " "}, ("FirstName", "'FirstName' is empty.", "NotEmpty")),
        ({"surname": "\u202e"}, ("Surname", "'Surname' is empty.", "NotEmpty")),
        ({"surname": None, "display_name": "First Person"}, ("Surname", "'Surname' is empty.", "NotEmpty")),
        (
            {"business_profile": SaveUserProfile()},
            (
                "BusinessProfile.TradingName",
                "'BusinessProfile.TradingName' is empty. An organisation needs a trading or legal name.",
                "NotEmpty",
            ),
        ),
    ],
)
def test_members_of_a_registration_are_checked(members: dict[str, Any], error: tuple[str, str, str]) -> None:
    """Each missing or invalid member is named, with a code and what to do."""
    assert facts(InvalidFields("RegisterNewUser", [FieldError(*error)])) == facts_of(
        lambda: rules.applicant(a_registration(**members))
    )


@pytest.mark.parametrize(
    ("expected", "members"),
    [
        ([("EmailAddress", "Email")], {"email_address": "nobody"}),
        ([("Timezone", "WrongValue")], {"timezone": ID}),
        (
            [("BusinessProfile.Timezone", "WrongValue")],
            {"business_profile": SaveUserProfile(legal_name="Acme Pty Ltd", timezone=ID)},
        ),
        (
            [
                ("EmailAddress", "Email"),
                ("Password", "Length"),
                ("ConfirmPassword", "Equal"),
                ("FirstName", "NotEmpty"),
                ("Surname", "NotEmpty"),
                ("Timezone", "WrongValue"),
                ("BusinessProfile.TradingName", "NotEmpty"),
                ("BusinessProfile.Timezone", "WrongValue"),
            ],
            {
                "email_address": "nobody",
                "password": "short",
                "confirm_password": "other",
                "first_name": None,
                "surname": None,
                "timezone": ID,
                "business_profile": SaveUserProfile(timezone=ID),
            },
        ),
    ],
)
def test_all_errors_are_reported_at_once(expected: list[tuple[str, str]], members: dict[str, Any]) -> None:
    """All errors are reported together, in the order of the members."""
    with pytest.raises(InvalidFields) as refusal:
        rules.applicant(a_registration(**members))

    assert expected == [(error.field, error.code) for error in refusal.value.fields]


@pytest.mark.parametrize("members", [{"trading_name": "Acme"}, {"legal_name": "Acme Pty Ltd"}])
def test_an_organisation_needs_one_name(members: dict[str, Any]) -> None:
    """An organisation needs a trading name or a legal name."""
    applicant = rules.applicant(a_registration(business_profile=SaveUserProfile(**members)))

    assert Profile(contact_details=(), **members) == applicant.business


def test_a_display_name_is_a_first_name() -> None:
    """A display name without its parts becomes the first name."""
    applicant = rules.applicant(a_registration(first_name=None, surname=None, display_name=" First  Person "))
    assert ("First Person", None) == (applicant.profile.first_name, applicant.profile.surname)


def test_the_surname_comes_before_the_last_name() -> None:
    """`Surname` takes precedence over `LastName`."""
    applicant = rules.applicant(a_registration(surname="Person", last_name="Other"))
    assert "Person" == applicant.profile.surname


RESET = PasswordReset(token="link", new_password=PASSWORD, confirm_password=PASSWORD)
TOKEN_IS_EMPTY = FieldError("Token", "'Token' is empty. It is in the link of the mail.", "NotEmpty")
NOT_THE_SAME = FieldError("ConfirmPassword", "'ConfirmPassword' is not the same as 'NewPassword'.", "Equal")


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"token": None}, [TOKEN_IS_EMPTY]),
        ({"confirm_password": "other"}, [NOT_THE_SAME]),
        ({"token": "", "confirm_password": "other"}, [TOKEN_IS_EMPTY, NOT_THE_SAME]),
        (
            {"new_password": ADDRESS, "confirm_password": None},
            [
                FieldError(
                    "NewPassword",
                    "'NewPassword' is the e-mail address, which others know. Choose another.",
                    "NotEqual",
                )
            ],
        ),
    ],
)
def test_members_of_a_reset_are_checked(changes: dict[str, Any], errors: list[FieldError]) -> None:
    """Each missing or invalid member is named."""
    message = msgspec.structs.replace(RESET, **changes)

    assert facts(InvalidFields("PasswordReset", errors)) == facts_of(
        lambda: rules.check_reset(message, EmailAddress(ADDRESS, KEY))
    )


def test_a_whole_reset_passes() -> None:
    """A valid reset passes; the address is refused as the password only where it is known."""
    rules.check_reset(RESET)
    rules.check_reset(RESET, EmailAddress(ADDRESS, KEY))
    rules.check_reset(msgspec.structs.replace(RESET, new_password=ADDRESS, confirm_password=ADDRESS))


@pytest.mark.parametrize("length", [10, 200])
def test_passwords_have_a_least_and_a_greatest_length(length: int) -> None:
    """The shortest and the longest allowed passwords are accepted."""
    assert [] == list(rules.password_errors("Password", "x" * length, None))
    assert (10, 200) == (rules.SHORTEST_PASSWORD, rules.LONGEST_PASSWORD)


@pytest.mark.parametrize("members", [{"email": ADDRESS}, {"user_name": ADDRESS}, {"email": ADDRESS, "user_name": "me"}])
def test_the_address_may_have_other_names(members: dict[str, str]) -> None:
    """`Email` and `UserName` of ServiceStack's `Register` message replace `EmailAddress`."""
    assert KEY == rules.applicant(a_registration(email_address=None, **members)).address.key


@given(st.text(min_size=10, max_size=200))
def test_a_password_needs_no_kinds_of_characters(password: str) -> None:
    """A long password of one kind of character is accepted."""
    assert [] == list(rules.password_errors("Password", password, None))
