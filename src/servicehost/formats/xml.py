"""XML in the layout of .NET's DataContract: elements only, inherited members first, then by name; nulls as `i:nil`.

| type | written as |
|---|---|
| message | an element with a child for each member, in the order of `contract.datacontract` |
| Nullable | the value, or `<Name i:nil="true" />` |
| list | an element for each item: `d2p1:string`, `d2p1:guid`, or the message's name |
| dictionary | `d2p1:KeyValueOfstringstring` with `Key` and `Value` for each entry |
| string | its text; characters that XML does not allow become U+FFFD |
| bool, numbers, Guid | `true`, digits, lower case with dashes; `INF`, `-INF` and `NaN` as in XML Schema |
| DateTime | `2026-11-14T22:13:20Z`, with as many fractional digits as needed |
| TimeSpan | `P1DT2H` |
| byte[] | base64 |
| enumeration | its wire name |

Content in another namespace than its surroundings gets a prefix `d{depth}p1`, declared on the enclosing element.
Members inherited from a type in another namespace declare that namespace as the default. Reading accepts elements in
any order, with any prefix or namespace, and names in any casing; unknown elements are ignored. A serializable class
names its members after their backing fields; reading accepts both names.
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
    NamespaceScope,
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
    """The encoder of a type; the root element is named after the type."""
    namespace = _root_namespace(node, style.namespace)
    place = NamespaceScope(style.namespace, 1, {namespace: ""})
    attributes = f" xmlns:i={quoteattr(INSTANCE)} xmlns={quoteattr(namespace)}"
    write = _XmlCompiler().element(contract_name(node, style.namespace), attributes, node, place).whole
    return lambda value: (DECLARATION + write(value)).encode()


def compile_decoder(node: TypeNode, _style: Style) -> Decoder:
    """The decoder of complete values of a type, whatever the name of the root element."""
    shape, read = _Shaper()(node), compile_value_reader(node)
    return lambda body: read(shape(parse_xml(body)))


def compile_reader(model: MessageModel, _style: Style) -> Reader:
    """The reader of request bodies, whatever the name of the root element."""
    shape, read = _Shaper()(Ref(model)), compile_members_reader(model)
    return lambda body: read(shape(parse_xml(body)))


def escape(text: str) -> str:
    """The text, escaped as element content."""
    return _forbidden.sub("\ufffd", text).translate(_ESCAPES)


_ESCAPED: Final = Shortcut(escape, "special(value) is None", {"special": re.compile("[^ -%'-;=?-~\xa0-\u2fff]").search})
"""Printable text of most alphabets without `&`, `<` and `>` needs no escaping."""


def _root_namespace(node: TypeNode, service: str) -> str:
    named = without_null(node)
    if isinstance(named, EnumOf):
        return enumeration_namespace(named, service)
    return content_namespace(named, service) or _SERIALIZATION


@dataclass(frozen=True)
class _Element:
    """The texts before and after a value, and the value's writer; None if `str` is enough."""

    before: str
    after: str
    null: str
    empty: str | None
    write: Write | None

    def part(self, attribute: str, *, null: bool) -> Part:
        """The element of a member, as a `Part`."""
        return Part(attribute, self.before, self.after, self.write, self.null if null else None, self.empty)

    def whole(self, value: Any) -> str:
        """The element with a value."""
        if value is None:
            return self.null
        if self.empty is not None and not value:
            return self.empty
        text = self.write(value) if self.write else value
        return f"{self.before}{text}{self.after}"


