"""The type model: one tree of types, built once from the messages.

Formats, binding, pages, source generators and OpenAPI read this tree only, so a new format or language is one new
file.
"""

import enum
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Union

import msgspec

from servicehost.contract.lengths import Bounds, default_length
from servicehost.contract.messages import Member, Message, Place, Request
from servicehost.contract.scalars import EMPTY_GUID, Guid, WireType


class Scalar(enum.Enum):
    """A type without parts. The value is its C# name, as spelled on the documentation pages."""

    STRING = "string"
    BOOL = "bool"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    DECIMAL = "decimal"
    GUID = "Guid"
    DATETIME = "DateTime"
    DURATION = "TimeSpan"
    BYTES = "byte[]"

    @property
    def is_value_type(self) -> bool:
        """Whether it is a value type in .NET, nullable only as `Nullable`."""
        return self not in (Scalar.STRING, Scalar.BYTES)


@dataclass(frozen=True)
class Nullable:
    """A value that may be null; wraps any other type."""

    inner: "TypeNode"


@dataclass(frozen=True)
class ListOf:
    """A list.

    Attributes:
        item: the type of its items.
        most: the maximum number of items; a longer list is refused before any item is read.
    """

    item: "TypeNode"
    most: int | None = None


@dataclass(frozen=True)
class MapOf:
    """A dictionary; keys are strings on the wire."""

    key: "TypeNode"
    value: "TypeNode"


@dataclass(frozen=True)
class EnumOf:
    """An enumeration, written as the names of its values."""

    python: type[enum.Enum]

    @property
    def name(self) -> str:
        """The type's name."""
        return self.python.__name__

    @property
    def names(self) -> tuple[str, ...]:
        """The wire names in declared order: the values of a string enumeration, otherwise the member names."""
        return tuple(self.wire_name(member) for member in self.python)

    @property
    def clr_namespace(self) -> str | None:
        """The .NET namespace that it declares; None for the service's namespace."""
        return getattr(self.python, "clr_namespace", None)

    @staticmethod
    def wire_name(member: enum.Enum) -> str:
        """The name of `member` on the wire."""
        return member.value if isinstance(member.value, str) else member.name

    def by_wire_name(self) -> Mapping[str, enum.Enum]:
        """The members by wire name."""
        return {self.wire_name(member): member for member in self.python}


@dataclass(frozen=True)
class MemberModel:
    """One member of a message.

    Attributes:
        name: the wire name, PascalCase.
        attribute: the attribute name in the Python class.
        type: the type of its values; `Nullable` if null is allowed.
        declared: documentation and constraints from the contract.
        default: makes the value of an absent member; None if there is no default.
    """

    name: str
    attribute: str
    type: "TypeNode"
    declared: Member
    default: Callable[[], Any] | None

    @property
    def nullable(self) -> bool:
        """Whether its value may be null."""
        return isinstance(self.type, Nullable)

    @property
    def core(self) -> "TypeNode":
        """Its type without `Nullable`."""
        return without_null(self.type)

    @cached_property
    def bounds(self) -> Bounds:
        """Size limits for its value in a request."""
        length = self.declared.length
        return Bounds(default_length(self.name) if length is None else length, self.declared.items)

    @property
    def data_type(self) -> str:
        """The Data Type column of the page: the stated type, otherwise the C# name."""
        return self.declared.data_type or csharp_name(self.type)

    def absent(self) -> Any:
        """The value of an absent member: the declared default, otherwise the empty value of the type."""
        return self.default() if self.default else empty_value(self.type)

    @property
    def enforced(self) -> bool:
        """Whether a request without the member is refused.

        An absent list or bool is accepted even if marked required: published clients omit empty lists and false.
        """
        if self.declared.enforced is not None:
            return self.declared.enforced
        return self.declared.required and not isinstance(self.core, ListOf) and self.core is not Scalar.BOOL


