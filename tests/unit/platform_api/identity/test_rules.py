"""Tests of the parsing of e-mail addresses."""

import contextlib
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.identity import rules
from platform_api.identity.errors import InvalidAddress
from platform_api.identity.rules import parse_address, sign_in_key
from platform_api.identity.values import EmailAddress
from servicehost.contract.errors import FieldError


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("first@example.com", "first@example.com"),
        (" First@Example.COM ", "first@example.com"),
        ("first.last+shop@example.com", "first.last+shop@example.com"),
        ("STRASSE@example.com", "strasse@example.com"),
        ("\u00dcmit@example.com", "\u00dcmit@example.com"),
        ("stra\u00dfe@example.com", "stra\u00dfe@example.com"),
        ("u\u0308mit@example.com", "\u00fcmit@example.com"),
        ("first@b\u00fccher.example.com", "first@xn--bcher-kva.example.com"),
        ("first@xn--bcher-kva.example.com", "first@xn--bcher-kva.example.com"),
        ("first@host.test", "first@host.test"),
    ],
)
def test_the_key_of_an_address(typed: str, key: str) -> None:
    """Only ASCII letters and the domain are lower-cased in the key; dots and plus signs stay."""
    assert key == parse_address(typed).key


def test_the_text_is_kept_as_it_was_typed() -> None:
    """The text of an address is kept as typed, without surrounding blanks."""
    assert EmailAddress("First@Example.com", "first@example.com") == parse_address(" First@Example.com ")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "first",
        "first@",
        "@example.com",
        "first@example",
        "a b@example.com",
        "a@b@example.com",
        "a@example.com\nBcc: x",
        '"a b"@example.com',
        "a@[127.0.0.1]",
        "a@example.com.",
        "a\u200bb@example.com",
        "a@localhost",
    ],
)
def test_invalid_addresses_are_refused(typed: str) -> None:
    """The error names the member and has the code `Email`."""
    with pytest.raises(InvalidAddress) as refusal:
        parse_address(typed, field="UserName")
    assert [("UserName", "Email")] == [(error.field, error.code) for error in refusal.value.fields]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("first", "It must have a name before its @ and a domain after it."),
        ('"a b"@example.com', "Quoting the part before the @-sign is not allowed here."),
    ],
)
def test_the_reason_of_a_refusal_is_stated(typed: str, reason: str) -> None:
    """Without a field name the error names `EmailAddress`; its message has the reason."""
    with pytest.raises(InvalidAddress) as refusal:
        parse_address(typed)
    message = f"'EmailAddress' is not an e-mail address. {reason}"
    assert [FieldError("EmailAddress", message, "Email")] == list(refusal.value.fields)


def test_an_address_that_the_validator_reads_differently_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No such address is known for this version of the validator, so the validator is replaced."""
    found = SimpleNamespace(local_part="second", ascii_domain="example.com")
    monkeypatch.setattr(rules, "validate_email", lambda *_arguments, **_options: found)
    with pytest.raises(InvalidAddress, match=r"address\. Its parts can be read in more than one way\.$"):
        parse_address("first@example.com")


@pytest.mark.parametrize(
    ("user_name", "key"), [(" First@Example.com", "first@example.com"), (" First ", "First"), ("a@b#1", "a@b#1")]
)
def test_the_key_of_a_user_name(user_name: str, key: str) -> None:
    """An address has the key of its mailbox; any other user name is its own key, without surrounding blanks."""
    assert key == sign_in_key(user_name)


@given(st.from_regex(r"[A-Za-z0-9.+_-]{1,20}@[A-Za-z]{1,10}\.(?:com|org|net)", fullmatch=True))
def test_the_key_is_its_own_key(typed: str) -> None:
    """The key of an address is an address with the same key."""
    try:
        key = parse_address(typed).key
    except InvalidAddress:
        return
    assert key == parse_address(key).key == parse_address(typed.upper()).key


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    """No text raises any other error."""
    with contextlib.suppress(InvalidAddress):
        assert "@" in parse_address(typed).key