class _XmlCompiler:
    """Compiles the writers of one type: one for each scope in which it occurs, because prefixes differ."""

    def __init__(self) -> None:
        self._compiling: list[MessageModel] = []
        self._compiled: dict[tuple[MessageModel, int, tuple[tuple[str, str], ...]], Write] = {}

    def element(self, name: str, attributes: str, node: TypeNode, place: NamespaceScope) -> _Element:
        """The element `name`, prefix included, in the scope `place`, with a value of the type."""
        inner = without_null(node)
        tag = name + attributes
        empty = f"<{tag} />"
        if isinstance(inner, Ref) and not inner.model.members:
            return _Element(empty, "", f"<{tag}{_NIL}", None, _nothing)
        may_be_empty = isinstance(inner, (ListOf, MapOf)) or inner in (Scalar.STRING, Scalar.BYTES)
        return _Element(
            f"<{tag}>", f"</{name}>", f"<{tag}{_NIL}", empty if may_be_empty else None, self._content(inner, place)
        )

    def _child(self, name: str, namespace: str, node: TypeNode, place: NamespaceScope) -> _Element:
        inside, attributes = place.inside(namespace, content_namespace(node, place.service))
        return self.element(inside.marks[namespace] + name, attributes, node, inside)

    def _content(self, node: TypeNode, place: NamespaceScope) -> Write | None:
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

    def _items(self, node: ListOf, item: TypeNode, place: NamespaceScope) -> Write:
        namespace = content_namespace(node, place.service) or ARRAYS
        write = self._child(contract_name(item, place.service), namespace, item, place).whole
        return lambda values: "".join([write(value) for value in values])

    def _entries(self, node: MapOf, place: NamespaceScope) -> Write:
        inside, _ = place.inside(ARRAYS, None)
        key = self._child("Key", ARRAYS, node.key, inside).whole
        value = self._child("Value", ARRAYS, node.value, inside).whole
        tag = place.marks[ARRAYS] + entry_name(node, place.service)
        return lambda entries: "".join([f"<{tag}>{key(k)}{value(v)}</{tag}>" for k, v in entries.items()])

    def message(self, model: MessageModel, place: NamespaceScope) -> Write:
        """The writer of the content of a message's element."""
        if model in self._compiling:
            return _later(model, place)
        key = (model, place.depth, tuple(place.marks.items()))
        if key not in self._compiled:
            self._compiling.append(model)
            self._compiled[key] = compile_writer(model.name, list(self._parts(model, place)), _ESCAPED)
            self._compiling.pop()
        return self._compiled[key]

    def _parts(self, model: MessageModel, place: NamespaceScope) -> Iterator[Part]:
        for declaring, member in ordered_members(model):
            name, namespace = member_name(declaring, member), message_namespace(declaring, place.service)
            element = self._child(name, namespace, member.type, place)
            yield element.part(member.attribute, null=member.nullable or member.core is Scalar.DATETIME)


def _later(model: MessageModel, place: NamespaceScope) -> Write:
    """The writer of a recursive message, compiled when a value first nests that deep."""
    compiled: list[Write] = []

    def write(message: Any) -> str:
        if not compiled:
            compiled.append(_XmlCompiler().message(model, place))
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
"""Guids and integers have no writer: `str` is enough."""

_Shape = Callable[[Element | None], Any]
"""Converts an element to the raw tree of a type."""


class _Shaper(Compiler[[Element | None], Any]):
    """Compiles conversions of elements to raw trees."""

    def scalar(self, _node: Scalar, /) -> _Shape:
        """The text."""
        return _text

    def enumeration(self, _node: EnumOf, /) -> _Shape:
        """The text."""
        return _text

    def nullable(self, inner: _Shape, /) -> _Shape:
        """The function of the inner type: any element may be `i:nil`."""
        return inner

    def list_of(self, _node: ListOf, item: _Shape, /) -> _Shape:
        """An item for each child, whatever its name."""

        def shape(element: Element | None) -> Any:
            if element is None or element.nil:
                return None
            if element.children:
                return [item(child) for child in element.children]
            return element.text.strip() or []

        return shape

    def map_of(self, _node: MapOf, _key: _Shape, value: _Shape, /) -> _Shape:
        """An entry for each child with a key."""

        def shape(element: Element | None) -> Any:
            if element is None or element.nil:
                return None
            entries = [{part.name: part for part in child.children} for child in element.children]
            if element.text.strip() or not all("Key" in entry for entry in entries):
                return []
            return {entry["Key"].text: value(entry.get("Value")) for entry in entries}

        return shape

    def message(self, model: MessageModel, /) -> _Shape:
        """The members by name, one for each child with a known name."""
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
