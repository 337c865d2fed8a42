"""Typed values to the dictionaries, lists and scalars that msgspec writes as the contract says.

Most types need none of this: msgspec writes them by itself, at twenty times the speed. The others are those with
camelCase names, with durations, decimals or enumerations that msgspec would write otherwise, with members of a base,
which msgspec would write first, and with nulls that it would not leave out.
"""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from servicehost.contract.types import EnumOf, ListOf, MapOf, MemberModel, MessageModel, Nullable, Ref, Scalar, TypeNode
from servicehost.formats.codec import Style
from servicehost.formats.instants import duration_text

Plain = Callable[[Any], Any]
"""A typed value -> the same out of dictionaries, lists and what msgspec writes by itself."""

_Known = dict[MessageModel, Plain]


def compile_plain(node: TypeNode, style: Style) -> Plain | None:
    """Compiles the conversion for a type; None when msgspec writes the type by itself."""
    if not style.camel_case and _is_native(node, set()):
        return None
    return _plain(node, style, {})


def camel_case(name: str) -> str:
    """The name with its first word in lower case: `Id` is `id`, `URLPath` is `urlPath`, `ABTest` is `abTest`."""
    head = 0
    while head < len(name) and name[head].isupper() and (head == 0 or not name[head + 1 : head + 2].islower()):
        head += 1
    return name[:head].lower() + name[head:]


def _is_native(node: TypeNode, seen: set[MessageModel]) -> bool:
    match node:
        case Scalar():
            return node not in (Scalar.DURATION, Scalar.DECIMAL)
        case EnumOf(python):
            return all(isinstance(member.value, str) for member in python)
        case Nullable(inner) | ListOf(inner):
            return _is_native(inner, seen)
        case MapOf(key, value):
            return key is Scalar.STRING and not isinstance(value, Nullable) and _is_native(value, seen)
        case Ref(model):
            if model in seen:
                return True
            seen.add(model)
            return _omits_just_nulls(model) and all(_is_native(member.type, seen) for member in model.members)


def _omits_just_nulls(model: MessageModel) -> bool:
    """Whether msgspec writes the members in our order, and leaves out nulls and nothing else."""
    if model.base and model.own:
        return False
    fields = {info.name: info for info in msgspec.structs.fields(model.python)}
    return all(_omits_just_null(member, fields[member.attribute]) for member in model.members)


def _omits_just_null(member: MemberModel, info: msgspec.structs.FieldInfo) -> bool:
    if member.nullable:
        return info.default is None
    return info.default is msgspec.NODEFAULT and info.default_factory not in (list, dict, set)


def _plain(node: TypeNode, style: Style, known: _Known) -> Plain:
    match node:
        case Scalar.DURATION:
            return duration_text
        case Scalar.DECIMAL:
            return _finite
        case Scalar():
            return _same
        case EnumOf():
            return _enum_names(node)
        case Nullable(inner):
            return _nullable(_plain(inner, style, known))
        case ListOf(item):
            return _list(_plain(item, style, known))
        case MapOf():
            return _map(node, style, known)
        case Ref(model):
            return _message(model, style, known)


def _same(value: Any) -> Any:
    return value


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def _enum_names(node: EnumOf) -> Plain:
    names: dict[Enum, str] = {member: node.wire_name(member) for member in node.python}
    return names.__getitem__


def _nullable(plain: Plain) -> Plain:
    return plain if plain is _same else lambda value: None if value is None else plain(value)


def _list(plain_item: Plain) -> Plain:
    return _same if plain_item is _same else lambda items: [plain_item(item) for item in items]


def _map(node: MapOf, style: Style, known: _Known) -> Plain:
    plain_key, plain_value = _plain(node.key, style, known), _plain(node.value, style, known)

    def convert(entries: dict[Any, Any]) -> dict[Any, Any]:
        return {plain_key(key): plain_value(value) for key, value in entries.items() if value is not None}

    return convert


def _message(model: MessageModel, style: Style, known: _Known) -> Plain:
    if model in known:
        return lambda message: known[model](message)  # noqa: PLW0108 - a message inside itself is not compiled yet
    known[model] = _same
    members = [
        (
            camel_case(member.name) if style.camel_case else member.name,
            member.attribute,
            _plain(member.type, style, known),
        )
        for member in model.members
    ]

    def convert(message: Any) -> dict[str, Any]:
        return {
            name: plain(value)
            for name, attribute, plain in members
            if (value := getattr(message, attribute)) is not None
        }

    known[model] = convert
    return convert


__all__ = ["camel_case", "compile_plain"]
