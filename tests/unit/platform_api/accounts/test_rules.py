"""Decisions about accounts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.accounts import ADDRESS, PASSWORD, a_registration

from platform_api.accounts import rules
from platform_api.accounts.errors import LinkExpired
from platform_api.accounts.values import Reset
from platform_api.contacts.messages import SaveUserProfile
from platform_api.identity.addresses import EmailAddress
from servicehost.contract.errors import InvalidFields
from servicehost.contract.scalars import Guid

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ID = Guid("01900000-0000-7000-8000-000000000001")
KEY = "first@example.com"
LONG_AGO = NOW - timedelta(days=365)


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


def a_reset(age: timedelta = timedelta(0), version: int = 3) -> Reset:
    """A link that was asked for some time ago."""
    return Reset(ID, KEY, version, letters=5, asked_at=NOW - age)


def test_a_first_link_is_the_first_version() -> None:
    """Nobody had asked before."""
    assert Reset(ID, KEY, 1, 1, NOW) == rules.asked(None, ID, KEY, LONG_AGO, NOW, HOUR)


@given(st.integers(0, 7199))
def test_a_link_stays_the_same_while_it_holds(seconds: int) -> None:
    """Asking again prolongs it; after its hour the next version begins."""
    after = rules.asked(a_reset(timedelta(seconds=seconds)), ID, KEY, LONG_AGO, NOW, HOUR)
    assert (3 if seconds < 3600 else 4, 6, NOW) == (after.version, after.letters, after.asked_at)


def test_a_link_of_nobody_looks_the_same() -> None:
    """Whether somebody has the address makes no difference to what is kept."""
    assert rules.asked(a_reset(), ID, KEY, None, NOW, HOUR) == rules.asked(a_reset(), ID, KEY, LONG_AGO, NOW, HOUR)


def test_a_link_that_holds_is_found() -> None:
    """Within its hour the current version resets the password."""
    assert a_reset() == rules.check_link(a_reset(), 3, LONG_AGO, NOW, HOUR)


@pytest.mark.parametrize(
    ("reset", "version", "changed_at"),
    [
        (None, 3, LONG_AGO),
        (a_reset(), 2, LONG_AGO),
        (a_reset(), 4, LONG_AGO),
        (a_reset(HOUR), 3, LONG_AGO),
        (a_reset(timedelta(minutes=1)), 3, NOW),
        (a_reset(), 3, None),
    ],
)
def test_a_link_that_does_not_hold_has_expired(reset: Reset | None, version: int, changed_at: datetime | None) -> None:
    """Forgotten, used, too late, outrun by another change, or of nobody."""
    with pytest.raises(LinkExpired):
        rules.check_link(reset, version, changed_at, NOW, HOUR)
