"""DataContract's XML layout of a type: names, namespaces and the order of members.

The XML format and the samples on the documentation pages share these rules.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from servicehost.contract.messages import DATACONTRACT_NAMESPACE
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

INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
"""Namespace of `i:nil`."""

ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
"""Namespace of the items of scalar lists and of dictionary entries."""

_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"

_SCALAR_NAMES = {
    Scalar.STRING: "string",
    Scalar.BOOL: "boolean",
    Scalar.INT: "int",
    Scalar.LONG: "long",
    Scalar.DOUBLE: "double",
    Scalar.DECIMAL: "decimal",
    Scalar.GUID: "guid",
    Scalar.DATETIME: "dateTime",
    Scalar.DURATION: "duration",
    Scalar.BYTES: "base64Binary",
}


@dataclass(frozen=True)
class NamespaceScope:
    """Depth of an element, and the namespaces that its children need not declare again.

    Attributes:
        service: the XML namespace of the service.
        depth: nesting depth; the root element is at 1.
        marks: the prefix of each namespace in scope, with its colon; empty for the default namespace.
    """

    service: str
    depth: int
    marks: Mapping[str, str]

    def inside(self, own: str, content: str | None) -> "tuple[NamespaceScope, str]":
        """The scope of a child, and the attributes that the child declares.

        Content in a namespace that is not yet in scope gets the prefix `d{depth}p1`. If the element itself is in such a
        namespace (possible for inherited members), that becomes the default namespace.

        Args:
            own: namespace of the child element.
            content: namespace of the elements inside it; None if the content is text.
        """
        depth, marks, attributes = self.depth + 1, dict(self.marks), ""
        if own not in marks:
            marks = {namespace: mark for namespace, mark in marks.items() if mark} | {own: ""}
            attributes = f" xmlns={quoteattr(own)}"
        if content is not None and content not in marks:
            marks[content] = f"d{depth}p1:"
            attributes = f" xmlns:d{depth}p1={quoteattr(content)}{attributes}"
        return NamespaceScope(self.service, depth, marks), attributes


def message_namespace(model: MessageModel, service: str) -> str:
    """The namespace of a message and its elements; `service` is the namespace of the service."""
    return vars(model.python).get("namespace") or _derived(model.clr_namespace, service)


def enumeration_namespace(node: EnumOf, service: str) -> str:
    """The namespace of an enumeration; `service` is the namespace of the service."""
    return _derived(node.clr_namespace, service)


def _derived(clr_namespace: str | None, service: str) -> str:
    return DATACONTRACT_NAMESPACE + clr_namespace if clr_namespace else service


def member_name(model: MessageModel, member: MemberModel) -> str:
    """The element name of a member; in a serializable class, the name of its backing field."""
    is_field = vars(model.python).get("serializable", False)
    return f"_x003C_{member.name}_x003E_k__BackingField" if is_field else member.name


def content_namespace(node: TypeNode, service: str) -> str | None:
    """The namespace of the elements inside a value of the type; None if the content is text."""
    match node:
        case Nullable(inner):
            return content_namespace(inner, service)
        case Ref(model):
            return message_namespace(model, service)
        case ListOf(item):
            named = without_null(item)
            if isinstance(named, EnumOf):
                return enumeration_namespace(named, service)
            return content_namespace(named, service) or ARRAYS
        case MapOf():
            return ARRAYS
        case Scalar() | EnumOf():
            return None


def contract_name(node: TypeNode, service: str) -> str:
    """The contract name of a type: its element name at the root and in lists, and its part in composed names."""
    match node:
        case Scalar():
            return _SCALAR_NAMES[node]
        case Nullable(inner):
            return contract_name(inner, service)
        case Ref(model):
            return model.name
        case EnumOf():
            return node.name
        case ListOf(item):
            return f"ArrayOf{contract_name(item, service)}"
        case MapOf():
            return f"ArrayOf{entry_name(node, service)}"


def entry_name(node: MapOf, service: str) -> str:
    """The element name of a dictionary's entries: `KeyValueOfstringstring`, with a digest if a part is not built in."""
    parts = (node.key, node.value)
    namespaces = [_namespace_of_contract(part, service) for part in parts]
    name = "KeyValueOf" + "".join(contract_name(part, service) for part in parts)
    if all(namespace in (_SCHEMA, _SERIALIZATION) for namespace in namespaces):
        return name
    return name + _digest(" ".join(["", str(len(parts)), *namespaces]))


def ordered_members(model: MessageModel) -> Iterator[tuple[MessageModel, MemberModel]]:
    """Members in XML order, each with the message that declares it.

    Base types come first. Within a type, members are ordered by code point; the host's own messages keep their
    declared order. Unpublished members are included.
    """
    if model.base:
        yield from ordered_members(model.base)
    own = model.own if model.python.data_contract else sorted(model.own, key=lambda each: member_name(model, each))
    for member in own:
        yield model, member


def _namespace_of_contract(node: TypeNode, service: str) -> str:
    match without_null(node):
        case Scalar.GUID | Scalar.DURATION:
            return _SERIALIZATION
        case Scalar():
            return _SCHEMA
        case EnumOf() as named:
            return enumeration_namespace(named, service)
        case other:
            return content_namespace(other, service) or _SCHEMA


def _digest(namespaces: str) -> str:
    """Six bytes of MD5 in base64, as .NET makes them. An identifier; it protects nothing."""
    digest = hashlib.md5(namespaces.encode(), usedforsecurity=False).digest()[:6]
    return base64.b64encode(digest).decode().replace("/", "_S").replace("+", "_P")


__all__ = [
    "ARRAYS",
    "INSTANCE",
    "NamespaceScope",
    "content_namespace",
    "contract_name",
    "entry_name",
    "enumeration_namespace",
    "member_name",
    "message_namespace",
    "ordered_members",
]
