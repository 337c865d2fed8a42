"""Samples in XML: DataContract's layout, two blanks for each level, no declaration."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from servicehost.contract.datacontract import (
    INSTANCE,
    content_namespace,
    contract_name,
    entry_name,
    message_namespace,
    ordered_members,
    prefix,
)
from servicehost.contract.scalars import EMPTY_GUID
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

_SCALARS: Final = {
    Scalar.STRING: "String",
    Scalar.BOOL: "false",
    Scalar.INT: "0",
    Scalar.LONG: "0",
    Scalar.DOUBLE: "0",
    Scalar.DECIMAL: "0",
    Scalar.GUID: EMPTY_GUID,
    Scalar.DATETIME: "0001-01-01T00:00:00",
    Scalar.DURATION: "PT0S",
    Scalar.BYTES: "AA==",
}


def xml_text(model: MessageModel, namespace: str) -> str:
    """The sample of a message; `namespace` is that of messages that declare none."""
    own = message_namespace(model, namespace)
    root = _Place(service=namespace, depth=1, prefixes={own: ""}, outer=())
    attributes = f" xmlns:i={quoteattr(INSTANCE)} xmlns={quoteattr(own)}"
    return "\n".join(_element(model.name, attributes, _members(model, root)))


@dataclass(frozen=True)
class _Place:
    """Where an element stands: its depth, the prefixes in scope by namespace, and the messages around it."""

    service: str
    depth: int
    prefixes: Mapping[str, str]
    outer: tuple[MessageModel, ...]

    def name(self, local: str, namespace: str) -> str:
        """The name of an element with its prefix."""
        mark = self.prefixes[namespace]
        return f"{mark}:{local}" if mark else local

    def inside(self, *namespaces: str | None) -> tuple["_Place", str]:
        """The place of a child, and the attributes that declare what of `namespaces` is not in scope yet."""
        depth = self.depth + 1
        missing = dict.fromkeys(name for name in namespaces if name and name not in self.prefixes)
        declared = {namespace: prefix(depth, number) for number, namespace in enumerate(missing, start=1)}
        attributes = "".join(f" xmlns:{mark}={quoteattr(namespace)}" for namespace, mark in declared.items())
        return replace(self, depth=depth, prefixes={**self.prefixes, **declared}), attributes


def _members(model: MessageModel, place: _Place) -> list[str]:
    place = replace(place, outer=(*place.outer, model))
    lines: list[str] = []
    for declaring, member in ordered_members(model):
        if member.declared.published:
            lines += _value(member.name, message_namespace(declaring, place.service), member.type, place)
    return lines


def _value(local: str, namespace: str, node: TypeNode, place: _Place) -> list[str]:
    """The element of a value of the type, at a child of `place`."""
    inner = without_null(node)
    child, declaration = place.inside(namespace, content_namespace(inner, place.service))
    name = child.name(local, namespace)
    if isinstance(inner, Ref) and inner.model in place.outer:
        return [f'<{name}{declaration} i:nil="true" />']
    text = _text(inner)
    if text is not None:
        return [f"<{name}{declaration}>{escape(text)}</{name}>"]
    return _element(name, declaration, _content(inner, child))


def _text(node: TypeNode) -> str | None:
    """The value of a type without parts; None for the others."""
    match node:
        case Scalar():
            return _SCALARS[node]
        case EnumOf():
            return node.names[0]
        case _:
            return None


def _content(node: TypeNode, place: _Place) -> list[str]:
    """What stands inside the element of a message, list or dictionary."""
    namespace = content_namespace(node, place.service) or ""
    match node:
        case Ref(model):
            return _members(model, place)
        case ListOf(item):
            if isinstance(named := without_null(item), Ref) and named.model in place.outer:
                return []
            return _value(contract_name(item, place.service), namespace, item, place)
        case MapOf(key, value):
            entry, _ = place.inside()
            pair = _value("Key", namespace, key, entry) + _value("Value", namespace, value, entry)
            return _element(place.name(entry_name(node, place.service), namespace), "", pair)
        case Nullable() | Scalar() | EnumOf():
            return []


def _element(name: str, attributes: str, content: list[str]) -> list[str]:
    if not content:
        return [f"<{name}{attributes} />"]
    return [f"<{name}{attributes}>", *("  " + line for line in content), f"</{name}>"]


__all__ = ["xml_text"]
