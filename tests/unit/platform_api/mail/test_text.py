"""Names reach mails without a message of their own."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from platform_api.mail.text import MAX_NAME, clean_name, name_or_somebody, one_line

_LINKS = ("http://", "https:/", "www.", "evil.example", ".com", "@", "a@b.example", "/", ":", "?", "ht", "tp://")
_UNSEEN = ("\r\n", "\u202e", "\u200b", "\u2028", "\ufe0f", "e\u0301", "\u3002", "\u200c", "\u200d", "علی", "क्")
_PIECES = st.sampled_from([*_LINKS, *_UNSEEN, "0412 345 678", "+61", "12345678", "Acme", " ", "é"])
_BLANK = set("\u2800\U00013441\U00013442\U00016fe4\U0001d159")
_TEXTS = st.one_of(
    st.text(), st.lists(_PIECES).map("".join), st.lists(st.one_of(_PIECES, st.characters())).map("".join)
)


_NAMED_IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Characters with the Unicode property Default_Ignorable_Code_Point, without the two joiners."""

_UNSEEN_CHARACTERS = {chr(code) for first, last in _NAMED_IGNORABLE for code in range(first, last + 1)} | {
    chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
} - {"\u200c", "\u200d"}


def test_nothing_unseen_is_left_of_all_of_unicode() -> None:
    """Every control, format, private, surrogate, separating and ignorable character goes; every other one stays."""
    every = [chr(code) for code in range(0x110000)]
    kept = set(one_line("".join(every)))
    stable = {
        each for each in every if unicodedata.category(each)[0] in "LNPS" and unicodedata.is_normalized("NFC", each)
    }

    assert set() == kept & _UNSEEN_CHARACTERS
    assert stable - _UNSEEN_CHARACTERS - _BLANK <= kept


def test_joiners_are_kept_nowhere_in_latin() -> None:
    """Between letters that do not join a joiner shows nothing, so it could hide something."""
    letters = [chr(code) for code in range(0x250) if chr(code).isalpha()]

    assert letters == [one_line(f"{each}\u200c\u200d") for each in letters]


def test_the_nameless_are_somebody() -> None:
    """If nothing is left of a name, the sentence still has a subject."""
    assert "Acme" == name_or_somebody("Acme")
    assert "somebody" == name_or_somebody("http://evil.example")
    assert "Somebody" == name_or_somebody("\u3164", begins=True)


@given(_TEXTS)
@example("hthttp://xttp://evil.example")
@example("a@" * 300)
@example("h" * 48 + "ttp://evil.example")
def test_clean_names_show_only_what_a_name_shows(text: str) -> None:
    """No control, format, bidi or line-breaking character is left, and no more than the limit."""
    name = clean_name(text)

    assert set() == _UNSEEN_CHARACTERS & set(name)
    assert not {"Cs", "Cn"} & {unicodedata.category(character) for character in name}
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
        ("Acme", "A\U000e0068\U000e0069cme\ufe0f\U000e0100\u180b"),
        ("علی\u200cبیگ", "علی\u200cبیگ"),
        ("ක්\u200dෂ", "ක්\u200dෂ"),
        ("क्\u200cष", "क्\u200c\u200cष"),
        ("Acme", "A\u200ccm\u200de"),
        ("علیبیگ", "علی\u200d\u200cبیگ"),
        ("علی بیگ", "علی\u200c بیگ"),
        ("क्\u200d com", "क्\u200d.com"),
        ("ب ب\u200cب", "ب.ب\u200cب"),
        ("Acme com", "Acme\ufe52com"),
        ("", "http://evil.example"),
        ("", "\u3164\u2800"),
    ],
)
def test_names_keep_what_people_are_called(expected: str, typed: str) -> None:
    """Parts of a name stay; parts that carry a message are removed."""
    assert expected == clean_name(typed)


def test_long_names_end_in_an_ellipsis() -> None:
    """A name that is cut shows that it was."""
    assert "x" * (MAX_NAME - 1) + "…" == clean_name("x" * 80)


@given(_TEXTS)
def test_one_line_is_one_line(text: str) -> None:
    """Whatever counts as a line break anywhere is gone."""
    assert 1 >= len(one_line(text).splitlines())
