"""JSV: ServiceStack's compact text format, `{Name:Acme,Tags:[a,"b,c"]}`, without blanks.

| type | written as |
|---|---|
| message | `{Name:value,...}`; its own members, then inherited ones; null members are omitted |
| Nullable | the value; empty as a list item |
| list | `[value,value]` |
| dictionary | `{key:value}`; null values are omitted |
| string | its text; in quotes, with quotes doubled, if it is empty, contains any of `" : , { } [ ] CR LF`, or starts or ends with a blank |
| bool | `True` or `False` |
| numbers, Guid | digits; a Guid in lower case with dashes |
| DateTime | `2026-11-14T22:13:20Z`, with as many fractional digits as needed |
| TimeSpan | `P1DT2H` |
| byte[] | base64 |
| enumeration | its wire name |

With `Style.camel_case`, member names are in camelCase. Reading accepts names in any casing, blanks and line breaks
between tokens, and all other forms that `lenient` lists. One value cannot be represented: a list of a single null is
written like an empty list.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

from servicehost.contract.errors import MalformedBody
from servicehost.contract.folds import Compiler
from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Scalar, TypeNode
from servicehost.formats import scalars
from servicehost.formats._jsv_tree import MalformedJsv, parse_jsv
from servicehost.formats._plain import camel_case
from servicehost.formats._writer import Part, Shortcut, Write, compile_writer
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style
from servicehost.formats.lenient import compile_members_reader, compile_value_reader

_special = re.compile(r'[":,{}\[\]\r\n]').search


def compile_encoder(node: TypeNode, style: Style) -> Encoder:
    """The encoder of a type."""
    write = compile_text_writer(node, style)
    return lambda value: write(value).encode(errors="replace")


def compile_decoder(node: TypeNode, _style: Style) -> Decoder:
    """The decoder of complete values of a type."""
    read = compile_value_reader(node)
    return lambda body: read(_tree(body))


def compile_reader(model: MessageModel, _style: Style) -> Reader:
    """The reader of request bodies."""
    read = compile_members_reader(model)
    return lambda body: read(_tree(body))


def compile_text_writer(node: TypeNode, style: Style) -> Write:
    """The writer of a type's JSV; null becomes an empty text."""
    return _or_nothing(_JsvCompiler(style)(node))


def quote(text: str) -> str:
    """The text in JSV form, in quotes if it needs them."""
    if text and _special(text) is None and text.strip() == text:
        return text
    return '"' + text.replace('"', '""') + '"'


_QUOTED: Final = Shortcut(quote, "value and special(value) is None and value.strip() is value", {"special": _special})
"""A text without special characters and without blanks at its ends needs no quotes: `strip` returns it unchanged."""


def _tree(body: bytes) -> Any:
    try:
        return parse_jsv(body.decode("utf-8-sig"))
    except MalformedJsv as error:
        raise MalformedBody(f"The body is not valid JSV: {error}.") from error
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is not UTF-8. Send JSV in UTF-8.") from error


class _JsvCompiler(Compiler[[Any], str]):
    """Compiles the writers of types in one style."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style

    def scalar(self, node: Scalar, /) -> Write:
        """The plain text, in quotes if it needs them."""
        return SCALARS[node]

    def enumeration(self, node: EnumOf, /) -> Write:
        """The wire name."""
        names: dict[Enum, str] = {member: quote(node.wire_name(member)) for member in node.python}
        return names.__getitem__

    def nullable(self, inner: Write, /) -> Write:
        """An empty text for null."""
        return _or_nothing(inner)

    def list_of(self, _node: ListOf, item: Write, /) -> Write:
        """The items in brackets."""
        return lambda items: f"[{','.join([item(value) for value in items])}]"

    def map_of(self, node: MapOf, key: Write, value: Write, /) -> Write:
        """The entries, without null ones, in braces."""
        is_quoted = node.key is Scalar.STRING or isinstance(node.key, EnumOf)
        write_key: Write = key if is_quoted else lambda name: quote(key(name))

        def write(entries: Mapping[Any, Any]) -> str:
            written = [f"{write_key(name)}:{value(given)}" for name, given in entries.items() if given is not None]
            return f"{{{','.join(written)}}}"

        return write

    def message(self, model: MessageModel, /) -> Write:
        """The members, without null ones, in braces."""
        parts = [
            Part(
                attribute=member.attribute,
                before=f"{camel_case(member.name) if self._style.camel_case else member.name}:",
                after=",",
                write=inline(self(member.core)),
                null="" if member.nullable or member.core is Scalar.DATETIME else None,
            )
            for member in model.members
        ]
        write_members = compile_writer(model.name, parts, _QUOTED)
        return lambda message: f"{{{write_members(message)[:-1]}}}"


def _or_nothing(write: Write) -> Write:
    return lambda value: "" if value is None else write(value)


def inline(write: Write) -> Write | None:
    """The writer for a `Part`: None for values that `str` converts."""
    return None if write is str else write


def _bool_text(value: bool) -> str:
    return "True" if value else "False"


SCALARS: Final[Mapping[Scalar, Callable[[Any], str]]] = {
    **scalars.WRITERS,
    Scalar.STRING: quote,
    Scalar.BOOL: _bool_text,
    Scalar.BYTES: lambda content: scalars.bytes_text(content) or '""',
}
"""The writers of scalars in JSV."""

FORMAT: Final = Format(
    name="jsv",
    page_name="jsv",
    content_type="application/jsv",
    sample_content_type="text/jsv",
    media_types=("application/jsv", "text/jsv"),
    encoder=compile_encoder,
    decoder=compile_decoder,
    reader=compile_reader,
)

__all__ = [
    "FORMAT",
    "SCALARS",
    "compile_decoder",
    "compile_encoder",
    "compile_reader",
    "compile_text_writer",
    "inline",
    "quote",
]