@dataclass(frozen=True, eq=False)
class MessageModel:
    """The model of one message class. Two models are equal only if they are the same object.

    Attributes:
        python: the class.
        name: the wire name of the type.
        description: the documentation from the class's docstring.
        base: the message that it derives from, if that has members.
        own: the members that it declares itself, in declared order.
    """

    python: type[Message]
    name: str
    description: str
    base: "MessageModel | None"
    own: tuple[MemberModel, ...] = field(repr=False)

    @cached_property
    def members(self) -> tuple[MemberModel, ...]:
        """All members in JSON order: its own, then those of its base."""
        return self.own + (self.base.members if self.base else ())

    @cached_property
    def published(self) -> tuple[MemberModel, ...]:
        """The members shown on pages, in samples and in generated sources, in JSON order."""
        return tuple(member for member in self.members if member.declared.published)

    @cached_property
    def own_published(self) -> tuple[MemberModel, ...]:
        """The published members that it declares itself."""
        return tuple(member for member in self.own if member.declared.published)

    @property
    def clr_namespace(self) -> str | None:
        """The .NET namespace that the class declares; None for the service's namespace."""
        return typing.cast("str | None", vars(self.python).get("clr_namespace"))

    @property
    def published_description(self) -> str:
        """The description on pages and in sources, including a trailing blank if stated."""
        stated = getattr(self.python, "api_description", None)
        return self.description if stated is None else stated

    @property
    def framework(self) -> bool:
        """Whether it is a type of a framework: pages name it but do not describe it."""
        return vars(self.python).get("framework", False) is True

    @cached_property
    def by_lower_name(self) -> Mapping[str, MemberModel]:
        """All members by lower-case wire name, because names are matched in any casing."""
        return {member.name.lower(): member for member in self.members}

    def member(self, name: str) -> MemberModel | None:
        """The member with this wire name, in any casing."""
        return self.by_lower_name.get(name.lower())

    def build(self, values: Mapping[str, Any]) -> Message:
        """A message from `values` by attribute; absent members get their default or the empty value."""
        complete = {
            member.attribute: values[member.attribute] if member.attribute in values else member.absent()
            for member in self.members
        }
        return self.python(**complete)


@dataclass(frozen=True)
class Ref:
    """A message as the type of a member."""

    model: MessageModel


TypeNode = Scalar | Nullable | ListOf | MapOf | EnumOf | Ref

_SCALARS: Mapping[Any, Scalar] = {
    str: Scalar.STRING,
    bool: Scalar.BOOL,
    int: Scalar.INT,
    float: Scalar.DOUBLE,
    Decimal: Scalar.DECIMAL,
    Guid: Scalar.GUID,
    datetime: Scalar.DATETIME,
    timedelta: Scalar.DURATION,
    bytes: Scalar.BYTES,
}
_EMPTY: Mapping[Scalar, Any] = {
    Scalar.STRING: "",
    Scalar.BOOL: False,
    Scalar.INT: 0,
    Scalar.LONG: 0,
    Scalar.DOUBLE: 0.0,
    Scalar.DECIMAL: Decimal(0),
    Scalar.GUID: EMPTY_GUID,
    Scalar.DURATION: timedelta(0),
    Scalar.BYTES: b"",
}


class UnsupportedAnnotation(TypeError):
    """A message member is annotated with a type that has no wire form."""


def without_null(node: TypeNode) -> TypeNode:
    """`node` without its `Nullable`."""
    return node.inner if isinstance(node, Nullable) else node


def empty_value(node: TypeNode) -> Any:
    """The default value of an absent member of this type."""
    match node:
        case Nullable() | Scalar.DATETIME:
            return None
        case Scalar():
            return _EMPTY[node]
        case ListOf():
            return []
        case MapOf():
            return {}
        case EnumOf(python):
            return next(iter(python))
        case Ref(model):
            return model.build({})


def csharp_name(node: TypeNode) -> str:
    """The C# spelling of the type, as on documentation pages: `Guid?`, `List<Guid>`, `Dictionary<string, string>`."""
    match node:
        case Scalar():
            return node.value
        case Nullable(inner):
            return csharp_name(inner) + ("?" if is_value_type(inner) else "")
        case ListOf(item):
            return f"List<{csharp_name(item)}>"
        case MapOf(key, value):
            return f"Dictionary<{csharp_name(key)}, {csharp_name(value)}>"
        case EnumOf():
            return node.name
        case Ref(model):
            return model.name


