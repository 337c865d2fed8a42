"""Errors in the values of a request: collected with their paths, cut short, and limited in number."""

from typing import Any, Final

import msgspec
from msgspec import UNSET

from servicehost.contract.errors import FieldError, PayloadTooLarge

MAX_PROBLEMS: Final = 100
"""How many errors are collected; a body of a million wrong values must not be answered with a million errors."""

MAX_SHOWN: Final = 64
"""How much of a value, or of a dictionary's key, an error repeats."""


LENGTH: Final = "Length"
"""The error code of a value that is too long."""


def too_many_items(most: int) -> PayloadTooLarge:
    """The refusal of a body that lists more than so many items."""
    return PayloadTooLarge(f"The body has more than {most} items. Send at most {most} at once.")


class Problem(msgspec.Struct, frozen=True):
    """A value that is not of its type, or too long.

    Attributes:
        value: the value, cut short; None where it is not to be repeated, since it may be a password.
        expected: what would be right.
        path: where it is, from outside to inside: names of members, `[0]` for items.
        code: the error code.
    """

    value: str | None
    expected: str
    path: tuple[str, ...] = ()
    code: str = "SerializationException"

    def under(self, part: str) -> "Problem":
        """The same problem seen from one level further out."""
        return Problem(self.value, self.expected, (part, *self.path), self.code)

    @property
    def field(self) -> str:
        """The path as one text: `Contact.Roles[0]`."""
        return "".join(part if part[0] == "[" else f".{part}" for part in self.path).lstrip(".")

    @property
    def error(self) -> FieldError:
        """The problem as clients are told."""
        field = self.field
        if self.value is None:
            return FieldError(field, f"'{field}' {self.expected}.", self.code)
        return FieldError(field, f"'{self.value}' is an Invalid value for '{field}': {self.expected}.", self.code)


def enough(problems: list[Problem]) -> bool:
    """Whether to stop looking, since further errors would not be told."""
    return len(problems) >= MAX_PROBLEMS


def report(raw: Any, expected: str, problems: list[Problem]) -> Any:
    """Add the problem of a value, unless there are enough; UNSET, as what the value is."""
    if not enough(problems):
        problems.append(Problem(shown(raw), expected))
    return UNSET


def report_length(size: int, most: int, unit: str, problems: list[Problem]) -> Any:
    """Add the problem of a value that is too long, unless there are enough; UNSET, as what the value is."""
    if not enough(problems):
        problems.append(Problem(None, f"has {size} {unit}; send at most {most}", code=LENGTH))
    return UNSET


def shown(raw: Any) -> str:
    """A raw value as an error repeats it, cut short."""
    match raw:
        case None:
            return "null"
        case bool():
            return str(raw).lower()
        case dict():
            return "{...}"
        case list():
            return "[...]"
    text = str(raw)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def move(problems: list[Problem], start: int, part: str) -> None:
    """Put the problems from `start` on under one level more: those of a member or an item."""
    problems[start:] = [problem.under(part) for problem in problems[start:]]


__all__ = [
    "LENGTH",
    "MAX_PROBLEMS",
    "MAX_SHOWN",
    "Problem",
    "enough",
    "move",
    "report",
    "report_length",
    "shown",
    "too_many_items",
]
