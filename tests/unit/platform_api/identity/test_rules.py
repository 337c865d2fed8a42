"""Tests of the parsing of e-mail addresses."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.identity.errors import InvalidAddress
from platform_api.identity.rules import parse_address
from platform_api.identity.values import EmailAddress


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
