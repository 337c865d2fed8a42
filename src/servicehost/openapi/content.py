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

from servicehost.binding.forms import URLENCODED
from servicehost.contract.types import MessageModel
from servicehost.formats.codec import Format
from servicehost.negotiation import Negotiator, media_type
from servicehost.openapi.schemas import Part
from servicehost.samples import sample_text

_STRUCTURED: Final = frozenset({"json", "xml", "jsv", "msgpack"})
"""Formats whose answers have the structure of the message."""

_WRITTEN_OUT: Final = frozenset({"xml", "jsv"})
"""Formats whose sample is a text of their own."""

_JSON: Final = "json"


class Content:
    """The media types of a host."""

    def __init__(self, formats: Sequence[Format], namespace: str) -> None:
        """Take the formats; `namespace` is the XML namespace of messages that declare none."""
        self._namespace = namespace
        self._types = list(dict.fromkeys(_answered(formats)))

    def request(self, schema: Part, form: Part, model: MessageModel, example: object) -> Part:
        """What a request may be written in: every format, or a form by its own schema.

        That a form may be multipart too is left out: generators take two kinds of form for two ways to send the same
        body, and would send it in both at once.
        """
        content: Part = {media: self._example(name, schema, model, example) for media, name in self._types}
        return {**content, URLENCODED: {"schema": form}}

    def answer(
        self, schema: Part, example: object, *, model: MessageModel | None = None, json_schema: Part | None = None
    ) -> Part:
        """What an answer comes in.

        Args:
            schema: of the message.
            example: in JSON.
            model: the message, to be shown in other formats too.
            json_schema: of the message in JSON where that has names of its own.
        """
        return {
            media: self._example(name, json_schema or schema if name == _JSON else schema, model, example)
            if name in _STRUCTURED
            else {"schema": {"type": "string", "contentMediaType": media}}
            for media, name in self._types
        }

    def _example(self, format_name: str, schema: Part, model: MessageModel | None, example: object) -> Part:
        if format_name == _JSON:
            return {"schema": schema, "example": example}
        if model is not None and format_name in _WRITTEN_OUT:
            return {"schema": schema, "example": sample_text(model, format_name, self._namespace)}
        return {"schema": schema}


def _answered(formats: Sequence[Format]) -> Iterator[tuple[str, str]]:
    """The media types that answers have, whatever a client may call them when it asks."""
    negotiator = Negotiator(formats)
    for format_ in formats:
        for media in format_.media_types:
            choice = negotiator.choose(accept=media)
            yield media_type(choice.content_type), choice.format.name


__all__ = ["Content"]
