"""CSV: a header and rows, each ending in CRLF.

The rows of a response are its first list of messages; its other members are omitted. An error is a header
`ResponseStatus` and one row. A message without such a list is one row, so an empty success is a header and an empty
row. A list of scalars is one row without a header. Columns are in JSON member order, named as declared.

| type | written as |
|---|---|
| string | its text, `""` if empty; texts that a spreadsheet would evaluate are described below |
| Nullable | the value; empty for null |
| bool | `True` or `False` |
| numbers, Guid, DateTime, TimeSpan, byte[], enumeration | as in JSV |
| message, list, dictionary | JSV in one cell |

Cells are quoted if they contain a quote, comma or line break, or start with `[` or `{`.

A string that a spreadsheet would evaluate as a formula is written with an apostrophe in front, because users control
names and other users open downloads. This applies to strings that start with `=`, `@`, a tab or a line break, and to
those that start with `+` or `-` unless only digits and phone number punctuation follow (`+61 400 000 000` stays
unchanged). A text that already has apostrophes before such a start gets one more. Reading removes one, so every text
survives a round trip.

Reading matches the header to members in any casing. A body that starts with `{` is read as JSON.
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from servicehost.contract.errors import MalformedBody
from servicehost.contract.types import EnumOf, ListOf, MessageModel, Ref, Scalar, TypeNode, without_null
from servicehost.formats import json
from servicehost.formats._csv_tree import MAX_CELLS, Record, parse_csv
from servicehost.formats._jsv_tree import MalformedJsv, parse_jsv
from servicehost.formats._rows import Rows, rows_of, status_attribute
from servicehost.formats._writer import Part, Shortcut, Write, compile_writer
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style, Values
from servicehost.formats.jsv import SCALARS, compile_text_writer, inline
from servicehost.formats.lenient import compile_members_reader, compile_value_reader

END: Final = "\r\n"
"""End of each row."""

_CAREFUL_STARTS: Final = frozenset("'=@+-\t\r\n[{")
_special = re.compile(r'[",\r\n]').search
_formula = re.compile(r"'*(?:[=@\t\r\n]|[+-](?![0-9 ().\-/]*\Z))").match


def compile_encoder(node: TypeNode, style: Style) -> Encoder:
    """The encoder of a type."""
    write = _writer(node, style)
    return lambda value: write(value).encode(errors="replace")


def compile_decoder(node: TypeNode, _style: Style) -> Decoder:
    """The decoder of complete values of a type; members that CSV omits get their defaults."""
    shape, read = _shape(node), compile_value_reader(node)
    most = node.most if isinstance(node, ListOf) else None
    return lambda body: read(shape(parse_csv(body, rows=most)))


def compile_reader(model: MessageModel, style: Style) -> Reader:
    """The reader of request bodies: rows of the first list of messages, one row of members, or a JSON object."""
    shape, read = _message_shape(model, undecided=True), compile_members_reader(model)
    read_json = json.compile_reader(model, style)

    def read_body(body: bytes) -> Values:
        if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
            return read_json(body)
        return read(shape(parse_csv(body, cells=MAX_CELLS)))

    return read_body


def guard(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would evaluate it."""
    return f"'{text}" if _formula(text) else text


def unguard(text: str) -> str:
    """The original of a text that `guard` returned."""
    return text[1:] if text[:1] == "'" and _formula(text[1:]) else text


def _writer(node: TypeNode, style: Style) -> Write:
    match without_null(node):
        case Ref(model):
            return _message_writer(model, style)
        case ListOf(Ref(item)):
            return _table_writer(item, style)
        case ListOf(item):
            write_item = cell_writer(item, style)
            return lambda items: ",".join(["" if item is None else write_item(item) for item in items]) + END
        case other:
            write = cell_writer(other, style)
            return lambda value: ("" if value is None else write(value)) + END


def _message_writer(model: MessageModel, style: Style) -> Write:
    status, rows = status_attribute(model), rows_of(model)
    write = _one_row_writer(model, style) if rows is None else _rows_writer(rows, style)
    return write if status is None else _or_error(write, status, model, style)


def _one_row_writer(model: MessageModel, style: Style) -> Write:
    write = _table_writer(model, style)
    return lambda message: write([message])


def _rows_writer(rows: Rows, style: Style) -> Write:
    write = _table_writer(rows.item, style)
    rows_in = attrgetter(rows.member.attribute)
    return lambda message: write(rows_in(message) or ())


def _or_error(write: Write, status: str, model: MessageModel, style: Style) -> Write:
    member = next(member for member in model.members if member.attribute == status)
    write_status = cell_writer(member.core, style)

    def write_message(message: Any) -> str:
        error = getattr(message, status)
        return write(message) if error is None else f"{member.name}{END}{write_status(error)}{END}"

    return write_message


