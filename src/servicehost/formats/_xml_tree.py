"""Parses XML into a tree of elements. DOCTYPE and entities are refused, so nothing beyond the body is read."""

from typing import NoReturn
from xml.parsers import expat

import msgspec

from servicehost.contract.errors import MalformedBody
from servicehost.formats.lenient import MAX_DEPTH
from servicehost.formats.sizes import MAX_VALUES, too_many_values


class Element(msgspec.Struct):
    """An element: its name without prefix, its `i:nil` flag, its children and its text."""

    name: str
    nil: bool = False
    children: list["Element"] = msgspec.field(default_factory=list)
    texts: list[str] = msgspec.field(default_factory=list)

    @property
    def text(self) -> str:
        """The character data of the element without that of its children."""
        return "".join(self.texts)


def parse_xml(body: bytes) -> Element | None:
    """The root element of a body in UTF-8, or in UTF-16 with a byte order mark; None for an empty body.

    Raises:
        MalformedBody: the body is not XML, has a DOCTYPE, or nests deeper than `MAX_DEPTH`.
        PayloadTooLarge: the body has more than `MAX_VALUES` elements and attributes.
    """
    if not body.strip():
        return None
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        raise MalformedBody(f"The body is not valid XML (line {error.lineno}, column {error.offset + 1}).") from error
    return builder.root


class _Builder:
    """Builds the tree from expat's events."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) == MAX_DEPTH:
            raise MalformedBody(f"The body nests deeper than {MAX_DEPTH} levels. Send fewer nested levels.")
        self._count += 1 + len(attributes)
        if self._count > MAX_VALUES:
            raise too_many_values()
        nil = bool(attributes) and any(
            _local(key) == "nil" and value.strip() in ("true", "1") for key, value in attributes.items()
        )
        element = Element(_local(name), nil)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].texts.append(text)


def _local(name: str) -> str:
    """The name without its prefix. Clients choose prefixes freely, and some do not declare them."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_declaration: object) -> NoReturn:
    raise MalformedBody("The body has a DOCTYPE, which is not supported. Send the XML without it.")


__all__ = ["Element", "parse_xml"]
