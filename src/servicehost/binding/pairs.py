"""Names and values of a query string or urlencoded form."""

import re
from collections.abc import Sequence
from urllib.parse import unquote_plus

from servicehost.contract.errors import MalformedAddress

Pairs = Sequence[tuple[str, str]]
"""Lower-case names and their texts, in request order. No text is empty.

In a name with steps, such as `meta[Key]`, only the part before the steps is in lower case: dictionary keys are values.
"""

NO_PAIRS: Pairs = ()

_head = re.compile(r"[^.\[]+").match


def parse_pairs(query: bytes) -> Pairs:
    """The pairs of a query string or urlencoded form. A name without a value, or with an empty one, is absent.

    Raises:
        MalformedAddress: the query is not UTF-8.
    """
    pairs = []
    try:
        for part in query.decode().split("&"):
            name, _, value = part.partition("=")
            if value:
                pairs.append((lowered(_decoded(name)), _decoded(value)))
    except UnicodeDecodeError as error:
        raise MalformedAddress("The query is not UTF-8. Percent-encode the bytes of UTF-8 text.") from error
    return pairs


def lowered(name: str) -> str:
    """A name in lower case, up to its steps."""
    head = _head(name)
    return head[0].lower() + name[head.end() :] if head else name.lower()


def first_of(pairs: Pairs, name: str) -> str:
    """The first text of a name; empty if the name is absent."""
    return next((value for key, value in pairs if key == name), "")


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text


__all__ = ["NO_PAIRS", "Pairs", "first_of", "lowered", "parse_pairs"]
