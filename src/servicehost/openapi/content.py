"""Bodies by media type: what requests may be written in, and what answers come in.

| format | schema |
|---|---|
| JSON, XML, JSV, MessagePack | that of the message: they have its structure |
| CSV, JSON lines | in requests that of the message, which they understand as one object; in answers a text of rows |
| HTML and what else there is | a text |

Each format is listed by the media types that its answers have; other names of it are understood in requests too.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from servicehost.contract.types import MessageModel
from servicehost.formats.codec import Format
from servicehost.negotiation import Negotiator, media_type
from servicehost.openapi.schemas import Part
from servicehost.samples import sample_text

AS_JSON: Final = "AsJson"
"""Ends the names of bodies and responses at the paths that are made of an operation's name: these know JSON only."""

_STRUCTURED: Final = frozenset({"json", "xml", "jsv", "msgpack"})
"""Formats whose answers have the structure of the message."""

_WRITTEN_OUT: Final = frozenset({"xml", "jsv"})
"""Formats whose sample is a text of their own."""

_JSON: Final = "application/json"


class Content:
    """The media types of a host."""

    def __init__(self, formats: Sequence[Format], namespace: str) -> None:
        """Take the formats; `namespace` is the XML namespace of messages that declare none."""
        self._namespace = namespace
        self._types = list(dict.fromkeys(_answered(formats)))

    def json(self, schema: Part, example: object) -> Part:
        """A message in JSON."""
        return {_JSON: {"schema": schema, "example": example}}

    def request(self, schema: Part, example: object, model: MessageModel) -> Part:
        """A request in every format."""
        content = {media: {"schema": schema, **self._sample(name, model)} for media, name in self._types}
        return {**content, **self.json(schema, example)}

    def answer(self, schema: Part, example: object, model: MessageModel | None = None) -> Part:
        """An answer in every format, with samples of the message if it is given."""
        content = {
            media: {"schema": schema, **self._sample(name, model)} if name in _STRUCTURED else _text(media)
            for media, name in self._types
        }
        return {**content, **self.json(schema, example)}

    def _sample(self, format_name: str, model: MessageModel | None) -> Part:
        if model is None or format_name not in _WRITTEN_OUT:
            return {}
        return {"example": sample_text(model, format_name, self._namespace)}


def _text(media: str) -> Part:
    return {"schema": {"type": "string", "contentMediaType": media}}


def _answered(formats: Sequence[Format]) -> Iterator[tuple[str, str]]:
    """The media types that answers have, whatever a client may call them when it asks."""
    negotiator = Negotiator(formats)
    for format_ in formats:
        for media in format_.media_types:
            choice = negotiator.choose(accept=media)
            yield media_type(choice.content_type), choice.format.name


__all__ = ["AS_JSON", "Content"]
