"""Tests of scalar texts."""

import enum
from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from tests.support.tracks import Grade, Kind

from servicehost.contract.types import EnumOf
from servicehost.formats import scalars

HUGE = 10**6


@pytest.mark.parametrize("text", ["1", "t", "T", "y", "Y", "on", "ON", "yes", "true", "True", " true ", "true,false"])
def test_true(text: str) -> None:
    """All forms of true that published clients and HTML forms send are accepted."""
    assert scalars.parse_bool(text)


@pytest.mark.parametrize("text", ["0", "f", "F", "n", "N", "of", "off", "no", "false", "FALSE", "false,true"])
def test_false(text: str) -> None:
    """All forms of false that published clients and HTML forms send are accepted."""
    assert not scalars.parse_bool(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("0", 0), ("+7", 7), ("-7", -7), (" 12 ", 12), ("-0012", -12), ("2147483647", 2**31 - 1)]
)
def test_int(text: str, expected: int) -> None:
    """An integer may have a sign, leading zeros and blanks around it."""
    assert expected == scalars.parse_int(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("1.5", 1.5), ("1e3", 1000.0), ("-.5", -0.5), ("5.", 5.0), ("1,234,567.5", 1234567.5)]
)
def test_double(text: str, expected: float) -> None:
    """A double may have an exponent, or thousands separated by commas."""
    assert expected == scalars.parse_double(text)


@pytest.mark.parametrize("text", ["1.50", "-0.0000000000000000000000000001", "79228162514264337593543950335", "1E+28"])
def test_decimal_keeps_its_scale(text: str) -> None:
    """A decimal keeps its scale, including trailing zeros."""
    assert Decimal(text).as_tuple() == scalars.parse_decimal(text).as_tuple()


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (scalars.parse_bool, "maybe"),
        (scalars.parse_bool, ""),
        (scalars.parse_int, "2147483648"),
        (scalars.parse_int, "1.0"),
        (scalars.parse_int, "1 2"),
        (scalars.parse_int, "\N{ARABIC-INDIC DIGIT ONE}"),
        (scalars.parse_int, "1_000"),
        (scalars.parse_int, "9" * HUGE),
        (scalars.parse_int, "0" * HUGE + "x"),
        (scalars.parse_long, "9223372036854775808"),
        (scalars.parse_double, "NaN"),
        (scalars.parse_double, "Infinity"),
        (scalars.parse_double, "1e400"),
        (scalars.parse_double, "1,23"),
        (scalars.parse_double, "1" * HUGE + "x"),
        (scalars.parse_decimal, "NaN"),
        (scalars.parse_decimal, "1E+29"),
        (scalars.parse_decimal, "1E-29"),
        (scalars.parse_decimal, "1E+999999999999999999999"),
        (scalars.parse_decimal, "1" * 30),
        (scalars.parse_decimal, "1" * HUGE),
        (scalars.parse_bytes, "!"),
        (scalars.parse_bytes, "AA"),
    ],
)
def test_no_value(parse: Callable[[str], Any], text: str) -> None:
    """Invalid texts are refused, without parsing overlong ones."""
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_base64_in_lines() -> None:
    """Base64 may contain line breaks, as XML writers insert them."""
    assert b"\x00\x01\x02\x03" == scalars.parse_bytes("AAEC\r\n Aw==\n")


@pytest.mark.parametrize(
    ("python", "given", "expected"),
    [
        (Kind, "Rock", Kind.ROCK),
        (Kind, " spoken word ", Kind.SPOKEN_WORD),
        (Kind, "1", Kind.SPOKEN_WORD),
        (Kind, 0, Kind.ROCK),
        (Grade, "none", Grade.NONE),
        (Grade, "GOOD", Grade.GOOD),
        (Grade, 7, Grade.GOOD),
        (Grade, "0", Grade.NONE),
    ],
)
def test_enumeration(python: type[enum.Enum], given: str | int, expected: enum.Enum) -> None:
    """An enumeration is read from a name in any casing, from its value, or from its position if values are names."""
    assert expected is scalars.enum_reader(EnumOf(python))(given)


@pytest.mark.parametrize(("python", "given"), [(Kind, "Folk"), (Kind, 2), (Grade, 1), (Grade, "-1"), (Kind, "")])
def test_no_name(python: type[enum.Enum], given: str | int) -> None:
    """A name or number that the enumeration does not have is refused."""
    with pytest.raises(ValueError, match=r"."):
        scalars.enum_reader(EnumOf(python))(given)


def test_expected_names_are_not_endless() -> None:
    """An error message lists only the first names of a long enumeration."""
    expected = scalars.expected_names(EnumOf(HTTPStatus))
    assert expected.startswith("expected one of CONTINUE, SWITCHING_PROTOCOLS, ")
    assert expected.endswith(" and so on")
    assert 19 == expected.count(",")


@pytest.mark.parametrize(
    ("number", "expected"), [(1.5, "1.5"), (float("inf"), "INF"), (float("-inf"), "-INF"), (float("nan"), "NaN")]
)
def test_double_text(number: float, expected: str) -> None:
    """A double is written as its shortest text; values that are not finite as in XML Schema."""
    assert expected == scalars.double_text(number)


@pytest.mark.parametrize(("number", "expected"), [("1.50", "1.50"), ("1E+3", "1000"), ("1E-7", "0.0000001")])
def test_decimal_text(number: str, expected: str) -> None:
    """A decimal is written with its scale and without an exponent."""
    assert expected == scalars.decimal_text(Decimal(number))
