"""Tests of query strings and forms as pairs."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.binding.pairs import first_of, parse_pairs
from servicehost.contract.errors import MalformedAddress


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"Name=x", [("name", "x")]),
        (b"a=1&A=2", [("a", "1"), ("a", "2")]),
        (b"a=1=2", [("a", "1=2")]),
        (b"a=x+y%20z%2B", [("a", "x y z+")]),
        (b"a=%C3%A9", [("a", "\N{LATIN SMALL LETTER E WITH ACUTE}")]),
        ("a=\N{LATIN SMALL LETTER E WITH ACUTE}".encode(), [("a", "\N{LATIN SMALL LETTER E WITH ACUTE}")]),
        (b"a=/Date(1)/&b=[1,2]|", [("a", "/Date(1)/"), ("b", "[1,2]|")]),
        (b"%41=1", [("a", "1")]),
        (b"", []),
        (b"&&", []),
        (b"a=", []),
        (b"a", []),
        (b"=1", [("", "1")]),
        (b".Name=1&[Key]=2", [(".name", "1"), ("[key]", "2")]),
        (b"Meta[Key]=1&A.B=2&IDS[]=3", [("meta[Key]", "1"), ("a.B", "2"), ("ids[]", "3")]),
    ],
)
def test_parse(query: bytes, expected: list[tuple[str, str]]) -> None:
    """Names are in lower case, values are decoded, and names without a value are absent."""
    assert expected == list(parse_pairs(query))


@pytest.mark.parametrize("query", [b"a=%FF", b"a=\xff", b"%FF=1"])
def test_not_utf8(query: bytes) -> None:
    """Bytes that are not UTF-8 are refused, not replaced."""
    with pytest.raises(MalformedAddress) as refused:
        parse_pairs(query)

    assert refused.value.message == "The query is not UTF-8. Percent-encode the bytes of UTF-8 text."


@given(st.lists(st.tuples(st.text(), st.text(min_size=1))))
def test_reads_what_others_write(pairs: list[tuple[str, str]]) -> None:
    """Pairs encoded by the standard library survive a round trip."""
    expected = [(lower_before_steps(name), value) for name, value in pairs]

    assert expected == list(parse_pairs(urlencode(pairs).encode()))


def lower_before_steps(name: str) -> str:
    """The name in lower case up to its first step."""
    start = next((position for position, character in enumerate(name) if character in ".[" and position), len(name))
    return name.lower() if name[:1] in (".", "[") else name[:start].lower() + name[start:]


def test_first_of() -> None:
    """For the host's own parameters the first of several values counts."""
    assert first_of([("format", "xml"), ("format", "csv")], "format") == "xml"
    assert first_of([], "format") == ""
