"""HTML: page content that shows a response to a person. Never read.

| type | shown as |
|---|---|
| message | a definition list of the members that are not empty |
| list of messages | a table, see `_html_tables` |
| message or list in a table cell | a summary that expands to the whole value |
| other list | a list of the values |
| dictionary | a definition list of the entries |
| string | its text with line breaks |
| bool | `Yes` or `No` |
| numbers, enumeration | as in JSV |
| Guid | its text in a fixed-width font |
| DateTime | `14 November 2026, 22:13 UTC`, with the exact instant as its title |
| TimeSpan | `1 day 2 hours`, with the exact duration as its title |
| byte[] | its size, which expands to base64 |

Member names are shown as words, with the exact name as title. Everything is escaped.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final

from servicehost.contract.errors import UnsupportedMediaType
from servicehost.contract.folds import OncePerMessage
from servicehost.contract.types import (
    EnumOf,
    ListOf,
    MapOf,
    MemberModel,
    MessageModel,
    Nullable,
    Ref,
    Scalar,
    TypeNode,
    without_null,
)
from servicehost.formats import scalars
from servicehost.formats._html_tables import NOTHING, Column, Show, counted, is_empty, table
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style, Values
from servicehost.formats.instants import duration_text, instant_text

_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def compile_encoder(node: TypeNode, style: Style) -> Encoder:  # noqa: ARG001 - pages have one style
    """The encoder of a type."""
    show = _HtmlCompiler().whole(node)
    return lambda value: (NOTHING if value is None else show(value)).encode(errors="replace")


def compile_decoder(node: TypeNode, style: Style) -> Decoder:  # noqa: ARG001 - there is nothing to compile
    """A decoder that rejects every body."""
    return _refuse


def compile_reader(model: MessageModel, style: Style) -> Reader:  # noqa: ARG001 - there is nothing to compile
    """A reader that rejects every body."""
    return _refuse


def words(name: str) -> str:
    """A PascalCase name as words: `ContactId` becomes `Contact id`, `URLPath` `URL path`."""
    first, *others = _WORD_START.sub(" ", name).split(" ")
    return " ".join([first[:1].upper() + first[1:], *(other if other.isupper() else other.lower() for other in others)])


def date_words(instant: datetime) -> str:
    """The instant in UTC in words, to the minute, or to the second if the seconds are not zero."""
    at = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    seconds = f":{at.second:02}" if at.second else ""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at.hour:02}:{at.minute:02}{seconds} UTC"


def duration_words(duration: timedelta) -> str:
    """The duration in words, to the second."""
    length = abs(duration)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((length.days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    text = " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)
    return f"minus {text}" if text and duration < timedelta(0) else text or "0 seconds"


def _refuse(_body: bytes) -> Values:
    raise UnsupportedMediaType("HTML is not supported as a request body. Send a form or JSON.")


class _HtmlCompiler:
    """Compiles functions that show the values of a type, either in full or in a table cell."""

    def __init__(self) -> None:
        self._definitions = OncePerMessage(self._compile_definitions)
        self._table = OncePerMessage(self._compile_table)

    def whole(self, node: TypeNode) -> Show:
        """The function that shows values at page width."""
        match node:
            case Nullable(inner):
                return self.whole(inner)
            case Ref(model):
                return self._definitions(model)
            case ListOf(item):
                return self._list(item)
            case MapOf():
                return self._entries(node)
            case Scalar() | EnumOf():
                return _plain(node)

    def _cell(self, node: TypeNode) -> Show:
        match without_null(node):
            case Ref(model):
                return _folded(_label(model), self.whole(node))
            case ListOf(item) if isinstance(without_null(item), (Ref, ListOf, MapOf)):
                return _folded(counted("item"), self.whole(node))
            case MapOf():
                return _folded(counted("entry", "entries"), self.whole(node))
            case _:
                return self.whole(node)

    def _list(self, item: TypeNode) -> Show:
        inner = without_null(item)
        if isinstance(inner, Ref):
            return self._table(inner.model)
        show = self._cell(item)

        def show_list(values: Sequence[Any]) -> str:
            items = "".join([f"<li>{'' if value is None else show(value)}</li>" for value in values])
            return f'<ul class="values">{items}</ul>' if items else NOTHING

        return show_list

    def _entries(self, node: MapOf) -> Show:
        show_key, show_value = _plain(node.key), self._cell(node.value)

        def show_entries(entries: Mapping[Any, Any]) -> str:
            shown = [
                f"<div><dt>{show_key(key)}</dt><dd>{show_value(value)}</dd></div>"
                for key, value in entries.items()
                if value is not None
            ]
            return f"<dl>{''.join(shown)}</dl>" if shown else NOTHING

        return show_entries

    def _compile_definitions(self, model: MessageModel) -> Show:
        members = [(member.attribute, _term(member), self.whole(member.type)) for member in model.members]

        def show_message(message: Any) -> str:
            shown = [
                f"{term}<dd>{show(value)}</dd></div>"
                for attribute, term, show in members
                if not is_empty(value := getattr(message, attribute))
            ]
            return f"<dl>{''.join(shown)}</dl>" if shown else NOTHING

        return show_message

    def _compile_table(self, model: MessageModel) -> Show:
        columns = [self._column(member) for member in model.members]

        return lambda rows: table(columns, [row for row in rows if row is not None]) or NOTHING

    def _column(self, member: MemberModel) -> Column:
        return Column(
            member.attribute, words(member.name), member.name, self._cell(member.type), member.core is Scalar.GUID
        )


def _term(member: MemberModel) -> str:
    wide = isinstance(member.core, (ListOf, MapOf, Ref))
    kind = ' class="wide"' if wide else ""
    return f'<div{kind}><dt title="{escape(member.name)}">{escape(words(member.name))}</dt>'


def _folded(summary: Show, show: Show) -> Show:
    return lambda value: f"<details><summary>{summary(value)}</summary>{show(value)}</details>"


def _label(model: MessageModel) -> Show:
    """A function that labels a message: the first of its name members that is set, otherwise its type name."""
    texts = [member for member in model.members if member.core is Scalar.STRING]
    attributes = [member.attribute for member in sorted(texts, key=lambda member: not member.name.endswith("Name"))]
    kind = escape(words(model.name.removesuffix("Model")))

    def label(message: Any) -> str:
        return next((escape(text) for name in attributes if (text := getattr(message, name))), kind)

    return label


def _plain(node: TypeNode) -> Show:
    match without_null(node):
        case Scalar() as scalar:
            return _SCALARS[scalar]
        case EnumOf() as enumeration:
            names = {member: escape(enumeration.wire_name(member)) for member in enumeration.python}
            return names.__getitem__
        case _:
            return lambda value: escape(str(value))


def _instant(instant: datetime) -> str:
    exact = instant_text(instant)
    return f'<time datetime="{exact}" title="{exact}">{date_words(instant)}</time>'


def _duration(duration: timedelta) -> str:
    exact = duration_text(duration)
    return f'<time datetime="{exact}" title="{exact}">{duration_words(duration)}</time>'


def _bytes(content: bytes) -> str:
    return f"<details><summary>{len(content):,} bytes</summary><code>{scalars.bytes_text(content)}</code></details>"


_SCALARS: Final[Mapping[Scalar, Show]] = {
    **scalars.WRITERS,
    Scalar.STRING: escape,
    Scalar.BOOL: lambda value: "Yes" if value else "No",
    Scalar.GUID: lambda value: f"<code>{escape(value)}</code>",
    Scalar.DATETIME: _instant,
    Scalar.DURATION: _duration,
    Scalar.BYTES: _bytes,
}

FORMAT: Final = Format(
    name="html",
    page_name="html",
    content_type="text/html; charset=utf-8",
    sample_content_type="text/html",
    media_types=("text/html",),
    encoder=compile_encoder,
    decoder=compile_decoder,
    reader=compile_reader,
    documented=False,
    for_people=True,
)

__all__ = [
    "FORMAT",
    "compile_decoder",
    "compile_encoder",
    "compile_reader",
    "date_words",
    "duration_words",
    "words",
]
