"""Errors in the values of a request: collected with their paths, shortened, and limited in number."""

from typing import Any, Final

import msgspec
from msgspec import UNSET

from servicehost.contract.errors import FieldError, PayloadTooLarge

MAX_PROBLEMS: Final = 100
"""Maximum number of errors collected, so that a body of a million wrong values does not cause a million errors."""

MAX_SHOWN: Final = 64
"""Maximum length of a value or dictionary key quoted in an error."""


LENGTH: Final = "Length"
"""Error code of a value that is too long."""


def too_many_items(most: int) -> PayloadTooLarge:
    """The error for a body with more items than the maximum."""
    return PayloadTooLarge(f"The body has more than {most} items. Send at most {most} in one request.")


class Problem(msgspec.Struct, frozen=True):
    """A value of the wrong type, or one that is too long.

    Attributes:
        value: the value, shortened; None if it must not be repeated because it may be a password.
        expected: the expected value.
        path: member names and `[0]` for items, outermost first.
        code: the error code.
    """

    value: str | None
    expected: str
    path: tuple[str, ...] = ()
    code: str = "SerializationException"

    def under(self, part: str) -> "Problem":
        """The problem with `part` added as the outermost part of its path."""
        return Problem(self.value, self.expected, (part, *self.path), self.code)

    @property
    def field(self) -> str:
        """The path as one text: `Contact.Roles[0]`."""
        return "".join(part if part[0] == "[" else f".{part}" for part in self.path).lstrip(".")

    @property
    def error(self) -> FieldError:
        """The error as sent to clients."""
        field = self.field
        if self.value is None:
            return FieldError(field, f"'{field}' {self.expected}.", self.code)
        return FieldError(field, f"'{self.value}' is an Invalid value for '{field}': {self.expected}.", self.code)


def enough(problems: list[Problem]) -> bool:
    """Whether the maximum is reached, so that collecting can stop."""
    return len(problems) >= MAX_PROBLEMS


def report(raw: Any, expected: str, problems: list[Problem]) -> Any:
    """Add a problem for a value, unless the maximum is reached. Returns UNSET as the value."""
    if not enough(problems):
        problems.append(Problem(shown(raw), expected))
    return UNSET


def report_length(size: int, most: int, unit: str, problems: list[Problem]) -> Any:
    """Add a problem for a value that is too long, unless the maximum is reached. Returns UNSET as the value."""
    if not enough(problems):
        problems.append(Problem(None, f"has {size} {unit}; send at most {most}", code=LENGTH))
    return UNSET


def shown(raw: Any) -> str:
    """A raw value as quoted in an error, shortened."""
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
    """Add `part` to the paths of the problems from `start` on: the problems of one member or item."""
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