def _table_writer(model: MessageModel, style: Style) -> Write:
    header = ",".join(member.name for member in model.members) + END
    parts = [
        Part(
            attribute=member.attribute,
            before="," if position else "",
            after="",
            write=inline(cell_writer(member.core, style)),
            null="," if position else "",
        )
        for position, member in enumerate(model.members)
    ]
    write_row = compile_writer(model.name, parts, _CELLS, end=END)
    return lambda rows: header + "".join([write_row(row) for row in rows])


def cell_writer(node: TypeNode, style: Style) -> Write:
    """The writer of one cell: makes the quoted and guarded text of a value other than null."""
    match without_null(node):
        case Scalar.STRING:
            return text_cell
        case Scalar() as scalar:
            return SCALARS[scalar]
        case EnumOf() as enumeration:
            names: dict[Enum, str] = {member: text_cell(enumeration.wire_name(member)) for member in enumeration.python}
            return names.__getitem__
        case other:
            write = compile_text_writer(other, style)
            return lambda value: _quoted(write(value))


def text_cell(text: str) -> str:
    """A text as a cell, quoted and guarded."""
    if text and text[0] not in _CAREFUL_STARTS and _special(text) is None:
        return text
    guarded = guard(text)
    return guarded if guarded and guarded[0] not in "[{" and _special(guarded) is None else _quoted(guarded)


_CELLS: Final = Shortcut(
    text_cell,
    "value and special(value) is None and value[0] not in careful",
    {"special": _special, "careful": _CAREFUL_STARTS},
)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


_Shape = Callable[[Sequence[Record]], Any]
"""Converts records to the raw tree of a type."""


def _shape(node: TypeNode) -> _Shape:
    match without_null(node):
        case Ref(model):
            return _message_shape(model, undecided=False)
        case ListOf(Ref(item)):
            return _table_shape(item)
        case ListOf(item):
            shape_item = _cell_shape(item)
            return lambda records: [shape_item(cell) for cell in records[0]] if records else None
        case other:
            shape_value = _cell_shape(other)
            return lambda records: shape_value(records[0][0]) if records else None


def _message_shape(model: MessageModel, *, undecided: bool) -> _Shape:
    rows = rows_of(model)
    whole = _one_row_shape(model)
    return whole if rows is None else _rows_shape(rows, whole, undecided=undecided)


def _rows_shape(rows: Rows, whole: _Shape, *, undecided: bool) -> _Shape:
    table, name = _table_shape(rows.item), rows.member.name

    def shape(records: Sequence[Record]) -> Any:
        if not records:
            return None
        names = [cell for cell in records[0] if cell]
        return whole(records) if rows.names_message(names, undecided=undecided) else {name: table(records)}

    return shape


def _one_row_shape(model: MessageModel) -> _Shape:
    table = _table_shape(model)

    def shape(records: Sequence[Record]) -> Any:
        rows = table(records)
        if len(rows) > 1:
            raise MalformedBody(f"The body has {len(rows)} rows, and {model.name} takes one. Send one at a time.")
        return rows[0] if rows else None

    return shape


def _table_shape(model: MessageModel) -> _Shape:
    cells = {member.name.lower(): _cell_shape(member.type) for member in model.members}

    def shape(records: Sequence[Record]) -> Any:
        header = [(name or "", cells.get((name or "").lower())) for name in records[0]] if records else []
        rows = [row for row in records[1:] if row != [None] or len(header) == 1]
        longest = max((len(row) for row in rows), default=0)
        if longest > len(header):
            raise MalformedBody(f"The body has a row of {longest} cells under a header of {len(header)}.")
        return [
            {name: read(cell) for (name, read), cell in zip(header, row, strict=False) if read is not None}
            for row in rows
        ]

    return shape


def _cell_shape(node: TypeNode) -> Callable[[str | None], Any]:
    match without_null(node):
        case Scalar.STRING:
            return lambda cell: cell and unguard(cell)
        case Scalar() | EnumOf():
            return _same
        case _:
            return _jsv_cell


def _same(cell: str | None) -> str | None:
    return cell


def _jsv_cell(cell: str | None) -> Any:
    """The raw tree of a cell. Invalid JSV stays a text, which is later reported with the name of its member."""
    try:
        return cell and parse_jsv(cell)
    except MalformedJsv:
        return cell


FORMAT: Final = Format(
    name="csv",
    page_name="csv",
    content_type="text/csv",
    sample_content_type="text/csv",
    media_types=("text/csv", "application/csv"),
    encoder=compile_encoder,
    decoder=compile_decoder,
    reader=compile_reader,
    download=True,
    page_query="&flat=true&bom=true",
)

__all__ = [
    "END",
    "FORMAT",
    "cell_writer",
    "compile_decoder",
    "compile_encoder",
    "compile_reader",
    "guard",
    "text_cell",
    "unguard",
]
