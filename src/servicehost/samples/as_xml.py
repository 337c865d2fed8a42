"""Samples in XML: DataContract layout, two blanks per level, no XML declaration."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from servicehost.contract.datacontract import (
    INSTANCE,
    NamespaceScope,
    content_namespace,
    contract_name,
    entry_name,
    member_name,
    message_namespace,
    ordered_members,
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
    """Return the sample of a message; `namespace` is the namespace of messages that do not declare one."""
    own = message_namespace(model, namespace)
    root = NamespaceScope(namespace, 1, {own: ""})
    attributes = f" xmlns:i={quoteattr(INSTANCE)} xmlns={quoteattr(own)}"
    return "\n".join(_element(model.name, attributes, _members(model, root, ())))


_Outer = tuple[MessageModel, ...]
"""The messages that enclose an element."""


def _members(model: MessageModel, scope: NamespaceScope, outer: _Outer) -> list[str]:
    lines: list[str] = []
    for declaring, member in ordered_members(model):
        if member.declared.published:
            name, namespace = member_name(declaring, member), message_namespace(declaring, scope.service)
            lines += _value(name, namespace, member.type, scope, (*outer, model))
    return lines


def _value(local: str, namespace: str, node: TypeNode, scope: NamespaceScope, outer: _Outer) -> list[str]:
    """Return the lines of the element for a value, given the scope of the enclosing element."""
    inner = without_null(node)
    child, declaration = scope.inside(namespace, content_namespace(inner, scope.service))
    name = child.marks[namespace] + local
    if isinstance(inner, Ref) and inner.model in outer:
        return [f'<{name}{declaration} i:nil="true" />']
    text = _text(inner)
    if text is not None:
        return [f"<{name}{declaration}>{escape(text)}</{name}>"]
    return _element(name, declaration, _content(inner, child, outer))


def _text(node: TypeNode) -> str | None:
    """Return the text of a scalar or an enumeration; None for other types."""
    match node:
        case Scalar():
            return _SCALARS[node]
        case EnumOf():
            return node.names[0]
        case _:
            return None


def _content(node: TypeNode, scope: NamespaceScope, outer: _Outer) -> list[str]:
    """Return the lines inside the element of a message, list or dictionary."""
    namespace = content_namespace(node, scope.service) or ""
    match node:
        case Ref(model):
            return _members(model, scope, outer)
        case ListOf(item):
            if isinstance(named := without_null(item), Ref) and named.model in outer:
                return []
            return _value(contract_name(item, scope.service), namespace, item, scope, outer)
        case MapOf(key, value):
            entry, _ = scope.inside(namespace, None)
            pair = _value("Key", namespace, key, entry, outer) + _value("Value", namespace, value, entry, outer)
            return _element(scope.marks[namespace] + entry_name(node, scope.service), "", pair)
        case Nullable() | Scalar() | EnumOf():
            return []


def _element(name: str, attributes: str, content: list[str]) -> list[str]:
    if not content:
        return [f"<{name}{attributes} />"]
    return [f"<{name}{attributes}>", *("  " + line for line in content), f"</{name}>"]


__all__ = ["xml_text"]