def is_value_type(node: TypeNode) -> bool:
    """Whether the type is a value type in .NET."""
    return isinstance(node, EnumOf) or (isinstance(node, Scalar) and node.is_value_type)


class TypeModel:
    """Builds one model for each message class and keeps it."""

    def __init__(self) -> None:
        self._models: dict[type[Message], MessageModel] = {}

    def message(self, python: type[Message]) -> MessageModel:
        """The model of a message class; also builds the models of all types that it refers to.

        Raises:
            UnsupportedAnnotation: a member's type has no wire form.
        """
        known = self._models.get(python)
        if known is not None:
            return known
        base = next((b for b in python.__mro__[1:] if _has_own_members(b)), None)
        model = MessageModel(
            python=python,
            name=python.__name__,
            description=_description(python),
            base=self.message(base) if base else None,
            own=(),
        )
        self._models[python] = model
        object.__setattr__(model, "own", tuple(self._own_members(python)))
        return model

    def node(self, annotation: Any, wire: WireType | None = None) -> TypeNode:
        """The type of an annotation.

        Raises:
            UnsupportedAnnotation: the annotation has no wire form.
        """
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is Annotated:
            return self.node(arguments[0], next((a for a in arguments[1:] if isinstance(a, WireType)), wire))
        if origin in (Union, types.UnionType) and len(arguments) == 2 and type(None) in arguments:
            inner = next(a for a in arguments if a is not type(None))
            return Nullable(self.node(inner, wire))
        if origin is list:
            return ListOf(self.node(arguments[0]))
        if origin is dict:
            return MapOf(self.node(arguments[0]), self.node(arguments[1]))
        if wire is not None:
            return Scalar(wire.name)
        if annotation in _SCALARS:
            return _SCALARS[annotation]
        return self._named(annotation)

    def _named(self, annotation: Any) -> TypeNode:
        if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
            return EnumOf(annotation)
        if isinstance(annotation, type) and issubclass(annotation, Message):
            return Ref(self.message(annotation))
        raise UnsupportedAnnotation(f"{annotation!r} has no wire form; use a scalar, list, dict, enum or message")

    def _own_members(self, python: type[Message]) -> Iterator[MemberModel]:
        hints = typing.get_type_hints(python, include_extras=True)
        own = inspect.get_annotations(python)
        for info in msgspec.structs.fields(python):
            if info.name not in own:
                continue
            yield MemberModel(
                name=info.encode_name,
                attribute=info.name,
                type=self.node(hints[info.name]),
                declared=_declared(hints[info.name]),
                default=_default(info),
            )


def _has_own_members(base: type) -> bool:
    if not issubclass(base, Message) or base in (Message, Request):
        return False
    return any(name in base.__struct_fields__ for name in inspect.get_annotations(base))


def _description(python: type[Message]) -> str:
    text = python.__dict__.get("__doc__") or ""
    return " ".join(text.split("\n\n")[0].split())


def _declared(annotation: Any) -> Member:
    found = [a for a in typing.get_args(annotation)[1:] if isinstance(a, Member)]
    return found[0] if found else Member()


def _default(info: msgspec.structs.FieldInfo) -> Callable[[], Any] | None:
    if info.default_factory is not msgspec.NODEFAULT:
        return typing.cast("Callable[[], Any]", info.default_factory)
    if info.default is not msgspec.NODEFAULT:
        return lambda: info.default
    return None


__all__ = [
    "EnumOf",
    "ListOf",
    "MapOf",
    "MemberModel",
    "MessageModel",
    "Nullable",
    "Place",
    "Ref",
    "Scalar",
    "TypeModel",
    "TypeNode",
    "UnsupportedAnnotation",
    "csharp_name",
    "empty_value",
    "is_value_type",
    "without_null",
]
