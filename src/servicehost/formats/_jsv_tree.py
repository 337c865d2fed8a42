"""Parses JSV text into a raw tree of dictionaries, lists and texts; an empty value without quotes is None.

Blanks, tabs and line breaks between tokens are allowed, as in the indented JSV of the documentation pages. Every step
moves forward in the text and nesting is limited, so parsing takes linear time for any input.
"""

import re
from collections.abc import Callable
from typing import Any

from servicehost.formats.lenient import MAX_DEPTH
from servicehost.formats.sizes import MAX_VALUES, too_many_values

_plain_items = re.compile(r'[^\s,:"\[\]{}]+(?:,[^\s,:"\[\]{}]+)*').fullmatch
"""Matches the usual lists, of Guids or numbers, which can simply be split at the commas."""

_blanks = re.compile(r"[ \t\r\n]*").match
_quoted = re.compile(r'"((?:[^"]++|"")*+)"').match
_key = re.compile(r'[^"{}\[\],:]++').match
_bare = re.compile(r"[^,}\]]*+").match
_bare_to_end = re.compile(r".*+", re.DOTALL).match


class MalformedJsv(ValueError):
    """The text is not JSV. The message says what was expected and where."""

    def __init__(self, expected: str, position: int) -> None:
        super().__init__(f"expected {expected} at character {position + 1}")


def parse_jsv(text: str) -> Any:
    """The raw tree of a whole text; a text that starts neither an object nor a list is a scalar.

    Raises:
        MalformedJsv: the text is not JSV, or nests deeper than `MAX_DEPTH`.
        PayloadTooLarge: the text has more than `MAX_VALUES` values.
    """
    value, end = _JsvParser(text).value(_skip(text, 0), _bare_to_end)
    if end < len(text):
        raise MalformedJsv("nothing more", end)
    return value


def parse_jsv_items(text: str) -> list[Any]:
    """The items of a list without brackets: `1,2,3`.

    Raises:
        MalformedJsv: the text is not JSV, or nests deeper than `MAX_DEPTH`.
        PayloadTooLarge: the list contains more than `MAX_VALUES` values, nested ones included.
    """
    if _plain_items(text):
        return text.split(",")
    items, end = _JsvParser(text).items(_skip(text, 0))
    if end < len(text):
        raise MalformedJsv("a comma", end)
    return items


def _skip(text: str, position: int) -> int:
    found = _blanks(text, position)
    return found.end() if found else position


class _JsvParser:
    """Parses one text. Each method takes a position after blanks and returns a value and the next such position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.count = 0

    def value(self, position: int, bare: Callable[[str, int], re.Match[str] | None] = _bare) -> tuple[Any, int]:
        self.count += 1
        if self.count > MAX_VALUES:
            raise too_many_values()
        opening = self.text[position : position + 1]
        if opening == "{":
            return self._nested(position, self._entries, "}")
        if opening == "[":
            return self._nested(position, self.items, "]")
        if opening == '"':
            return self._quoted(position)
        found = bare(self.text, position)
        value = found[0].rstrip(" \t\r\n") if found else ""
        return value or None, found.end() if found else position

    def items(self, position: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while True:
            item, position = self.value(position)
            items.append(item)
            if self.text[position : position + 1] != ",":
                return ([] if items == [None] else items), position
            position = _skip(self.text, position + 1)

    def _entries(self, position: int) -> tuple[dict[str, Any], int]:
        entries: dict[str, Any] = {}
        while self.text[position : position + 1] not in ("}", ""):
            key, position = self._key(position)
            if self.text[position : position + 1] != ":":
                raise MalformedJsv("a colon", position)
            entries[key], position = self.value(_skip(self.text, position + 1))
            if self.text[position : position + 1] != ",":
                break
            position = _skip(self.text, position + 1)
        return entries, position

    def _nested(self, position: int, read: Callable[[int], tuple[Any, int]], closing: str) -> tuple[Any, int]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise MalformedJsv(f"no more than {MAX_DEPTH} levels", position)
        value, position = read(_skip(self.text, position + 1))
        if self.text[position : position + 1] != closing:
            raise MalformedJsv(f"'{closing}'", position)
        self.depth -= 1
        return value, _skip(self.text, position + 1)

    def _key(self, position: int) -> tuple[str, int]:
        if self.text[position : position + 1] == '"':
            return self._quoted(position)
        found = _key(self.text, position)
        if found is None:
            raise MalformedJsv("a name", position)
        return found[0].rstrip(" \t\r\n"), found.end()

    def _quoted(self, position: int) -> tuple[str, int]:
        found = _quoted(self.text, position)
        if found is None:
            raise MalformedJsv("a closing quote", len(self.text))
        return found[1].replace('""', '"'), _skip(self.text, found.end())


__all__ = ["MalformedJsv", "parse_jsv", "parse_jsv_items"]
