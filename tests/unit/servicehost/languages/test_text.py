"""Conversion of names and texts by the generators."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.languages.text import (
    apart,
    as_identifier,
    blank_after,
    camel,
    indented,
    is_identifier,
    one_line,
    pascal,
    quoted,
    snake,
    snake_identifier,
)


@pytest.mark.parametrize(
    ("declared", "camel_case", "snake_case"),
    [
        ("ContactId", "contactId", "contact_id"),
        ("IPAddress", "ipAddress", "ip_address"),
        ("URLs", "urLs", "ur_ls"),
        ("ID", "id", "id"),
        ("UShort", "uShort", "u_short"),
        ("Line2A", "line2A", "line2_a"),
        ("name", "name", "name"),
        ("A", "a", "a"),
        ("", "", ""),
    ],
)
def test_names_in_other_casings(declared: str, camel_case: str, snake_case: str) -> None:
    """Casings match those that client libraries compute."""
    assert (camel_case, snake_case) == (camel(declared), snake(declared))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ContactId", "contact_id"),
        ("first-name", "first_name"),
        ("us$", "us_"),
        ("API_Key", "api_key"),
        ("2Fa", "_2_fa"),
    ],
)
def test_snake_case_as_an_identifier(name: str, expected: str) -> None:
    """Characters between two words become one underscore."""
    assert expected == snake_identifier(name)


@pytest.mark.parametrize(
    ("name", "expected"), [("API_Key", "ApiKey"), ("REAL_PERSON", "RealPerson"), ("plain", "Plain")]
)
def test_pascal_case(name: str, expected: str) -> None:
    """Parts between underscores are capitalised."""
    assert expected == pascal(name)


def test_white_space_of_any_kind_is_one_blank() -> None:
    """This includes the line ends of every script."""
    assert one_line(" a\r\n b\u2028c\x85d\te\x0cf ") == "a b c d e f"


def test_what_compilers_refuse_in_comments_goes() -> None:
    """Control characters, direction marks, byte order marks and lone surrogates are removed; joiners are kept, since words need them."""
    assert one_line("a\x00b\u202ec\ufeffd\ud800e\u200df") == "abcde\u200df"


@given(st.text())
def test_one_line_is_stable_and_has_no_control(text: str) -> None:
    """A second conversion changes nothing."""
    line = one_line(text)
    assert line == one_line(line)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in line)


@given(st.text(alphabet='*/"a '))
def test_no_mark_survives(text: str) -> None:
    """Marks are split in any context, by inserted blanks only."""
    safe = apart(text, "*/", "/*", '"""')
    assert not any(mark in safe for mark in ("*/", "/*", '"""'))
    assert safe.replace(" ", "") == text.replace(" ", "")


def test_quoting() -> None:
    """Quotation marks and backslashes are escaped."""
    assert quoted('a "b" \\ c') == r'"a \"b\" \\ c"'


def test_empty_lines_are_not_indented() -> None:
    """No line ends with blanks."""
    assert list(indented(["a", "", "b"])) == ["    a", "", "    b"]


def test_a_blank_line_follows_the_blocks_that_ask_for_it() -> None:
    """The last block is never followed by one."""
    assert list(blank_after([(["a"], True), (["b"], False), (["c"], True)])) == ["a", "", "b", "c"]


@pytest.mark.parametrize(
    ("name", "identifier"), [("Name", "Name"), ("first-name", "first_name"), ("2nd", "_2nd"), ("", "_")]
)
def test_a_name_as_an_identifier(name: str, identifier: str) -> None:
    """Invalid characters become underscores."""
    assert identifier == as_identifier(name)


@given(st.text())
def test_every_name_has_an_identifier(name: str) -> None:
    """This includes names in letters that only some compilers accept."""
    assert is_identifier(as_identifier(name))
