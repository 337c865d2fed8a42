"""Converts typed values to dictionaries, lists and scalars that msgspec writes in the contract's form.

Most types need no conversion: msgspec writes them directly, twenty times as fast. The exceptions are types with
camelCase names, with durations, decimals or enumerations that msgspec writes in another form, with inherited members,
which msgspec would write first, and with nulls that it would not omit.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec

from servicehost.contract.folds import Compiler, reachable
from servicehost.contract.types import EnumOf, ListOf, MapOf, MemberModel, MessageModel, Nullable, Ref, Scalar, TypeNode
from servicehost.formats.codec import Style
from servicehost.formats.instants import duration_text

Plain = Callable[[Any], Any]
"""Converts a typed value to dictionaries, lists and types that msgspec writes directly."""


def compile_plain(node: TypeNode, style: Style) -> Plain | None:
    """Compile the conversion of a type; None if msgspec writes the type directly."""
    if not style.camel_case and all(map(_is_native, reachable([node]))):
        return None
    return PlainCompiler(camel_case if style.camel_case else str)(node)


def camel_case(name: str) -> str:
    """The name with its first word in lower case: `Id` becomes `id`, `URLPath` `urlPath`, `ABTest` `abTest`."""
    head = 0
    while head < len(name) and name[head].isupper() and (head == 0 or not name[head + 1 : head + 2].islower()):
        head += 1
    return name[:head].lower() + name[head:]


def _is_native(node: TypeNode) -> bool:
    """Whether msgspec writes the type in the contract's form, provided that it does so for all of its parts."""
    match node:
        case Scalar():
            return node not in (Scalar.DURATION, Scalar.DECIMAL)
        case EnumOf(python):
            return all(isinstance(member.value, str) for member in python)
        case MapOf(key, value):
            return key is Scalar.STRING and not isinstance(value, Nullable)
        case Ref(model):
            return _omits_just_nulls(model)
        case Nullable() | ListOf():
            return True


def _omits_just_nulls(model: MessageModel) -> bool:
    """Whether msgspec writes the members in our order, and omits nulls and nothing else."""
    if model.base and model.own:
        return False
    fields = {info.name: info for info in msgspec.structs.fields(model.python)}
    return all(_omits_just_null(member, fields[member.attribute]) for member in model.members)


def _omits_just_null(member: MemberModel, info: msgspec.structs.FieldInfo) -> bool:
    if member.nullable:
        return info.default is None
    return info.default is msgspec.NODEFAULT and info.default_factory not in (list, dict, set)


class PlainCompiler(Compiler[[Any], Any]):
    """Compiles conversions of values to types that msgspec writes directly.

    Attributes:
        rename: maps the declared name of a member to its JSON name.
    """

    def __init__(self, rename: Callable[[str], str]) -> None:
        super().__init__()
        self.rename = rename

    def scalar(self, node: Scalar, /) -> Plain:
        """Durations become texts; a decimal that is not finite becomes null."""
        return _SCALARS.get(node, unchanged)

    def enumeration(self, node: EnumOf, /) -> Plain:
        """The wire name."""
        names: dict[Enum, str] = {member: node.wire_name(member) for member in node.python}
        return names.__getitem__

    def nullable(self, inner: Plain, /) -> Plain:
        """None stays None."""
        return inner if inner is unchanged else lambda value: None if value is None else inner(value)

    def list_of(self, _node: ListOf, item: Plain, /) -> Plain:
        """A list of the converted items."""
        return unchanged if item is unchanged else lambda items: [item(value) for value in items]

    def map_of(self, _node: MapOf, key: Plain, value: Plain, /) -> Plain:
        """A dictionary without the null entries."""
        return lambda entries: {key(name): value(given) for name, given in entries.items() if given is not None}

    def message(self, model: MessageModel, /) -> Plain:
        """A dictionary of the members that are not null."""
        members = [(self.rename(member.name), member.attribute, self(member.type)) for member in model.members]

        def convert(message: Any) -> dict[str, Any]:
            return {
                name: plain(value)
                for name, attribute, plain in members
                if (value := getattr(message, attribute)) is not None
            }

        return convert


def unchanged(value: Any) -> Any:
    """The value itself, unconverted."""
    return value


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


_SCALARS: Final[Mapping[Scalar, Plain]] = {Scalar.DURATION: duration_text, Scalar.DECIMAL: _finite}

__all__ = ["Plain", "PlainCompiler", "camel_case", "compile_plain", "unchanged"]
