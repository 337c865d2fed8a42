"""Tests of the rules for proofs: which registration a password completes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from platform_api.accounts import proof_rules
from platform_api.accounts.messages import VerifyMailbox
from platform_api.accounts.values import AccountLink, NewAccount, Proof, Registration
from platform_api.contacts.values import Profile
from platform_api.foundation.tokens import Purpose
from platform_api.identity.values import EmailAddress
from servicehost.contract.errors import FieldError, InvalidFields
from servicehost.contract.scalars import Guid

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TYPED = "hash of what was typed"
ORGANISATION = Profile(trading_name="Acme")


def registration(name: str, number: int) -> Registration:
    """A registration of one address, with an organisation."""
    account = NewAccount(
        EmailAddress(f"{name}@Example.com", "first@example.com"),
        f"hash of {name}",
        Profile(first_name=name, surname="Person", description=f"{name}'s own words"),
        replace(ORGANISATION, legal_name=name),
    )
    return Registration(Guid(f"01973f5e-1111-7000-8000-{number:012}"), account, 1, NOW)


NEWEST, OLDER, OLDEST = registration("newest", 3), registration("older", 2), registration("oldest", 1)
LINK = AccountLink(
    Guid("01973f5e-1111-7000-8000-000000000009"),
    Purpose.MAILBOX_PROOF,
    "first@example.com",
    1,
    1,
    1,
    lettered_at=NOW,
    asked_at=NOW,
    issued_at=NOW,
)
PROOF = Proof(LINK, (NEWEST, OLDER, OLDEST))


def completed(*matching: Registration, **members: Any) -> NewAccount:
    """The account of a proof whose password is that of these registrations."""
    message = VerifyMailbox(token="t", password="typed password", **members)
    matches = [each in matching for each in PROOF.registrations]
    return proof_rules.completed_account(message, PROOF, [*matches, False, False], TYPED)


def test_the_password_of_a_registration_completes_that_one() -> None:
    """The account has the hash, the name and the organisation of the registration with this password."""
    assert OLDER.account == completed(OLDER)


def test_of_two_that_match_the_newer_counts() -> None:
    """Of two registrations with the typed password the newer one is completed."""
    assert OLDER.account == completed(OLDER, OLDEST)


def test_any_other_password_completes_the_newest() -> None:
    """A password of no registration becomes that of the newest one."""
    assert replace(NEWEST.account, password_hash=TYPED) == completed()


def test_the_reader_corrects_the_name() -> None:
    """Names in the form replace those of the registration shown."""
    account = completed(registration_id=NEWEST.id, first_name=" Real ", surname="Name")
    profile = replace(NEWEST.account.profile, first_name="Real", surname="Name")
    assert replace(NEWEST.account, password_hash=TYPED, profile=profile) == account


def test_the_reader_leaves_out_the_surname() -> None:
    """An empty surname removes the surname."""
    profile = completed(registration_id=NEWEST.id, first_name="Real", surname="").profile
    assert ("Real", None) == (profile.first_name, profile.surname)


def test_one_name_alone_is_corrected() -> None:
    """A name that the form leaves out stays as it was registered."""
    first, second = completed(first_name="Real").profile, completed(surname="Name").profile
    assert ("Real", "Person") == (first.first_name, first.surname)
    assert ("newest", "Name") == (second.first_name, second.surname)


def test_the_reader_drops_the_organisation() -> None:
    """The organisation is left out on request."""
    assert replace(NEWEST.account, password_hash=TYPED, business=None) == completed(drop_organisation=True)
    shown = completed(registration_id=NEWEST.id, drop_organisation=True)
    assert shown.business is None


def test_names_shown_of_another_registration_are_not_corrections() -> None:
    """Names that the page showed do not replace those of another, matching registration."""
    as_shown = {"registration_id": NEWEST.id, "first_name": "newest", "surname": "Person"}
    assert OLDER.account == completed(OLDER, **as_shown)
    assert OLDER.account == completed(OLDER, **as_shown, drop_organisation=True)


def test_a_correction_holds_for_the_registration_that_matched() -> None:
    """Names that the page did not show replace those of the matching registration."""
    account = completed(OLDER, registration_id=NEWEST.id, first_name="Real", surname="Name")
    assert replace(OLDER.account.profile, first_name="Real", surname="Name") == account.profile


def test_a_newer_registration_does_not_replace_the_shown_one() -> None:
    """The registration that the page showed is completed."""
    account = completed(registration_id=OLDER.id, first_name="older", surname="Person")
    assert replace(OLDER.account, password_hash=TYPED) == account


def test_an_organisation_that_was_not_shown_is_not_created() -> None:
    """Without the registration that the page showed, the account gets no organisation."""
    gone = Guid("01973f5e-1111-7000-8000-000000000077")
    account = completed(registration_id=gone, first_name="Real", surname="Name")
    profile = replace(NEWEST.account.profile, first_name="Real", surname="Name")
    assert NewAccount(NEWEST.account.address, TYPED, profile, None) == account
    assert OLDER.account == completed(OLDER, registration_id=gone, first_name="Evil", surname="Name")


EMPTY = FieldError("Password", "'Password' is empty. Choose one of 10 characters or more.", "NotEmpty")
SHORT = FieldError("Password", "'Password' has 10 to 200 characters, not 5.", "Length")
ADDRESS = FieldError("Password", "'Password' is the e-mail address, which others know. Choose another.", "NotEqual")
NAMELESS = FieldError("FirstName", "'FirstName' is empty.", "NotEmpty")


@pytest.mark.parametrize(
    ("members", "errors"),
    [
        ({"password": None}, [EMPTY]),
        ({"password": "short"}, [SHORT]),
        ({"password": "first@example.com"}, [ADDRESS]),
        ({"password": "newest@example.com"}, [ADDRESS]),
        ({"password": "long enough, this", "first_name": " "}, [NAMELESS]),
        ({"password": "short", "first_name": ""}, [SHORT, NAMELESS]),
    ],
)
def test_all_errors_are_named(members: dict[str, Any], errors: list[FieldError]) -> None:
    """Errors of the password and of the name are reported together."""
    with pytest.raises(InvalidFields) as refusal:
        proof_rules.checked_password(VerifyMailbox(token="t", **members), PROOF)
    assert errors == list(refusal.value.fields)
    assert str(InvalidFields("VerifyMailbox", errors)) == str(refusal.value)


@pytest.mark.parametrize("members", [{}, {"first_name": "Real"}, {"surname": ""}])
def test_the_typed_password_is_checked(members: dict[str, Any]) -> None:
    """A password and names without errors give the password."""
    message = VerifyMailbox(token="t", password="long enough, this", **members)
    assert "long enough, this" == proof_rules.checked_password(message, PROOF)
