"""Tests of the mailbox of an address: one law over all of Unicode."""

import sys
import unicodedata
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.foundation.mailboxes import Mailbox, NotAnAddress, mailbox
from platform_api.identity.errors import InvalidAddress
from platform_api.identity.rules import parse_address
from platform_api.mail.envelope import wire_address

EVERY = tuple(map(chr, range(sys.maxunicode + 1)))
FOLDED = tuple(
    character
    for character in EVERY
    if any(
        form != character
        for form in (
            character.casefold(),
            character.lower(),
            character.upper(),
            *(unicodedata.normalize(name, character) for name in ("NFC", "NFKC")),
        )
    )
)
"""The code points that some folding changes: all that could make two addresses one."""


def forms_of(character: str) -> set[str]:
    """A character and all of its foldings."""
    forms = {character, character.casefold(), character.lower(), character.upper()}
    return forms | {unicodedata.normalize(name, form) for name in ("NFC", "NFKC") for form in forms}


def addresses_with(characters: Iterable[str]) -> Iterator[str]:
    """Addresses with each character, and its foldings, in the local part and in the domain."""
    for form in {form for character in characters for form in forms_of(character)}:
        yield from (f"a{form}b@example.com", f"a@a{form}b.example")


def ascii_lower(text: str) -> str:
    """The text with ASCII letters in lower case."""
    return "".join(mark.lower() if mark.isascii() else mark for mark in text)


def broken(addresses: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of addresses with one key that reach different mailboxes, or addresses whose mail goes to a domain other than their key's."""
    known: dict[str, tuple[str, str]] = {}
    found = []
    for address in addresses:
        try:
            key = parse_address(address).key
        except InvalidAddress:
            continue
        wire = wire_address(address)
        other, first = known.setdefault(key, (ascii_lower(wire), address))
        if other != ascii_lower(wire) or key.rpartition("@")[2] != wire.rpartition("@")[2]:
            found.append((first, address))
    return found


@pytest.mark.exhaustive
def test_addresses_with_one_key_reach_one_mailbox() -> None:
    """The law holds for every code point that a folding changes, and for its foldings."""
    assert [] == broken(addresses_with(FOLDED))


@pytest.mark.slow
def test_addresses_with_one_key_reach_one_mailbox_whatever_the_character() -> None:
    """The law holds for every code point."""
    patterns = ("a{}b@example.com", "{}@example.com", "a@a{}b.example", "a@{}.example")
    assert [] == broken(pattern.format(mark) for mark in EVERY for pattern in patterns)


@given(st.lists(st.sampled_from([*"aAkKsS1.-", "\u0345", "\u0301", "\u00df", "\u017f", "\u212a"]), max_size=12))
def test_the_law_holds_for_sequences(marks: list[str]) -> None:
    """The law holds with combining marks, and with foldings to several characters."""
    text = "".join(marks)
    variants = {text, text.casefold(), text.lower(), text.upper(), unicodedata.normalize("NFKC", text)}
    assert [] == broken(f"{variant}@example.com" for variant in variants)


LONGEST = "a" * 242 + "@example.com"


@pytest.mark.parametrize(
    ("address", "key", "wire"),
    [
        ("First@Example.COM", "first@example.com", "First@example.com"),
        ("victim@fa\u00df.example", "victim@xn--fa-hia.example", "victim@xn--fa-hia.example"),
        ("victim@FA\u1e9e.example", "victim@xn--fa-hia.example", "victim@xn--fa-hia.example"),
        ("victim@XN--FA-HIA.example", "victim@xn--fa-hia.example", "victim@xn--fa-hia.example"),
        ("stra\u00dfe1@example.com", "stra\u00dfe1@example.com", "stra\u00dfe1@example.com"),
        ("\u017fam@example.com", "\u017fam@example.com", "\u017fam@example.com"),
        ("\u212aate@example.com", "kate@example.com", "Kate@example.com"),
        ("u\u0308mit@example.com", "\u00fcmit@example.com", "\u00fcmit@example.com"),
        ("\u00dcmit@example.com", "\u00dcmit@example.com", "\u00dcmit@example.com"),
        ("first.last+shop@example.com", "first.last+shop@example.com", "first.last+shop@example.com"),
        ("a@\uff25xample\u3002com", "a@example.com", "a@example.com"),
        (" a@example.com\n", "a@example.com", "a@example.com"),
        ("a@b@example.com", "a@b@example.com", "a@b@example.com"),
        (LONGEST, LONGEST, LONGEST),
    ],
)
def test_the_mailbox_of_an_address(address: str, key: str, wire: str) -> None:
    """Domains follow IDNA 2008, ASCII letters are compared without case, and nothing else is folded."""
    assert Mailbox(key, wire) == mailbox(address)


NO_NAME = "It must have a name before its @ and a domain after it."
NO_DOMAIN = "Its domain is not a valid host name."


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", NO_NAME),
        ("@", NO_NAME),
        ("@example.com", NO_NAME),
        ("example.com", NO_NAME),
        ("a@", NO_DOMAIN),
        ("a@[127.0.0.1]", NO_DOMAIN),
        ("a@[IPv6:::1]", NO_DOMAIN),
        ("a@example.com.", NO_DOMAIN),
        ("a@.example.com", NO_DOMAIN),
        ("a@example..com", NO_DOMAIN),
        ("a@exam_ple.com", NO_DOMAIN),
        ("a@exam ple.com", NO_DOMAIN),
        ("a@xn--.example", NO_DOMAIN),
        ("a@xn--fa\u00df.example", NO_DOMAIN),
        ("a" * 243 + "@example.com", "It has 255 characters; an address has at most 254."),
        ("a@example.com" + "\u0345" * 300, "It has 313 characters; an address has at most 254."),
    ],
)
def test_other_notations_are_refused(address: str, reason: str) -> None:
    """Other notations of a domain, such as a domain literal or a trailing dot, are refused."""
    with pytest.raises(NotAnAddress) as refused:
        mailbox(address)

    assert reason == str(refused.value)


def test_a_text_that_is_too_long_is_refused() -> None:
    """A text that is too long is refused before it is normalised."""
    with pytest.raises(NotAnAddress, match="It has 200013 characters; an address has at most 254"):
        mailbox("a" + "\u0345\u0300" * 100_000 + "@example.com")


def test_the_domain_of_a_mailbox() -> None:
    """The domain is in ASCII."""
    assert "xn--fa-hia.example" == mailbox("no-reply@fa\u00df.example").domain
