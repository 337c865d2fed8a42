"""Names reach mails without a message of their own."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from platform_api.outbox.text import MAX_NAME, clean_name, one_line

_LINKS = ("http://", "https:/", "www.", "evil.example", ".com", "@", "a@b.example", "/", ":", "?", "ht", "tp://")
_UNSEEN = ("\r\n", "\u202e", "\u200b", "\u2028", "\ufe0f", "e\u0301", "\u3002")
_PIECES = st.sampled_from([*_LINKS, *_UNSEEN, "0412 345 678", "+61", "12345678", "Acme", " ", "é"])
_TEXTS = st.one_of(
    st.text(), st.lists(_PIECES).map("".join), st.lists(st.one_of(_PIECES, st.characters())).map("".join)
)


@given(_TEXTS)
@example("hthttp://xttp://evil.example")
@example("a@" * 300)
@example("h" * 48 + "ttp://evil.example")
def test_clean_names_show_only_what_a_name_shows(text: str) -> None:
    """No control, format, bidi or line-breaking character is left, and no more than the limit."""
    name = clean_name(text)

    assert [] == [c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]
    assert len(name) <= MAX_NAME


@given(_TEXTS)
def test_clean_names_hold_nothing_to_click(text: str) -> None:
    """Nothing is left of which a mail program makes a link."""
    name = clean_name(text)

    assert "@" not in name
    assert "://" not in name
    assert re.search(r"(?i)\bwww\.\S", name) is None
    assert re.search(r"\w\.[^\W\d_]\w", name) is None


@given(_TEXTS)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """A clean name is its own clean name."""
    name = clean_name(text)

    assert name == clean_name(name)


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        ("Acme Pty Ltd", "Acme Pty Ltd"),
        ("Zoë O'Brien-Ångström", "Zoë O'Brien-Ångström"),
        ("J. R. Member", "J. R. Member"),
        ("李小龙", "李小龙"),
        ("Acme com", "Acme.com"),
        ("Win a prize", "Win a prize https://evil.example/x?y=1"),
        ("Pay now", "Pay\r\nnow javascript:alert(1)"),
        ("Sky", "Sky <first@example.com>"),
        ("Call me", "Call me +61 (4) 1234 5678"),
        ("Acme", "\u202eAcme\u202c\u200b"),
        ("", "http://evil.example"),
        ("", "\u3164\u2800"),
    ],
)
def test_names_keep_what_people_are_called(expected: str, typed: str) -> None:
    """What belongs to a name stays; what carries a message goes."""
    assert expected == clean_name(typed)


def test_long_names_end_in_an_ellipsis() -> None:
    """A name that is cut shows that it was."""
    assert "x" * (MAX_NAME - 1) + "…" == clean_name("x" * 80)


@given(_TEXTS)
def test_one_line_is_one_line(text: str) -> None:
    """Whatever counts as a line break anywhere is gone."""
    assert 1 >= len(one_line(text).splitlines())
