"""Scalar types of messages that Python does not have."""

import re
from typing import Annotated, Final, NewType

Guid = NewType("Guid", str)
"""A GUID in canonical text form: 36 characters, dashed, lower case.

It stays text because GUIDs are only compared: equal texts are equal GUIDs, and nothing is converted between the
wire, the handlers and the database.
"""

EMPTY_GUID: Final = Guid("00000000-0000-0000-0000-000000000000")
"""`Guid.Empty`, which some clients send for an unset GUID. Treated as absent."""

CANONICAL_GUID: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
"""The pattern of the canonical text."""

_FORMS = re.compile(
    r"(?:([0-9a-fA-F]{32})"
    r"|([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})"
    r"|\{([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\}"
    r"|\(([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\))"
)
_is_canonical = re.compile(CANONICAL_GUID).match


def parse_guid(text: str) -> Guid:
    """The GUID in `text`: 32 digits, dashed, or dashed in braces or parentheses, in any casing.

    Raises:
        ValueError: `text` is not a GUID in one of these forms.
    """
    if _is_canonical(text):
        return Guid(text)
    found = _FORMS.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text[:64]}' is not a Guid")
    digits = next(group for group in found.groups() if group).replace("-", "").lower()
    return Guid(f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}")


class WireType:
    """The wire type of an annotation whose Python type stands for several wire types."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Long = Annotated[int, WireType("long")]
"""A 64-bit integer; a plain `int` is 32 bits on the wire."""

__all__ = ["CANONICAL_GUID", "EMPTY_GUID", "Guid", "Long", "WireType", "parse_guid"]
