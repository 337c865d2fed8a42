"""Scalar values as texts, read the same way in every format, path, query and form.

| type | accepted |
|---|---|
| string | any text |
| bool | `true`, `t`, `1`, `y`, `yes`, `on` and their opposites in any casing; of `true,false` the first value |
| int, long | digits with an optional sign, within 32 or 64 bits |
| double | a finite number, with an exponent or with thousands separated by commas |
| decimal | a finite number of at most 29 digits, up to 1E+28, at most 28 of them after the point; its scale is kept |
| Guid | 32 digits, dashed, or dashed in braces or parentheses |
| DateTime, TimeSpan | see `instants` |
| byte[] | base64 |
| enumerations | a name in any casing, or its number |
"""

import base64
import enum
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from servicehost.contract.types import EnumOf, Scalar
from servicehost.formats.instants import duration_text, instant_text

INT_RANGE = range(-(2**31), 2**31)
LONG_RANGE = range(-(2**63), 2**63)

EXPECTED: Mapping[Scalar, str] = {
    Scalar.STRING: "expected a string",
    Scalar.BOOL: "expected true or false",
    Scalar.INT: f"expected a whole number from {INT_RANGE.start} to {INT_RANGE.stop - 1}",
    Scalar.LONG: f"expected a whole number from {LONG_RANGE.start} to {LONG_RANGE.stop - 1}",
    Scalar.DOUBLE: "expected a number such as 1.5",
    Scalar.DECIMAL: "expected a number such as 1.50 with at most 29 digits",
    Scalar.GUID: "expected a Guid, 32 hexadecimal digits with or without dashes",
    Scalar.DATETIME: "expected a date such as 2026-11-14T22:13:20Z",
    Scalar.DURATION: "expected a duration such as P1DT2H30M or 1.02:30:00",
    Scalar.BYTES: "expected base64",
}
"""Expected values, for error messages."""

_SHOWN_NAMES = 20
_TRUE = frozenset({"1", "t", "y", "on", "yes", "true"})
_FALSE = frozenset({"0", "f", "n", "of", "off", "no", "false"})
_WHOLE = re.compile(r"[+-]?(?=\d)0*+(\d{0,20})", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}+(?:,\d{3})++(?:\.\d*+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d++)?", re.ASCII | re.IGNORECASE)
_LONGEST_DECIMAL = 64
_MOST_DIGITS = 29
_MOST_PLACES = 28
_BLANKS = str.maketrans("", "", " \t\r\n")


def parse_bool(text: str) -> bool:
    """Parse a boolean. Raises ValueError if the text is neither true nor false."""
    word = text.partition(",")[0].strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("not a bool")


def parse_int(text: str) -> int:
    """Parse a 32-bit integer. Raises ValueError if the text is not one."""
    return within(_whole(text), INT_RANGE)


def parse_long(text: str) -> int:
    """Parse a 64-bit integer. Raises ValueError if the text is not one."""
    return within(_whole(text), LONG_RANGE)


def within(number: int, allowed: range) -> int:
    """The number itself. Raises ValueError if it is out of range."""
    if allowed.start <= number < allowed.stop:
        return number
    raise ValueError("out of range")


def parse_double(text: str) -> float:
    """Parse a finite number. Raises ValueError if the text is not one."""
    number = float(_number(text))
    if math.isinf(number):
        raise ValueError("out of range")
    return number


def parse_decimal(text: str) -> Decimal:
    """Parse a decimal, keeping its scale. Raises ValueError if the text is not one that .NET can represent."""
    number = _number(text)
    exponent = number.lower().partition("e")[2]
    if len(number) > _LONGEST_DECIMAL or len(exponent) > len("+028"):
        raise ValueError("out of range")
    return bounded(Decimal(number))


def bounded(number: Decimal) -> Decimal:
    """The number itself. Raises ValueError if .NET cannot represent it."""
    _, digits, exponent = number.as_tuple()
    small = isinstance(exponent, int) and exponent >= -_MOST_PLACES and number.adjusted() < _MOST_DIGITS
    if small and len(digits) <= _MOST_DIGITS:
        return number
    raise ValueError("out of range")


def parse_bytes(text: str) -> bytes:
    """Parse base64. Raises ValueError if the text is not base64."""
    return base64.b64decode(text.translate(_BLANKS), validate=True)


def enum_reader(node: EnumOf) -> Callable[[str | int], enum.Enum]:
    """A reader of enumeration values: a name in any casing, or a number (the value if numbered, else the position).

    The reader raises ValueError for any other text.
    """
    members = list(node.python)
    by_name = {node.wire_name(member).lower(): member for member in members}
    by_number = {
        member.value if isinstance(member.value, int) else position: member for position, member in enumerate(members)
    }

    def read(given: str | int) -> enum.Enum:
        name = given.strip().lower() if isinstance(given, str) else ""
        if name in by_name:
            return by_name[name]
        number = _whole(given) if isinstance(given, str) else given
        if number not in by_number:
            raise ValueError("not a name of the enumeration")
        return by_number[number]

    return read


def expected_names(node: EnumOf) -> str:
    """Expected values of an enumeration, for error messages."""
    shown = ", ".join(node.names[:_SHOWN_NAMES])
    return f"expected one of {shown}" + (" and so on" if len(node.names) > _SHOWN_NAMES else "")


def double_text(number: float) -> str:
    """The shortest text of the number, with `NaN`, `INF` and `-INF` as in XML Schema."""
    if math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else "INF" if number > 0 else "-INF"


def decimal_text(number: Decimal) -> str:
    """The number with its scale, without an exponent."""
    return f"{number:f}"


def bytes_text(content: bytes) -> str:
    """The bytes in base64."""
    return base64.b64encode(content).decode()


def _whole(text: str) -> int:
    """Parse an integer in a text of any length; only the first digits of an overlong one are parsed."""
    short = text.strip()
    found = _WHOLE.fullmatch(short)
    if found is None:
        raise ValueError("not a whole number")
    size = int(found[1] or 0)
    return -size if short[0] == "-" else size


def _number(text: str) -> str:
    short = text.strip()
    if _NUMBER.fullmatch(short):
        return short
    if _THOUSANDS.fullmatch(short):
        return short.replace(",", "")
    raise ValueError("not a number")


WRITERS: Mapping[Scalar, Callable[[Any], str]] = {
    Scalar.INT: str,
    Scalar.LONG: str,
    Scalar.DOUBLE: double_text,
    Scalar.DECIMAL: decimal_text,
    Scalar.GUID: str,
    Scalar.DATETIME: instant_text,
    Scalar.DURATION: duration_text,
    Scalar.BYTES: bytes_text,
}
"""Writers that all text formats share. Their texts need no escaping or quoting."""

__all__ = [
    "EXPECTED",
    "INT_RANGE",
    "LONG_RANGE",
    "WRITERS",
    "bounded",
    "enum_reader",
    "expected_names",
    "parse_bool",
    "parse_bytes",
    "parse_decimal",
    "parse_double",
    "parse_int",
    "parse_long",
    "within",
]
