"""Bodies by media type: formats of requests and of responses.

| format | schema |
|---|---|
| JSON, XML, JSV, MessagePack | that of the message, because they have its structure |
| CSV, JSON lines | in requests that of the message, accepted as one object; in responses a text of rows |
| HTML and others | a text, in responses only |

Examples are the JSON examples converted to each format, exactly as the host writes and reads them. Each format is listed
under the media types of its responses; requests may also use its other names.
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
"""Content of a response of the server itself, which does not negotiate formats."""

AS_JSON: Final = "AsJson"
"""Suffix for bodies and responses at paths made of an operation's name, which are JSON only."""

_JSON: Final = "application/json"

_STRUCTURED: Final = frozenset({"json", "xml", "jsv", "msgpack"})
"""Formats whose responses have the structure of the message."""

_ROWS: Final = frozenset({"csv", "jsonl"})
"""Formats that write the rows of a list and omit the message around it."""

_TEXTS: Final = frozenset({"xml", "jsv"}) | _ROWS
"""Formats whose example is a text."""


class Content:
    """The media types of a host."""

    def __init__(self, formats: Sequence[Format], namespace: str) -> None:
        """Take the formats; `namespace` is the XML namespace of messages that do not declare one."""
        self._formats = tuple(formats)
        self._style = Style(namespace)
        self._types = list(dict.fromkeys(_answered(formats)))

    def json(self, schema: Part, example: Example) -> Part:
        """Return a message in JSON."""
        return {_JSON: {"schema": schema, "example": example}}

    def request(self, schema: Part, example: Example, model: MessageModel) -> Part:
        """Return a request in every format that can be read. Row formats are shown with one JSON object, which they accept."""
        shown = self._shown(example, model)
        shown.update((name, {"example": msgspec.json.encode(example).decode()}) for name in _ROWS)
        content: Part = {
            media: {"schema": schema, **shown.get(each.name, {})} for media, each in self._types if not each.for_people
        }
        return {**content, **self.json(schema, example)}

    def answer(self, schema: Part, example: Example, model: MessageModel | None = None) -> Part:
        """Return a response in every format; with examples in all of them if the message is given."""
        shown = self._shown(example, model) if model else {}
        content: Part = {
            media: {"schema": schema if each.name in _STRUCTURED else _text(media), **shown.get(each.name, {})}
            for media, each in self._types
        }
        return {**content, **self.json(schema, example)}

    def _shown(self, example: Example, model: MessageModel) -> dict[str, Part]:
        """Return the example as each format writes it."""
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
    """Return the media types of responses; requests may use other names of the format too."""
    negotiator = Negotiator(formats)
    for format_ in formats:
        for media in format_.media_types:
            choice = negotiator.choose(accept=media)
            yield media_type(choice.content_type), choice.format


__all__ = ["AS_JSON", "PLAIN_TEXT", "Content"]
