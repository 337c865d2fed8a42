"""Language-neutral declarations, from which every generator writes its source.

All texts are single lines that are already safe inside a comment of the target language.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from servicehost.contract.catalog import Service
from servicehost.contract.folds import nodes_in
from servicehost.contract.messages import Route
from servicehost.contract.types import (
    EnumOf,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    TypeNode,
    is_value_type,
    without_null,
)
from servicehost.languages.options import Options


@dataclass(frozen=True)
class Attribute:
    """An attribute of a declaration, such as `ApiMember(Description="...", IsRequired=true)`.

    Attributes:
        name: name of the attribute.
        values: positional values.
        named: named values in the order in which they are written.
    """

    name: str
    values: tuple[str, ...] = ()
    named: tuple[tuple[str, str | bool | int], ...] = ()


def route_attribute(route: Route) -> Attribute:
    """Return the `Route` attribute of a route, with its verbs unless it accepts all of them."""
    verbs = (",".join(route.verbs),) if route.verbs else ()
    return Attribute("Route", values=(route.template, *verbs))


@dataclass(frozen=True)
class Property:
    """One member of a type.

    Attributes:
        name: name as declared, in PascalCase.
        wire: name in the JSON that clients of `/api/{Operation}` send and read.
        type: type of the value; `Nullable` where null is allowed.
        description: text of the comment; None for no comment.
        attributes: attributes above the member, in order.
        stated: whether the contract marks it as required.
        preset: initial value (used for the implicit version).
        interface: name of the listed interface that declares the member too.
    """

    name: str
    wire: str
    type: TypeNode
    description: str | None = None
    attributes: tuple[Attribute, ...] = ()
    stated: bool = False
    preset: int | None = None
    interface: str | None = None

    @property
    def core(self) -> TypeNode:
        """The type without `Nullable`."""
        return without_null(self.type)

    @property
    def nullable_value(self) -> bool:
        """Whether the type is .NET's `Nullable<T>`: a value type that can also be null."""
        return isinstance(self.type, Nullable) and is_value_type(self.core)

    @property
    def required(self) -> bool:
        """Whether it always has a value: marked as required, or of a value type that is not nullable."""
        return self.stated or is_value_type(self.type)

    @property
    def collection(self) -> Literal["list", "map"] | None:
        """OptionKind of collection, or None. Sources initialise required collections as empty instead of null."""
        match self.core:
            case ListOf():
                return "list"
            case MapOf():
                return "map"
            case _:
                return None


@dataclass(frozen=True)
class OperationDeclaration:
    """The operation that a request belongs to, as declared in whole files.

    Attributes:
        verb: HTTP method that clients use.
        marker: interface for the verb (`IGet`); None if the routes name no verb, or several.
        routes: declared routes, relative to the mount.
        response: name of the response; None if there is no response.
        response_declared: False if the request does not declare whether it has a response.
    """

    verb: str
    marker: str | None
    routes: tuple[Route, ...]
    response: str | None
    response_declared: bool = True

    def interfaces(self, returning: Callable[[str], str]) -> list[str]:
        """Interfaces of the request: the response interface as formatted by `returning`, then the verb interface."""
        returned = returning(self.response) if self.response else "IReturnVoid"
        return [*([returned] if self.response_declared else []), *([self.marker] if self.marker else [])]


@dataclass(frozen=True)
class Shape:
    """A message to declare.

    Attributes:
        name: name of the message.
        namespace: its .NET namespace.
        description: text of the comment; None for no comment. Only operations have one.
        attributes: attributes above the type, in order; the routes are in `operation`.
        base: name of the base type.
        own: properties that the type declares itself.
        inherited: properties of its base types, nearest first.
        operation: the operation, for the requests of a whole file.
        listed: contract interfaces named in a snippet; empty in a file, which must compile without them.
    """

    name: str
    namespace: str
    description: str | None
    attributes: tuple[Attribute, ...]
    base: str | None
    own: tuple[Property, ...]
    inherited: tuple[Property, ...]
    operation: OperationDeclaration | None
    listed: tuple[str, ...] = ()

    def interfaces(self, returning: Callable[[str], str]) -> list[str]:
        """All interfaces; `returning` formats the response interface of a request for the name of its response."""
        own = self.operation.interfaces(returning) if self.operation else []
        return [*own, *self.listed]

    @property
    def attributes_with_routes(self) -> tuple[Attribute, ...]:
        """The route attributes, then the other attributes."""
        routes = self.operation.routes if self.operation else ()
        return (*map(route_attribute, routes), *self.attributes)

    @property
    def properties(self) -> tuple[Property, ...]:
        """All properties in JSON order: its own, then those of its base types."""
        return self.own + self.inherited


@dataclass(frozen=True)
class EnumValue:
    """A value of an enumeration: its identifier and its text on the wire."""

    name: str
    wire: str


@dataclass(frozen=True)
class Enumeration:
    """An enumeration to declare; its values are texts on the wire."""

    name: str
    namespace: str
    values: tuple[EnumValue, ...]


@dataclass(frozen=True)
class Source:
    """All declarations of one generated source.

    Attributes:
        service: the service whose types are declared.
        options: options of the source.
        whole: True for a whole file; False for the snippet of a documentation page, without routes and return markers.
        header: lines of the header; empty in a snippet or when the header is disabled.
        types: types to declare, in the order of the language.
        namespaces: .NET namespaces of the types, in order of first use.
    """

    service: Service
    options: Options
    whole: bool
    header: tuple[str, ...]
    types: tuple[Shape | Enumeration, ...] = field(repr=False)
    namespaces: tuple[str, ...]

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Messages to declare."""
        return tuple(declared for declared in self.types if isinstance(declared, Shape))

    @cached_property
    def enumerations(self) -> tuple[Enumeration, ...]:
        """Enumerations to declare."""
        return tuple(declared for declared in self.types if isinstance(declared, Enumeration))

    @cached_property
    def markers(self) -> tuple[str, ...]:
        """Distinct verb interfaces of the requests."""
        found = (shape.operation.marker for shape in self.shapes if shape.operation)
        return tuple(dict.fromkeys(marker for marker in found if marker))

    @cached_property
    def scalars(self) -> frozenset[Scalar]:
        """Scalar types of the properties, for languages that import only the types they use."""
        return frozenset(node for node in self._parts() if isinstance(node, Scalar))

    @cached_property
    def has_maps(self) -> bool:
        """Whether any property contains a dictionary, for languages that import the dictionary type only when it is used."""
        return any(isinstance(node, MapOf) for node in self._parts())

    @cached_property
    def undeclared(self) -> tuple[str, ...]:
        """Types that are named but not declared in the source, because a client library contains them."""
        declared = {each.name for each in self.types}
        named = [node.name if isinstance(node, EnumOf) else node.model.name for node in self._named_parts()]
        bases = [shape.base for shape in self.shapes if shape.base]
        responses = [s.operation.response for s in self.shapes if s.operation and s.operation.response]
        return tuple(dict.fromkeys(name for name in [*bases, *named, *responses] if name not in declared))

    def _named_parts(self) -> Iterator[EnumOf | Ref]:
        return (node for node in self._parts() if isinstance(node, EnumOf | Ref))

    def _parts(self) -> Iterator[TypeNode]:
        return (part for shape in self.shapes for each in shape.own for part in nodes_in(each.type))


__all__ = [
    "Attribute",
    "EnumValue",
    "Enumeration",
    "OperationDeclaration",
    "Property",
    "Shape",
    "Source",
    "route_attribute",
]
