"""Length limits of request members: texts in code points, lists in items, dictionaries in entries.

Every text and list in a request is bounded, even if its member declares no limit: the default follows from the
member's name. Responses are not bounded, so values stored under a larger limit stay readable.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

NAME: Final = 200
ADDRESS: Final = 254
PASSWORD: Final = 200
SEARCH: Final = 200
TOKEN: Final = 512
URL: Final = 2048
TEXT: Final = 4000
ITEMS: Final = 1000

_BY_ENDING: Final[Mapping[str, int]] = {
    "name": NAME,
    "email": ADDRESS,
    "emailaddress": ADDRESS,
    "password": PASSWORD,
    "searchtext": SEARCH,
    "token": TOKEN,
    "url": URL,
}
"""Default lengths of texts by the last word of their name."""


class Bounds(NamedTuple):
    """Size limits for the value of a member.

    Attributes:
        length: maximum code points of a text, or of each text in a list or dictionary.
        items: maximum items of a list or entries of a dictionary.
    """

    length: int = TEXT
    items: int = ITEMS


def default_length(name: str) -> int:
    """The default maximum length of a text by its member's wire name: `FirstName` and `Surname` end in a name."""
    lower = name.lower()
    return next((length for ending, length in _BY_ENDING.items() if lower.endswith(ending)), TEXT)


__all__ = ["ADDRESS", "ITEMS", "NAME", "PASSWORD", "SEARCH", "TEXT", "TOKEN", "URL", "Bounds", "default_length"]
