"""The formats of a host, with codecs compiled once for each type. `negotiation` chooses among them.

To add a format, write a module with the same names as the others and add it to `WIRE_FORMATS`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from servicehost.contract.types import MessageModel, TypeNode
from servicehost.formats import csv, html, json, jsonl, jsv, msgpack, xml
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style

Given = TypeVar("Given")
Made = TypeVar("Made")

WIRE_FORMATS: Final[tuple[Format, ...]] = (
    json.FORMAT,
    xml.FORMAT,
    jsv.FORMAT,
    csv.FORMAT,
    jsonl.FORMAT,
    msgpack.FORMAT,
)
"""Formats that programs read and write, in the order of the pages. The first one is the default."""

HOST_FORMATS: Final[tuple[Format, ...]] = (*WIRE_FORMATS, html.FORMAT)
"""Formats that a host serves: the wire formats, and HTML for people."""


class Formats:
    """The formats of one host, in order. Codecs are compiled on first use and cached."""

    def __init__(self, formats: Sequence[Format] = WIRE_FORMATS) -> None:
        self._formats = tuple(formats)
        self._encoders: dict[tuple[str, TypeNode, Style], Encoder] = {}
        self._decoders: dict[tuple[str, TypeNode, Style], Decoder] = {}
        self._readers: dict[tuple[str, MessageModel, Style], Reader] = {}

    def __iter__(self) -> Iterator[Format]:
        return iter(self._formats)

    def encoder(self, format_: Format, node: TypeNode, style: Style) -> Encoder:
        """The encoder of a type."""
        key = (format_.name, node, style)
        if key not in self._encoders:
            self._encoders[key] = _lazy(lambda: format_.encoder(node, style))
        return self._encoders[key]

    def decoder(self, format_: Format, node: TypeNode, style: Style) -> Decoder:
        """The decoder of a type."""
        key = (format_.name, node, style)
        if key not in self._decoders:
            self._decoders[key] = _lazy(lambda: format_.decoder(node, style))
        return self._decoders[key]

    def reader(self, format_: Format, model: MessageModel, style: Style) -> Reader:
        """The reader of the bodies of a request."""
        key = (format_.name, model, style)
        if key not in self._readers:
            self._readers[key] = _lazy(lambda: format_.reader(model, style))
        return self._readers[key]


def _lazy(compile_codec: Callable[[], Callable[[Given], Made]]) -> Callable[[Given], Made]:
    """The codec, compiled on first use: most operations are never called in most formats."""
    compiled: list[Callable[[Given], Made]] = []

    def run(given: Given) -> Made:
        if not compiled:
            compiled.append(compile_codec())
        return compiled[0](given)

    return run


__all__ = ["HOST_FORMATS", "WIRE_FORMATS", "Formats"]
