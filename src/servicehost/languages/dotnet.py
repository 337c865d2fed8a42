"""What the languages of .NET have in common: what a source opens, its data contracts, and how it is documented."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, Final

from servicehost.contract.types import is_value_type
from servicehost.languages.declarations import Attribute, Enumeration, EnumValue, Property, Shape, Source
from servicehost.languages.language import Language
from servicehost.languages.text import is_identifier

TOOL: Final = "AddServiceStackReference"
"""Names the generator where an attribute says what wrote the code."""

_ALWAYS = (
    "System",
    "System.IO",
    "System.Collections",
    "System.Collections.Generic",
    "System.Runtime.Serialization",
    "ServiceStack",
    "ServiceStack.DataAnnotations",
)


class DotNet(Language):
    """A language of .NET, for the ServiceStack client."""

    forced: ClassVar[Mapping[str, str]] = {"AddServiceStackTypes": "False"}
    """The client library has the host's own types."""

    def safe(self, text: str) -> str:
        """Comments are documentation; a line of it ends only with the line."""
        return documented(text)


def opened_namespaces(source: Source) -> list[str]:
    """The namespaces whose types a source names, without those of its declarations."""
    further = ["System.CodeDom.Compiler"] if source.options.flag("AddGeneratedCodeAttributes") else []
    return [*_ALWAYS, *further, *source.options.names("AddNamespaces")]


def documented(text: str) -> str:
    """The text in a documentation comment, which compilers read as XML; that lacks two characters of Unicode."""
    return html.escape(re.sub("[\ufffe\uffff]", "", text), quote=False)


def namespace_blocks(source: Source) -> list[tuple[str, list[Shape | Enumeration]]]:
    """The namespaces of a source in alphabetical order, each with its declarations."""
    return [
        (namespace, [declared for declared in source.types if declared.namespace == namespace])
        for namespace in sorted(source.namespaces)
    ]


def summary(mark: str, tag: str, text: str | None) -> Iterator[str]:
    """The documentation comment with this text; nothing for None.

    With one more of its letters a mark begins a comment that is no documentation.
    """
    if text is not None:
        gap = " " if text.startswith(mark[0]) else ""
        yield from [f"{mark}<{tag}>", f"{mark}{gap}{text}", f"{mark}</{tag}>"]


def type_attributes(shape: Shape, source: Source) -> Iterator[Attribute]:
    """The attributes of a class: its routes, what the contract says, what wrote it."""
    yield from shape.attributes_with_routes
    yield from generated(source)


def generated(source: Source) -> Iterator[Attribute]:
    """The attribute that says what wrote the code, if it is wanted."""
    if source.options.flag("AddGeneratedCodeAttributes"):
        yield Attribute("GeneratedCode", values=(TOOL, source.service.version))


def enum_attributes(value: EnumValue) -> Iterator[Attribute]:
    """The text on the wire, where it is not the name."""
    if value.name != value.wire:
        yield Attribute("EnumMember", named=(("Value", value.wire),))


def contract_namespaces(source: Source) -> list[Attribute]:
    """The XML namespace of the data contracts of each .NET namespace, if one was asked for.

    Without it serializers derive the namespace from that of .NET, which is what hosts of this kind do too.
    """
    if not (source.options.flag("AddDataContractAttributes") and "AddDefaultXmlNamespace" in source.options.given):
        return []
    address = source.options.text("AddDefaultXmlNamespace")
    return [
        Attribute("ContractNamespace", values=(address,), named=(("ClrNamespace", namespace),))
        for namespace in source.namespaces
    ]


def interfaces(shape: Shape, source: Source, generic: Callable[[str, str], str]) -> Iterator[str]:
    """The interfaces of a class; `generic` writes a type with its argument."""
    listed = shape.interfaces(lambda response: generic("IReturn", response))
    wanted = source.options.flag("AddReturnMarker")
    yield from (name for name in listed if wanted or not name.startswith("IReturn"))
    if is_extensible(shape, source):
        yield "IExtensibleDataObject"


def is_extensible(shape: Shape, source: Source) -> bool:
    """Whether it keeps members that it does not know, so that it gives them back; base types keep them for others."""
    is_contract = any(attribute.name == "DataContract" for attribute in shape.attributes)
    return is_contract and shape.base is None and source.options.flag("MakeDataContractsExtensible")


def member_attributes(each: Property) -> Iterator[Attribute]:
    """The attributes of a member; a name on the wire that cannot be declared is stated."""
    if not is_identifier(each.name) and not any(attribute.name == "DataMember" for attribute in each.attributes):
        yield Attribute("DataMember", named=(("Name", each.name),))
    yield from each.attributes


def starts_empty(each: Property, source: Source) -> bool:
    """Whether it is a collection that starts empty rather than null."""
    return each.collection is not None and (each.stated or source.options.flag("InitializeCollections"))


def nullable_mark(each: Property, source: Source) -> str:
    """The question mark of a type: that of `Nullable`, and of any type that may be null if annotations are wanted."""
    if source.options.flag("AddNullableAnnotations") and not is_value_type(each.core):
        return "" if each.required else "?"
    return "?" if each.nullable_value else ""


__all__ = [
    "TOOL",
    "DotNet",
    "contract_namespaces",
    "documented",
    "enum_attributes",
    "generated",
    "interfaces",
    "is_extensible",
    "member_attributes",
    "namespace_blocks",
    "nullable_mark",
    "opened_namespaces",
    "starts_empty",
    "summary",
    "type_attributes",
]
