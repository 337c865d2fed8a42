"""F#: classes for the ServiceStack client of .NET, in one namespace."""

from collections.abc import Iterable, Iterator
from typing import Final

from servicehost.contract.metadata_types import SCALAR_NAMES
from servicehost.contract.types import is_value_type
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, Property, Shape, Source
from servicehost.languages.dotnet import (
    DotNet,
    enum_attributes,
    generated,
    interfaces,
    is_extensible,
    member_attributes,
    opened_namespaces,
    summary,
    type_attributes,
)
from servicehost.languages.language import Header, Order, TypeNames
from servicehost.languages.text import as_identifier, blank_after, blank_before_each, indented

_KEYWORDS = """
abstract and as assert base begin class component const constraint default delegate do done downcast downto elif else
end exception extern false finally fixed for fun function global if in include inherit inline interface internal lazy
let match member mod module mutable namespace new not null of open or override parallel private process protected public
pure rec return sealed sig static struct tailcall then to trait true try type upcast use val virtual void when while
with yield
"""
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Keywords; as identifiers they need double back-ticks."""


def declarable(name: str) -> str:
    """Return a name as an identifier, escaped if it is a keyword."""
    name = as_identifier(name)
    return f"``{name}``" if name in KEYWORDS else name


TYPE_NAMES: Final = TypeNames(
    scalars=SCALAR_NAMES,
    list_of=lambda item: f"ResizeArray<{item}>",
    map_of=lambda key, value: f"Dictionary<{key}, {value}>",
    nullable=lambda inner: f"Nullable<{inner}>",
)
"""F# type names."""

EXTENSION_DATA: Final = (
    "member val ExtensionData:ExtensionDataObject = null with get,set",
    "interface IExtensibleDataObject with",
    "    member this.ExtensionData",
    "        with get () = this.ExtensionData",
    "        and set value = this.ExtensionData <- value",
)
"""Members of a class that keeps unknown members."""


class FSharp(DotNet):
    """Generator of F# classes."""

    key = "fsharp"
    title = "F#"
    index_name = "FSharp"
    order = Order.UNSORTED_DEPENDENCIES_FIRST
    header = Header(
        opening=("(* Options:",),
        closing=("*)", ""),
        options=(
            "GlobalNamespace",
            "MakeDataContractsExtensible",
            "AddReturnMarker",
            "AddDescriptionAsComments",
            "AddDataContractAttributes",
            "AddIndexesToDataMembers",
            "AddGeneratedCodeAttributes",
            "AddResponseStatus",
            "AddImplicitVersion",
            "ExportValueTypes",
            "IncludeTypes",
            "ExcludeTypes",
            "InitializeCollections",
            "AddNamespaces",
        ),
    )

    def write(self, source: Source) -> Iterable[str]:
        """Write the namespace, its `open` directives and the types, each after an empty line."""
        yield from source.header
        yield f"namespace {'rec ' if _refers_to_later(source) else ''}{_namespace(source)}"
        yield ""
        for name in opened_namespaces(source):
            yield f"open {name}"
        yield from indented(blank_before_each(_declarations(source)))
        yield ""


def _namespace(source: Source) -> str:
    """Return the namespace for all types: alphabetically the first that ends in `ServiceModel`, else the first."""
    names = sorted(source.namespaces)
    return next((name for name in names if name.endswith("ServiceModel")), names[0] if names else "ServiceModel")


def _refers_to_later(source: Source) -> bool:
    """Whether a type refers to a later declaration, which happens only with circular references."""
    later = {declared.name for declared in source.types}
    for declared in source.types:
        later.discard(declared.name)
        if isinstance(declared, Shape) and not later.isdisjoint(_named_by(declared)):
            return True
    return False


def _named_by(shape: Shape) -> Iterator[str]:
    for each in shape.own:
        yield from TYPE_NAMES(each.type).replace("<", " ").replace(">", " ").replace(",", " ").split()


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    for declared in source.types:
        yield _enumeration(declared, source) if isinstance(declared, Enumeration) else _class(declared, source)


def _enumeration(declared: Enumeration, source: Source) -> Iterator[str]:
    yield from _bracketed(generated(source))
    yield f"type {declared.name} ="
    for number, value in enumerate(declared.values):
        attributes = "".join(f"{line} " for line in _bracketed(enum_attributes(value)))
        yield f"    | {attributes}{declarable(value.name)} = {number}"


def _class(shape: Shape, source: Source) -> Iterator[str]:
    yield from summary("///", "summary", shape.description)
    yield from _bracketed(type_attributes(shape, source))
    yield "[<AllowNullLiteral>]"
    yield f"type {shape.name}() = "
    body = list(_body(shape, source))
    yield from indented(body or ["class end"])


def _body(shape: Shape, source: Source) -> Iterator[str]:
    if shape.base:
        yield f"inherit {shape.base}()"
    for name in interfaces(shape, source, lambda name, of: f"{name}<{of}>"):
        if name != "IExtensibleDataObject" and name not in shape.listed:
            yield f"interface {name}"
    yield from blank_after(
        (_property(each, source), each.description is not None or bool(list(member_attributes(each))))
        for each in shape.own
    )
    if is_extensible(shape, source):
        yield from EXTENSION_DATA


def _property(each: Property, source: Source) -> Iterator[str]:
    yield from summary("///", "summary", each.description)
    yield from _bracketed(member_attributes(each))
    name = TYPE_NAMES(each.core)
    type_name = f"Nullable<{name}>" if each.nullable_value else name
    yield f"member val {declarable(each.name)}:{type_name} = {_initial(each, type_name, source)} with get,set"


def _initial(each: Property, type_name: str, source: Source) -> str:
    """Return the initial value; only .NET value types are never null."""
    if each.preset is not None:
        return str(each.preset)
    wants_collection = each.collection is not None and source.options.flag("InitializeCollections")
    return f"new {type_name}()" if is_value_type(each.core) or wants_collection else "null"


def _bracketed(attributes: Iterable[Attribute]) -> Iterator[str]:
    return (f"[<{attribute_text(attribute)}>]" for attribute in attributes)


__all__ = ["FSharp", "declarable"]
