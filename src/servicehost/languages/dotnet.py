"""Code shared by the .NET languages: namespaces, data contracts and documentation comments."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, Final

from servicehost.contract.types import is_value_type
from servicehost.languages.declarations import Attribute, Enumeration, EnumValue, Property, Shape, Source
from servicehost.languages.language import Language
from servicehost.languages.text import is_identifier

TOOL: Final = "AddServiceStackReference"
"""Tool name in `GeneratedCode` attributes."""

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
    """Base class of the .NET languages, for the ServiceStack client."""

    forced: ClassVar[Mapping[str, str]] = {"AddServiceStackTypes": "False"}
    """Types that the client library contains."""

    def safe(self, text: str) -> str:
        """Escape the text for a documentation comment, which ends with its line."""
        return documented(text)


def opened_namespaces(source: Source) -> list[str]:
    """Return the namespaces of library types that a source uses, without the namespaces that it declares."""
    further = ["System.CodeDom.Compiler"] if source.options.flag("AddGeneratedCodeAttributes") else []
    return [*_ALWAYS, *further, *source.options.names("AddNamespaces")]


def documented(text: str) -> str:
    """Return the text for a documentation comment, which compilers read as XML: escaped, without characters XML excludes."""
    return html.escape(re.sub("[\ufffe\uffff]", "", text), quote=False)


def namespace_blocks(source: Source) -> list[tuple[str, list[Shape | Enumeration]]]:
    """Return the namespaces of a source in alphabetical order, each with its declarations."""
    return [
        (namespace, [declared for declared in source.types if declared.namespace == namespace])
        for namespace in sorted(source.namespaces)
    ]


def summary(mark: str, tag: str, text: str | None) -> Iterator[str]:
    """Yield a documentation comment with the text, or nothing for None.

    A text that starts like the comment mark gets a leading blank: with one character more, the mark would start an ordinary
    comment.
    """
    if text is not None:
        gap = " " if text.startswith(mark[0]) else ""
        yield from [f"{mark}<{tag}>", f"{mark}{gap}{text}", f"{mark}</{tag}>"]


def type_attributes(shape: Shape, source: Source) -> Iterator[Attribute]:
    """Yield the attributes of a class: routes, contract attributes and `GeneratedCode`."""
    yield from shape.attributes_with_routes
    yield from generated(source)


def generated(source: Source) -> Iterator[Attribute]:
    """Yield the `GeneratedCode` attribute if the option asks for it."""
    if source.options.flag("AddGeneratedCodeAttributes"):
        yield Attribute("GeneratedCode", values=(TOOL, source.service.version))


def enum_attributes(value: EnumValue) -> Iterator[Attribute]:
    """Yield the wire text of an enumeration value if it differs from the name."""
    if value.name != value.wire:
        yield Attribute("EnumMember", named=(("Value", value.wire),))


def contract_namespaces(source: Source) -> list[Attribute]:
    """Return the XML namespace of the data contracts for each .NET namespace, if the option was given.

    Without it, serializers derive the XML namespace from the .NET namespace, as they do with ServiceStack hosts.
    """
    if not (source.options.flag("AddDataContractAttributes") and "AddDefaultXmlNamespace" in source.options.given):
        return []
    address = source.options.text("AddDefaultXmlNamespace")
    return [
        Attribute("ContractNamespace", values=(address,), named=(("ClrNamespace", namespace),))
        for namespace in source.namespaces
    ]


def interfaces(shape: Shape, source: Source, generic: Callable[[str, str], str]) -> Iterator[str]:
    """Yield the interfaces of a class; `generic` formats a type with its type argument."""
    listed = shape.interfaces(lambda response: generic("IReturn", response))
    wanted = source.options.flag("AddReturnMarker")
    yield from (name for name in listed if wanted or not name.startswith("IReturn"))
    if is_extensible(shape, source):
        yield "IExtensibleDataObject"


def is_extensible(shape: Shape, source: Source) -> bool:
    """Whether the class keeps unknown members so that it can send them back. Derived types use those of their base type."""
    is_contract = any(attribute.name == "DataContract" for attribute in shape.attributes)
    return is_contract and shape.base is None and source.options.flag("MakeDataContractsExtensible")


def member_attributes(each: Property) -> Iterator[Attribute]:
    """Yield the attributes of a member, with its wire name if that is not a valid identifier."""
    if not is_identifier(each.name) and not any(attribute.name == "DataMember" for attribute in each.attributes):
        yield Attribute("DataMember", named=(("Name", each.name),))
    yield from each.attributes


def starts_empty(each: Property, source: Source) -> bool:
    """Whether the member is a collection that is initialised as empty instead of null."""
    return each.collection is not None and (each.stated or source.options.flag("InitializeCollections"))


def nullable_mark(each: Property, source: Source) -> str:
    """Return the question mark after a type that is `Nullable` or, with nullable annotations, that may be null."""
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
