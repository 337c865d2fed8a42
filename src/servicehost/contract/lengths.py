"""Greatest lengths of what requests carry: texts in code points, lists in items, dictionaries in entries.

Every text and every list of a request is bounded, whether or not its member declares how. A member without a declared
length has the default for its name, so that no operation can forget it. Answers are not bounded: what was stored under
a larger bound stays readable.
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
"""The default length of texts whose name ends in one of these words."""


class Bounds(NamedTuple):
    """How large the value of a member may be.

    Attributes:
        length: code points of a text, and of each text in a list or dictionary.
        items: items of a list, entries of a dictionary.
    """

    length: int = TEXT
    items: int = ITEMS


def default_length(name: str) -> int:
    """The greatest length of a text by the wire name of its member: `FirstName` and `Surname` are names."""
    lower = name.lower()
    return next((length for ending, length in _BY_ENDING.items() if lower.endswith(ending)), TEXT)


__all__ = ["ADDRESS", "ITEMS", "NAME", "PASSWORD", "SEARCH", "TEXT", "TOKEN", "URL", "Bounds", "default_length"]
