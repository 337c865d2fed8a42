"""The scalar types of messages that Python does not have by itself."""

import re
from typing import Annotated, Final, NewType

Guid = NewType("Guid", str)
"""A Guid in its one canonical text: 36 characters, dashed, lower case.

Kept as text because identity is all that a Guid is used for: equal texts are equal Guids, and no conversion
is paid between the wire, the handlers and the database.
"""

EMPTY_GUID: Final = Guid("00000000-0000-0000-0000-000000000000")
"""`Guid.Empty`: what some clients send for a Guid that was never set. It means absent."""

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
    """The Guid that `text` writes: 32 digits, dashed, or dashed in braces or parentheses; any case.

    Raises:
        ValueError: `text` is none of these.
    """
    if _is_canonical(text):
        return Guid(text)
    found = _FORMS.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text[:64]}' is not a Guid")
    digits = next(group for group in found.groups() if group).replace("-", "").lower()
    return Guid(f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}")


class WireType:
    """Names the wire type of an annotation where Python has one type for several of the wire's."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Long = Annotated[int, WireType("long")]
"""A 64-bit integer; a plain `int` is 32 bits on the wire."""

__all__ = ["CANONICAL_GUID", "EMPTY_GUID", "Guid", "Long", "WireType", "parse_guid"]
