"""C#: partial classes for the ServiceStack client of .NET, in the namespace of the service."""

from collections.abc import Iterable, Iterator, Mapping
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
    nullable_mark,
    opened_namespaces,
    starts_empty,
    summary,
    type_attributes,
)
from servicehost.languages.language import Header, Order, TypeNames
from servicehost.languages.options import DOTNET_OPTIONS
from servicehost.languages.text import as_identifier, blank_after, indented

_KEYWORDS = """
abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else
enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long
namespace new null object operator out override params private protected public readonly ref return sbyte sealed short
sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using
virtual void volatile while
"""
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Keywords; as identifiers they need an at sign."""


def declarable(name: str) -> str:
    """Return a name as an identifier, escaped if it is a keyword."""
    name = as_identifier(name)
    return f"@{name}" if name in KEYWORDS else name


TYPE_NAMES: Final = TypeNames(
    scalars={scalar: scalar.value for scalar in Scalar},
    list_of=lambda item: f"List<{item}>",
    map_of=lambda key, value: f"Dictionary<{key}, {value}>",
    nullable=lambda inner: f"{inner}?",
)
"""C# type names. The contract uses the same names for scalars."""

INITIAL: Final[Mapping[str | None, str]] = {"list": " = [];", "map": " = new();"}
"""Initial value of an empty collection."""


class CSharp(DotNet):
    """Generator of C# classes."""

    key = "csharp"
    title = "C#"
    index_name = "CSharp"
    order = Order.BY_NAME
    header = Header(
        options=(
            "GlobalNamespace",
            "MakePartial",
            "MakeVirtual",
            "MakeInternal",
            "MakeDataContractsExtensible",
            "AddNullableAnnotations",
            *DOTNET_OPTIONS,
        ),
    )

    def write(self, source: Source) -> Iterable[str]:
        """Write the `using` directives, then each namespace with its classes, separated by empty lines."""
        yield from source.header
        for name in [*opened_namespaces(source), *source.namespaces]:
            yield f"using {name};"
        for attribute in contract_namespaces(source):
            yield from ["", f"[assembly: {attribute_text(attribute)}]"]
        for namespace, types in namespace_blocks(source):
            yield from ["", f"namespace {namespace}", "{"]
            for declared in types:
                yield from indented(_declaration(declared, source))
                yield ""
            yield "}"
        yield ""


def _declaration(declared: Shape | Enumeration, source: Source) -> Iterator[str]:
    return _enumeration(declared, source) if isinstance(declared, Enumeration) else _class(declared, source)


def _enumeration(declared: Enumeration, source: Source) -> Iterator[str]:
    yield from _bracketed(generated(source))
    yield from [f"{_visibility(source)} enum {declared.name}", "{"]
    for value in declared.values:
        yield from indented(_bracketed(enum_attributes(value)))
        yield f"    {declarable(value.name)},"
    yield "}"


def _class(shape: Shape, source: Source) -> Iterator[str]:
    yield from summary("///", "summary", shape.description)
    yield from _bracketed(type_attributes(shape, source))
    partial = " partial" if source.options.flag("MakePartial") else ""
    yield f"{_visibility(source)}{partial} class {shape.name}"
    bases = [*([shape.base] if shape.base else []), *interfaces(shape, source, lambda name, of: f"{name}<{of}>")]
    if bases:
        yield f"    : {', '.join(bases)}"
    yield "{"
    yield from indented(blank_after(_members(shape, source)))
    yield "}"


def _members(shape: Shape, source: Source) -> Iterator[tuple[Iterable[str], bool]]:
    """Yield the lines of each member, and whether an empty line follows them."""
    for each in shape.own:
        if each.preset is not None:
            yield [f"public {shape.name}()", "{", f"    {each.name} = {each.preset};", "}"], True
    for each in shape.own:
        attributes = list(member_attributes(each))
        yield _property(each, attributes, source), bool(attributes)
    if is_extensible(shape, source):
        yield [f"public {_virtual(source)}ExtensionDataObject ExtensionData {{ get; set; }}"], False


def _property(each: Property, attributes: Iterable[Attribute], source: Source) -> Iterator[str]:
    yield from summary("///", "summary", each.description)
    yield from _bracketed(attributes)
    type_name = TYPE_NAMES(each.core) + nullable_mark(each, source)
    initial = INITIAL.get(each.collection, "") if starts_empty(each, source) else ""
    yield f"public {_virtual(source)}{type_name} {declarable(each.name)} {{ get; set; }}{initial}"


def _bracketed(attributes: Iterable[Attribute]) -> Iterator[str]:
    return (f"[{attribute_text(attribute)}]" for attribute in attributes)


def _visibility(source: Source) -> str:
    return "internal" if source.options.flag("MakeInternal") else "public"


def _virtual(source: Source) -> str:
    return "virtual " if source.options.flag("MakeVirtual") else ""


__all__ = ["CSharp", "declarable"]
