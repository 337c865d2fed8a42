"""Bodies by media type: what requests may be written in, and what answers come in.

| format | schema |
|---|---|
| JSON, XML, JSV, MessagePack | that of the message: they have its structure |
| CSV, JSON lines | in requests that of the message, which they understand as one object; in answers a text of rows |
| HTML and what else there is | a text, which is answered and never read |

Examples are those of JSON as the other formats write them, so that they are what the host really answers and reads.
Each format is listed by the media types that its answers have; other names of it are understood in requests too.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from servicehost.contract.types import MessageModel, Ref
from servicehost.formats import json
from servicehost.formats.codec import Format, Style
from servicehost.negotiation import Negotiator, media_type
from servicehost.openapi.examples import Example
from servicehost.openapi.schemas import Part

PLAIN_TEXT: Final[Part] = {"text/plain": {"schema": {"type": "string"}}}
"""The content of an answer of the server itself, which knows nothing of formats."""

AS_JSON: Final = "AsJson"
"""Ends the names of bodies and responses at the paths that are made of an operation's name: these know JSON only."""

_JSON: Final = "application/json"

_STRUCTURED: Final = frozenset({"json", "xml", "jsv", "msgpack"})
"""Formats whose answers have the structure of the message."""

_ROWS: Final = frozenset({"csv", "jsonl"})
"""Formats that write the rows of a list, and leave out what stands around it."""

_TEXTS: Final = frozenset({"xml", "jsv"}) | _ROWS
"""Formats whose example is a text."""


class Content:
    """The media types of a host."""

    def __init__(self, formats: Sequence[Format], namespace: str) -> None:
        """Take the formats; `namespace` is the XML namespace of messages that declare none."""
        self._formats = tuple(formats)
        self._style = Style(namespace)
        self._types = list(dict.fromkeys(_answered(formats)))

    def json(self, schema: Part, example: Example) -> Part:
        """A message in JSON."""
        return {_JSON: {"schema": schema, "example": example}}

    def request(self, schema: Part, example: Example, model: MessageModel) -> Part:
        """A request in every format that is read. Those that are for rows understand one object in JSON too, and that is shown."""
        shown = self._shown(example, model)
        shown.update((name, {"example": msgspec.json.encode(example).decode()}) for name in _ROWS)
        content: Part = {
            media: {"schema": schema, **shown.get(each.name, {})} for media, each in self._types if not each.for_people
        }
        return {**content, **self.json(schema, example)}

    def answer(self, schema: Part, example: Example, model: MessageModel | None = None) -> Part:
        """An answer in every format; with examples in all of them if the message is given."""
        shown = self._shown(example, model) if model else {}
        content: Part = {
            media: {"schema": schema if each.name in _STRUCTURED else _text(media), **shown.get(each.name, {})}
            for media, each in self._types
        }
        return {**content, **self.json(schema, example)}

    def _shown(self, example: Example, model: MessageModel) -> dict[str, Part]:
        """The example as each format writes it."""
        node = Ref(model)
        message = json.compile_decoder(node, self._style)(msgspec.json.encode(example))
        return {
            each.name: {"example": each.encoder(node, self._style)(message).decode()}
            for each in self._formats
            if each.name in _TEXTS
        }


def _text(media: str) -> Part:
    return {"type": "string", "contentMediaType": media}


def _answered(formats: Sequence[Format]) -> Iterator[tuple[str, Format]]:
    """The media types that answers have, whatever a client may call them when it asks."""
    negotiator = Negotiator(formats)
    for format_ in formats:
        for media in format_.media_types:
            choice = negotiator.choose(accept=media)
            yield media_type(choice.content_type), choice.format


__all__ = ["AS_JSON", "PLAIN_TEXT", "Content"]
