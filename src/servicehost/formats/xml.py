"""XML in the layout of .NET's DataContract: elements only, base members first, then by name; nulls as `i:nil`.

| type | becomes |
|---|---|
| message | element with an element for each member, in the order of `contract.datacontract` |
| Nullable | the value, or `<Name i:nil="true" />` |
| list | an element for each item: `d2p1:string`, `d2p1:guid`, the name of the message |
| dictionary | `d2p1:KeyValueOfstringstring` with `Key` and `Value` for each entry |
| string | its text; characters that XML cannot carry become U+FFFD |
| bool, numbers, Guid | `true`, digits, dashed in lower case; `INF`, `-INF` and `NaN` as XML Schema has them |
| DateTime | `2026-11-14T22:13:20Z`, with as many digits of a fraction as it needs |
| TimeSpan | `P1DT2H` |
| byte[] | base64 |
| enumeration | its wire name |

Content of another namespace than what surrounds it gets a prefix `d{depth}p1`, declared on the element that holds it.
The members of a base type of another namespace declare that namespace as the default one.
Reading takes elements in any order, with any prefix or namespace or none, names in any casing, and skips unknown ones.
A serializable class names its members by their backing fields; reading takes both names.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from servicehost.contract.datacontract import (
    ARRAYS,
    INSTANCE,
    Scope,
    content_namespace,
    contract_name,
    entry_name,
    enumeration_namespace,
    member_name,
    message_namespace,
    ordered_members,
)
from servicehost.contract.folds import Compiler
from servicehost.contract.types import (
    EnumOf,
    ListOf,
    MapOf,
    MessageModel,
    Nullable,
    Ref,
    Scalar,
    TypeNode,
    without_null,
)
from servicehost.formats import scalars
from servicehost.formats._writer import Part, Shortcut, Write, compile_writer
from servicehost.formats._xml_tree import Element, parse_xml
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style
from servicehost.formats.lenient import compile_members_reader, compile_value_reader

DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>'
_SERIALIZATION: Final = "http://schemas.microsoft.com/2003/10/Serialization/"
_NIL: Final = ' i:nil="true" />'
_forbidden = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})


def compile_encoder(node: TypeNode, style: Style) -> Encoder:
    """The encoder of a type; the root is named after the type."""
    namespace = _root_namespace(node, style.namespace)
    place = Scope(style.namespace, 1, {namespace: ""})
    attributes = f" xmlns:i={quoteattr(INSTANCE)} xmlns={quoteattr(namespace)}"
    write = _Compiler().element(contract_name(node, style.namespace), attributes, node, place).whole
    return lambda value: (DECLARATION + write(value)).encode()


def compile_decoder(node: TypeNode, _style: Style) -> Decoder:
    """The decoder of whole values of a type; the name of the root does not matter."""
    shape, read = _Shaper()(node), compile_value_reader(node)
    return lambda body: read(shape(parse_xml(body)))


def compile_reader(model: MessageModel, _style: Style) -> Reader:
    """The reader of request bodies; the name of the root does not matter."""
    shape, read = _Shaper()(Ref(model)), compile_members_reader(model)
    return lambda body: read(shape(parse_xml(body)))


def escape(text: str) -> str:
    """The text as content of an element."""
    return _forbidden.sub("\ufffd", text).translate(_ESCAPES)


_ESCAPED: Final = Shortcut(escape, "special(value) is None", {"special": re.compile("[^ -%'-;=?-~\xa0-\u2fff]").search})
"""Printable text of most alphabets without `&`, `<` and `>` is as it is."""


def _root_namespace(node: TypeNode, service: str) -> str:
    named = without_null(node)
    if isinstance(named, EnumOf):
        return enumeration_namespace(named, service)
    return content_namespace(named, service) or _SERIALIZATION


@dataclass(frozen=True)
class _Element:
    """The texts around a value, and the writer of the value; no writer for values whose text needs no care."""

    before: str
    after: str
    null: str
    empty: str | None
    write: Write | None

    def part(self, attribute: str, *, null: bool) -> Part:
        """The element as that of a member."""
        return Part(attribute, self.before, self.after, self.write, self.null if null else None, self.empty)

    def whole(self, value: Any) -> str:
        """The element with a value in it."""
        if value is None:
            return self.null
        if self.empty is not None and not value:
            return self.empty
        text = self.write(value) if self.write else value
        return f"{self.before}{text}{self.after}"


class _Compiler:
    """Compiles the writers of one type. A type has one for each place where it stands, since prefixes differ."""

    def __init__(self) -> None:
        self._compiling: list[MessageModel] = []
        self._compiled: dict[tuple[MessageModel, int, tuple[tuple[str, str], ...]], Write] = {}

    def element(self, name: str, attributes: str, node: TypeNode, place: Scope) -> _Element:
        """The element `name`, prefix included, that stands at `place` and holds a value of the type."""
        inner = without_null(node)
        tag = name + attributes
        empty = f"<{tag} />"
        if isinstance(inner, Ref) and not inner.model.members:
            return _Element(empty, "", f"<{tag}{_NIL}", None, _nothing)
        may_be_empty = isinstance(inner, (ListOf, MapOf)) or inner in (Scalar.STRING, Scalar.BYTES)
        return _Element(
            f"<{tag}>", f"</{name}>", f"<{tag}{_NIL}", empty if may_be_empty else None, self._content(inner, place)
        )

    def _child(self, name: str, namespace: str, node: TypeNode, place: Scope) -> _Element:
        inside, attributes = place.inside(namespace, content_namespace(node, place.service))
        return self.element(inside.marks[namespace] + name, attributes, node, inside)

    def _content(self, node: TypeNode, place: Scope) -> Write | None:
        match node:
            case Scalar():
                return _SCALARS.get(node)
            case EnumOf():
                names: dict[Enum, str] = {member: escape(node.wire_name(member)) for member in node.python}
                return names.__getitem__
            case ListOf(item):
                return self._items(node, item, place)
            case MapOf():
                return self._entries(node, place)
            case Ref(model):
                return self.message(model, place)
            case Nullable(inner):
                return self._content(inner, place)

    def _items(self, node: ListOf, item: TypeNode, place: Scope) -> Write:
        namespace = content_namespace(node, place.service) or ARRAYS
        write = self._child(contract_name(item, place.service), namespace, item, place).whole
        return lambda values: "".join([write(value) for value in values])

    def _entries(self, node: MapOf, place: Scope) -> Write:
        inside, _ = place.inside(ARRAYS, None)
        key = self._child("Key", ARRAYS, node.key, inside).whole
        value = self._child("Value", ARRAYS, node.value, inside).whole
        tag = place.marks[ARRAYS] + entry_name(node, place.service)
        return lambda entries: "".join([f"<{tag}>{key(k)}{value(v)}</{tag}>" for k, v in entries.items()])

    def message(self, model: MessageModel, place: Scope) -> Write:
        """The writer of what is inside the element of a message."""
        if model in self._compiling:
            return _later(model, place)
        key = (model, place.depth, tuple(place.marks.items()))
        if key not in self._compiled:
            self._compiling.append(model)
            self._compiled[key] = compile_writer(model.name, list(self._parts(model, place)), _ESCAPED)
            self._compiling.pop()
        return self._compiled[key]

    def _parts(self, model: MessageModel, place: Scope) -> Iterator[Part]:
        for declaring, member in ordered_members(model):
            name, namespace = member_name(declaring, member), message_namespace(declaring, place.service)
            element = self._child(name, namespace, member.type, place)
            yield element.part(member.attribute, null=member.nullable or member.core is Scalar.DATETIME)


def _later(model: MessageModel, place: Scope) -> Write:
    """The writer of a message inside itself: compiled when a value first nests so deep."""
    compiled: list[Write] = []

    def write(message: Any) -> str:
        if not compiled:
            compiled.append(_Compiler().message(model, place))
        return compiled[0](message)

    return write


def _nothing(_value: Any) -> str:
    return ""


def _bool_text(value: bool) -> str:
    return "true" if value else "false"


_SCALARS: Final[Mapping[Scalar, Write]] = {
    **{scalar: write for scalar, write in scalars.WRITERS.items() if write is not str},
    Scalar.STRING: escape,
    Scalar.BOOL: _bool_text,
}
"""Guids and integers have none: their plain text needs no care."""

_Shape = Callable[[Element | None], Any]
"""An element -> the raw tree that its type makes of it."""


class _Shaper(Compiler[[Element | None], Any]):
    """Compiles what makes raw trees of elements."""

    def scalar(self, _node: Scalar, /) -> _Shape:
        """The text."""
        return _text

    def enumeration(self, _node: EnumOf, /) -> _Shape:
        """The text."""
        return _text

    def nullable(self, inner: _Shape, /) -> _Shape:
        """The same: every element can say that it is null."""
        return inner

    def list_of(self, _node: ListOf, item: _Shape, /) -> _Shape:
        """An item for each child, whatever its name is."""

        def shape(element: Element | None) -> Any:
            if element is None or element.nil:
                return None
            if element.children:
                return [item(child) for child in element.children]
            return element.text.strip() or []

        return shape

    def map_of(self, _node: MapOf, _key: _Shape, value: _Shape, /) -> _Shape:
        """An entry for each child that has a key."""

        def shape(element: Element | None) -> Any:
            if element is None or element.nil:
                return None
            entries = [{part.name: part for part in child.children} for child in element.children]
            if element.text.strip() or not all("Key" in entry for entry in entries):
                return []
            return {entry["Key"].text: value(entry.get("Value")) for entry in entries}

        return shape

    def message(self, model: MessageModel, /) -> _Shape:
        """The members by name, for each child that is one."""
        members: dict[str, tuple[str, _Shape]] = {}
        for declaring, member in ordered_members(model):
            entry = member.name, self(member.type)
            members |= {member.name.lower(): entry, member_name(declaring, member).lower(): entry}

        def shape(element: Element | None) -> Any:
            if element is None or element.nil:
                return None
            if not element.children:
                return element.text.strip() or {}
            named = ((members.get(child.name.lower()), child) for child in element.children)
            return {found[0]: found[1](child) for found, child in named if found}

        return shape


def _text(element: Element | None) -> Any:
    if element is None or element.nil:
        return None
    return {} if element.children else element.text


FORMAT: Final = Format(
    name="xml",
    page_name="xml",
    content_type="application/xml",
    sample_content_type="application/xml",
    media_types=("application/xml", "text/xml"),
    encoder=compile_encoder,
    decoder=compile_decoder,
    reader=compile_reader,
)

__all__ = ["DECLARATION", "FORMAT", "compile_decoder", "compile_encoder", "compile_reader", "escape"]
