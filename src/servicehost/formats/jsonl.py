"""JSON lines: one JSON object on each line, in the form of `json`.

The lines of a response are its first list of messages, each ending in a line feed; its other members are omitted. An
error is one line with the status. A message without such a list is one object without a line feed, so an empty success
is `{}`. A list of any type has one line for each item. Pages call the format `other`.

Reading: several objects are the items of the first list of messages; a single object is the message itself if its names
say so. If the names fit both, it is the message in a request and a row in a response.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from servicehost.contract.errors import MalformedBody
from servicehost.contract.types import ListOf, MessageModel, Ref, TypeNode, without_null
from servicehost.formats import json
from servicehost.formats._json_tree import parse_json
from servicehost.formats._plain import compile_plain
from servicehost.formats._rows import Rows, rows_of, status_attribute
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style
from servicehost.formats.lenient import compile_members_reader, compile_value_reader
from servicehost.formats.problems import too_many_items

MAX_LINES: Final = 10_000
"""Maximum lines of a request body, more than any list in a request may have items."""


def compile_encoder(node: TypeNode, style: Style) -> Encoder:
    """The encoder of a type."""
    match without_null(node):
        case Ref(model):
            return _message_encoder(model, style)
        case ListOf(item):
            return _lines_encoder(item, style)
        case _:
            return json.compile_encoder(node, style)


def compile_decoder(node: TypeNode, _style: Style) -> Decoder:
    """The decoder of complete values of a type; members that JSON lines omit get their defaults."""
    shape, read = _shape(node), compile_value_reader(node)
    most = node.most if isinstance(node, ListOf) else None
    return lambda body: read(shape(_parse_lines(body, most)))


def compile_reader(model: MessageModel, _style: Style) -> Reader:
    """The reader of request bodies: one object, or several for the first list of messages."""
    shape, read = _message_shape(model, undecided=True), compile_members_reader(model)
    return lambda body: read(shape(_parse_lines(body, MAX_LINES)))


def _lines_encoder(item: TypeNode, style: Style) -> Encoder:
    plain = compile_plain(item, style)
    encode_lines = json.encoder.encode_lines
    return encode_lines if plain is None else lambda items: encode_lines([plain(item) for item in items])


def _message_encoder(model: MessageModel, style: Style) -> Encoder:
    encode = json.compile_encoder(Ref(model), style)
    rows, status = rows_of(model), status_attribute(model)
    if rows is None:
        return encode
    encode_lines = _lines_encoder(Ref(rows.item), style)
    attribute = rows.member.attribute

    def encode_rows(message: Any) -> bytes:
        if status is not None and getattr(message, status) is not None:
            return encode(message)
        return encode_lines(getattr(message, attribute) or ())

    return encode_rows


def _parse_lines(body: bytes, most: int | None) -> list[Any]:
    """The value of each line. A body that is a single value may contain line breaks.

    Raises:
        PayloadTooLarge: the body has more than `most` lines.
    """
    try:
        whole = parse_json(body)
    except MalformedBody:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        if most is not None and len(lines) > most:
            raise too_many_items(most) from None
        return [parse_json(line) for line in lines]
    return [] if whole is None else [whole]


_Shape = Callable[[Sequence[Any]], Any]
"""Converts the values of the lines to the raw tree of a type."""


def _shape(node: TypeNode) -> _Shape:
    match without_null(node):
        case Ref(model):
            return _message_shape(model, undecided=False)
        case ListOf():
            return list
        case _:
            return _only


def _message_shape(model: MessageModel, *, undecided: bool) -> _Shape:
    rows = rows_of(model)
    return _only if rows is None else _rows_shape(rows, undecided=undecided)


def _rows_shape(rows: Rows, *, undecided: bool) -> _Shape:
    def shape(lines: Sequence[Any]) -> Any:
        if not lines:
            return None
        one = lines[0] if len(lines) == 1 else None
        if isinstance(one, dict) and rows.names_message(one, undecided=undecided):
            return one
        return {rows.member.name: list(lines)}

    return shape


def _only(lines: Sequence[Any]) -> Any:
    if len(lines) > 1:
        raise MalformedBody(f"The body has {len(lines)} lines. Send one object in each request.")
    return lines[0] if lines else None


FORMAT: Final = Format(
    name="jsonl",
    page_name="other",
    content_type="text/jsonl",
    sample_content_type="text/jsonl",
    media_types=("text/jsonl", "application/jsonl", "application/x-jsonlines", "application/x-ndjson"),
    encoder=compile_encoder,
    decoder=compile_decoder,
    reader=compile_reader,
)

__all__ = ["FORMAT", "compile_decoder", "compile_encoder", "compile_reader"]
