"""Samples in JSV, indented by tabs: unquoted names and values, nested objects on the next line.

Guid members that are not nullable are omitted, because an empty Guid equals an absent one. A nullable Guid is 32 zeros; a
Guid in a list has dashes. An object without remaining members is a line that contains only the indentation.
"""

from typing import Final

from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Nullable, Ref, Scalar, TypeNode

_SCALARS: Final = {
    Scalar.STRING: "String",
    Scalar.BOOL: "False",
    Scalar.INT: "0",
    Scalar.LONG: "0",
    Scalar.DOUBLE: "0",
    Scalar.DECIMAL: "0",
    Scalar.GUID: EMPTY_GUID,
    Scalar.DATETIME: "0001-01-01",
    Scalar.DURATION: "PT0S",
    Scalar.BYTES: "AA==",
}


def jsv_text(model: MessageModel) -> str:
    """Return the sample of a message, indented."""
    return "\n".join(_message(model, ()))


def _message(model: MessageModel, outer: tuple[MessageModel, ...]) -> list[str]:
    members = [member for member in model.published if member.type is not Scalar.GUID]
    values = [(member.name, _value(member.type, (*outer, model))) for member in members]
    entries = [_pair(name, value) for name, value in values if value]
    return _block("{", entries, "}") if entries else ["{", "\t", "}"]


def _value(node: TypeNode, outer: tuple[MessageModel, ...]) -> list[str]:
    """Return the lines of a value; empty if there is no value to show."""
    match node:
        case Nullable(Scalar.GUID):
            return [EMPTY_GUID.replace("-", "")]
        case Nullable(inner):
            return _value(inner, outer)
        case Scalar():
            return [_SCALARS[node]]
        case EnumOf():
            return [node.names[0]]
        case ListOf(item):
            value = _value(item, outer)
            return _block("[", [value] if value else [], "]")
        case MapOf(_, inner):
            value = _value(inner, outer)
            return _block("{", [_pair("String", value)] if value else [], "}")
        case Ref(model):
            return [] if model in outer else _message(model, outer)


def _pair(name: str, value: list[str]) -> list[str]:
    first = value[0]
    opens_block = len(value) > 1 or first in ("{}", "[]")
    return [f"{name}: ", *value] if opens_block else [f"{name}: {first}"]


def _block(opening: str, entries: list[list[str]], closing: str) -> list[str]:
    """Return the entries in brackets, indented one level and separated by commas."""
    if not entries:
        return [opening + closing]
    followed = [[*lines[:-1], lines[-1] + ","] for lines in entries[:-1]] + entries[-1:]
    return [opening, *("\t" + line for lines in followed for line in lines), closing]


__all__ = ["jsv_text"]
