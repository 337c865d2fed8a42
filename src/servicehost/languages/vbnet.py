"""Visual Basic: partial classes for the ServiceStack client of .NET, in the namespace of the service."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from servicehost.contract.types import Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, Property, Shape, Source
from servicehost.languages.dotnet import (
    DotNet,
    contract_namespaces,
    enum_attributes,
    generated,
    interfaces,
    is_extensible,
    member_attributes,
    namespace_blocks,
    opened_namespaces,
    starts_empty,
    summary,
    type_attributes,
)
from servicehost.languages.language import Header, Order, TypeNames
from servicehost.languages.options import DOTNET_OPTIONS
from servicehost.languages.text import as_identifier, blank_after, blank_before_each, indented

_KEYWORDS = """
    addhandler addressof alias and andalso as boolean byref byte byval call case catch cbool cbyte cchar cdate cdbl
    cdec char cint class clng cobj const continue csbyte cshort csng cstr ctype cuint culng cushort date decimal declare
    default delegate dim directcast do double each else elseif end endif enum erase error event exit false finally for
    friend function get gettype getxmlnamespace global gosub goto handles if implements imports in inherits integer
    interface is isnot let lib like long loop me mod module mustinherit mustoverride mybase myclass nameof namespace
    narrowing new next not nothing notinheritable notoverridable object of on operator option optional or orelse out
    overloads overridable overrides paramarray partial private property protected public raiseevent readonly redim rem
    removehandler resume return sbyte select set shadows shared short single static step stop string structure sub
    synclock then throw to true try trycast typeof uinteger ulong ushort using variant wend when while widening with
    withevents writeonly xor
"""
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Keywords in lower case; as identifiers they need brackets, in any casing."""

_QUOTATION_MARK = re.compile('["\u201c\u201d\uff02]')


def declarable(name: str) -> str:
    """Return a name as an identifier, escaped if it is a keyword."""
    name = as_identifier(name)
    return f"[{name}]" if name.lower() in KEYWORDS else name


def quote(text: str) -> str:
    """Return a string literal; each kind of quotation mark that ends a literal is doubled."""
    return f'"{_QUOTATION_MARK.sub(_twice, text)}"'


def _twice(mark: re.Match[str]) -> str:
    return mark[0] * 2


TYPE_NAMES: Final = TypeNames(
    scalars={
        Scalar.STRING: "String",
        Scalar.BOOL: "Boolean",
        Scalar.INT: "Integer",
        Scalar.LONG: "Long",
        Scalar.DOUBLE: "Double",
        Scalar.DECIMAL: "Decimal",
        Scalar.GUID: "Guid",
        Scalar.DATETIME: "Date",
        Scalar.DURATION: "TimeSpan",
        Scalar.BYTES: "Byte()",
    },
    list_of=lambda item: f"List(Of {item})",
    map_of=lambda key, value: f"Dictionary(Of {key}, {value})",
    nullable=lambda inner: f"{inner}?",
    named=declarable,
)
"""Visual Basic type names."""


class VisualBasic(DotNet):
    """Generator of Visual Basic classes."""

    key = "vbnet"
    title = "VB.NET"
    index_name = "VbNet"
    order = Order.BY_NAME
    header = Header(
        opening=("' Options:",),
        closing=("",),
        off="'''",
        on="'",
        each="'",
        blank="'",
        tip="''",
        joint=", ",
        options=(
            "GlobalNamespace",
            "MakePartial",
            "MakeVirtual",
            "MakeDataContractsExtensible",
            *DOTNET_OPTIONS,
        ),
    )

    def write(self, source: Source) -> Iterable[str]:
        """Write the imports, then the classes in their namespace, independent of the root namespace of the project."""
        yield from source.header
        for name in [*opened_namespaces(source), *source.namespaces]:
            yield f"Imports {name}"
        for attribute in contract_namespaces(source):
            yield from ["", f"<Assembly: {_text(attribute)}>"]
        yield from ["", "Namespace Global"]
        for namespace, types in namespace_blocks(source):
            yield from ["", f"    Namespace {namespace}"]
            yield from indented(blank_before_each(_declarations(types, source)), "        ")
            yield "    End Namespace"
        yield from ["End Namespace", ""]


def _declarations(types: Iterable[Shape | Enumeration], source: Source) -> Iterator[Iterable[str]]:
    for declared in types:
        yield _enumeration(declared, source) if isinstance(declared, Enumeration) else _class(declared, source)


def _enumeration(declared: Enumeration, source: Source) -> Iterator[str]:
    yield from _bracketed(generated(source))
    yield f"Public Enum {declarable(declared.name)}"
    for value in declared.values:
        yield from indented(_bracketed(enum_attributes(value)))
        yield f"    {declarable(value.name)}"
    yield "End Enum"


def _class(shape: Shape, source: Source) -> Iterator[str]:
    yield from summary("'''", "Summary", shape.description)
    yield from _bracketed(type_attributes(shape, source))
    partial = "Partial " if source.options.flag("MakePartial") else ""
    yield f"Public {partial}Class {declarable(shape.name)}"
    if shape.base:
        yield f"    Inherits {declarable(shape.base)}"
    for name in interfaces(shape, source, lambda name, of: f"{name}(Of {declarable(of)})"):
        yield f"    Implements {name}"
    yield from indented(blank_after(_members(shape, source)))
    yield "End Class"


def _members(shape: Shape, source: Source) -> Iterator[tuple[Iterable[str], bool]]:
    """Yield the lines of each member, and whether an empty line follows them."""
    for each in shape.own:
        attributes = list(member_attributes(each))
        yield _property(each, attributes, source), bool(attributes)
    if is_extensible(shape, source):
        declared = f"Public {_overridable(source)}Property ExtensionData As ExtensionDataObject"
        yield [f"{declared} Implements IExtensibleDataObject.ExtensionData"], False


def _property(each: Property, attributes: Iterable[Attribute], source: Source) -> Iterator[str]:
    yield from summary("'''", "Summary", each.description)
    yield from _bracketed(attributes)
    mark = "?" if each.nullable_value else ""
    type_name = f"{TYPE_NAMES(each.core)}{mark}"
    initial = f" = New {type_name}" if starts_empty(each, source) else ""
    if each.preset is not None:
        initial = f" = {each.preset}"
    implemented = f" Implements {each.interface}.{declarable(each.name)}" if each.interface else ""
    yield f"Public {_overridable(source)}Property {declarable(each.name)} As {type_name}{initial}{implemented}"


def _bracketed(attributes: Iterable[Attribute]) -> Iterator[str]:
    return (f"<{_text(attribute)}>" for attribute in attributes)


def _text(attribute: Attribute) -> str:
    return attribute_text(attribute, quote=quote, assign=":=")


def _overridable(source: Source) -> str:
    return "Overridable " if source.options.flag("MakeVirtual") else ""


__all__ = ["VisualBasic", "declarable", "quote"]
