"""CSV for spreadsheets, selected by `?flat=true`: nested messages get a column for each member.

Rows are those of `csv`. Columns of nested messages are named by their path, `Contact.ContactFullName`.

| type | written as |
|---|---|
| scalars, enumerations | as in `csv`; texts that a spreadsheet would evaluate are guarded in the same way |
| message | its own columns, all empty for null |
| list of scalars | one cell with items joined by `; ` |
| other list, dictionary, recursive message | JSV in one cell |

With `?bom=true` the response starts with a byte order mark, by which spreadsheets recognise UTF-8.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from servicehost.contract.types import EnumOf, ListOf, MemberModel, MessageModel, Ref, Scalar, TypeNode, without_null
from servicehost.formats._rows import rows_of, status_attribute
from servicehost.formats.codec import Encoder, Style
from servicehost.formats.csv import END, cell_writer, text_cell

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
BETWEEN_ITEMS: Final = "; "

_STYLE: Final = Style("")
_YES: Final = ("true", "1")


@dataclass(frozen=True)
class FlatCsv:
    """Options of the flat form of CSV from the query: with or without a byte order mark."""

    bom: bool = False


@dataclass(frozen=True)
class _FlatColumn:
    """A column: its name, and a function from a row to the cell."""

    name: str
    cell: Callable[[Any], str]


def parse_flat(flat: str, bom: str) -> FlatCsv | None:
    """The options in the values of `?flat=` and `?bom=`; None if the flat form is not requested."""
    return FlatCsv(bom.lower() in _YES) if flat.lower() in _YES else None


def compile_encoder(node: TypeNode, options: FlatCsv) -> Encoder:
    """The encoder of a type in the flat form."""
    write, start = _writer(node), BYTE_ORDER_MARK if options.bom else ""
    return lambda value: (start + write(value)).encode(errors="replace")


def _writer(node: TypeNode) -> Callable[[Any], str]:
    match without_null(node):
        case Ref(model):
            return _message_writer(model)
        case ListOf(Ref(item)):
            return _table_writer(item)
        case other:
            cell = _cell(other)
            return lambda value: cell(value) + END


def _message_writer(model: MessageModel) -> Callable[[Any], str]:
    rows, status = rows_of(model), status_attribute(model)
    one_row = _table_writer(model)
    if rows is None:
        return lambda message: one_row([message])
    table, rows_in = _table_writer(rows.item), attrgetter(rows.member.attribute)
    failed = attrgetter(status) if status else lambda _: None
    return lambda message: table(rows_in(message) or ()) if failed(message) is None else one_row([message])


def _table_writer(model: MessageModel) -> Callable[[Any], str]:
    columns = list(_columns(model, (model,)))
    header = ",".join(text_cell(column.name) for column in columns) + END
    cells = [column.cell for column in columns]
    return lambda rows: header + "".join([",".join([cell(row) for cell in cells]) + END for row in rows])


def _columns(model: MessageModel, around: tuple[MessageModel, ...]) -> Iterator[_FlatColumn]:
    for member in model.members:
        match member.core:
            case Ref(inner) if inner not in around:
                for column in _columns(inner, (*around, inner)):
                    yield _FlatColumn(f"{member.name}.{column.name}", _through(member, column.cell))
            case core:
                yield _FlatColumn(member.name, _through(member, _cell(core)))


def _through(member: MemberModel, cell: Callable[[Any], str]) -> Callable[[Any], str]:
    """The cell of a nested value; empty if a message on its path is null."""
    value_in = attrgetter(member.attribute)

    def through(row: Any) -> str:
        value = value_in(row)
        return "" if value is None else cell(value)

    return through


def _cell(node: TypeNode) -> Callable[[Any], str]:
    match node:
        case ListOf(item) if isinstance(core := without_null(item), (Scalar, EnumOf)):
            plain = _plain_text(core)
            return lambda items: text_cell(BETWEEN_ITEMS.join(["" if item is None else plain(item) for item in items]))
        case _:
            return cell_writer(node, _STYLE)


def _plain_text(node: Scalar | EnumOf) -> Callable[[Any], str]:
    """The text of an item. Items are quoted and guarded together, not one by one."""
    return str if node is Scalar.STRING else cell_writer(node, _STYLE)


__all__ = ["BETWEEN_ITEMS", "BYTE_ORDER_MARK", "CONTENT_TYPE", "FlatCsv", "compile_encoder", "parse_flat"]
