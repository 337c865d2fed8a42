"""What a generator is given to write: the declarations of a source, prepared once for every language.

All texts in here are one line each and already safe in the comments of the language that they were prepared for.
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
    """An attribute of a declaration, `ApiMember(Description="...", IsRequired=true)`.

    Attributes:
        name: its name.
        values: values given by position.
        named: values given by name, in the order in which they are written.
    """

    name: str
    values: tuple[str, ...] = ()
    named: tuple[tuple[str, str | bool | int], ...] = ()


def route_attribute(route: Route) -> Attribute:
    """The attribute that declares a route, with its verbs unless it answers all."""
    verbs = (",".join(route.verbs),) if route.verbs else ()
    return Attribute("Route", values=(route.template, *verbs))


@dataclass(frozen=True)
class Property:
    """One member of a type.

    Attributes:
        name: as declared, PascalCase.
        wire: its name in JSON as clients of `/api/{Operation}` send and read it.
        type: its type; `Nullable` where null is allowed.
        description: the text of its comment; None for no comment.
        attributes: in the order in which they stand above it.
        stated: the contract says that it is required.
        preset: the value that it starts with (the implicit version).
        interface: the listed interface that declares it too.
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
        """Its type without `Nullable`."""
        return without_null(self.type)

    @property
    def nullable_value(self) -> bool:
        """Whether it is .NET's `Nullable<T>`: null of a type that otherwise has none."""
        return isinstance(self.type, Nullable) and is_value_type(self.core)

    @property
    def required(self) -> bool:
        """Whether it always has a value: stated so, or a value type that is not nullable."""
        return self.stated or is_value_type(self.type)

    @property
    def collection(self) -> Literal["list", "map"] | None:
        """Which kind of collection it is, if one. Sources let required ones start empty rather than null."""
        match self.core:
            case ListOf():
                return "list"
            case MapOf():
                return "map"
            case _:
                return None


@dataclass(frozen=True)
class Exchange:
    """What a request says of its operation, in whole files.

    Attributes:
        verb: the method that clients use.
        marker: the interface that names the verb (`IGet`); None where the routes name none, or several.
        routes: the declared routes, relative to the mount.
        response: name of the response; None for none.
        response_declared: False for a request that does not say whether it has a response.
    """

    verb: str
    marker: str | None
    routes: tuple[Route, ...]
    response: str | None
    response_declared: bool = True

    def interfaces(self, returning: Callable[[str], str]) -> list[str]:
        """The interfaces of the request: that of its response, as `returning` writes it, then that of its verb."""
        returned = returning(self.response) if self.response else "IReturnVoid"
        return [*([returned] if self.response_declared else []), *([self.marker] if self.marker else [])]


@dataclass(frozen=True)
class Shape:
    """A message to declare.

    Attributes:
        name: its name.
        namespace: its .NET namespace.
        description: the text of its comment; None for no comment. Only operations have one.
        attributes: in the order in which they stand above it; routes are in `exchange`.
        base: name of the type that it derives from.
        own: the properties that it declares.
        inherited: the properties of its base types, nearest first.
        exchange: set for the requests of a whole file.
        listed: the interfaces of the contract that a snippet names; a file must compile, so it names none.
    """

    name: str
    namespace: str
    description: str | None
    attributes: tuple[Attribute, ...]
    base: str | None
    own: tuple[Property, ...]
    inherited: tuple[Property, ...]
    exchange: Exchange | None
    listed: tuple[str, ...] = ()

    def interfaces(self, returning: Callable[[str], str]) -> list[str]:
        """All its interfaces; `returning` writes the one of a request with a response of this name."""
        own = self.exchange.interfaces(returning) if self.exchange else []
        return [*own, *self.listed]

    @property
    def attributes_with_routes(self) -> tuple[Attribute, ...]:
        """The attributes that declare its routes, then its own."""
        routes = self.exchange.routes if self.exchange else ()
        return (*map(route_attribute, routes), *self.attributes)

    @property
    def properties(self) -> tuple[Property, ...]:
        """All properties as JSON orders them: its own, then those of its base types."""
        return self.own + self.inherited


@dataclass(frozen=True)
class EnumValue:
    """A value of an enumeration: its identifier, and the text that stands for it on the wire."""

    name: str
    wire: str


@dataclass(frozen=True)
class Enumeration:
    """An enumeration to declare; on the wire its values are texts."""

    name: str
    namespace: str
    values: tuple[EnumValue, ...]


@dataclass(frozen=True)
class Source:
    """Everything that one source declares.

    Attributes:
        service: the service that it is of.
        options: how the asker wants it.
        whole: a whole file; else the snippet of a documentation page, without routes and return markers.
        header: the lines of the header; none in a snippet, or when it is not wanted.
        types: what to declare, in the language's order.
        namespaces: the .NET namespaces of the types, in the order in which the types were met.
    """

    service: Service
    options: Options
    whole: bool
    header: tuple[str, ...]
    types: tuple[Shape | Enumeration, ...] = field(repr=False)
    namespaces: tuple[str, ...]

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The messages to declare."""
        return tuple(declared for declared in self.types if isinstance(declared, Shape))

    @cached_property
    def enumerations(self) -> tuple[Enumeration, ...]:
        """The enumerations to declare."""
        return tuple(declared for declared in self.types if isinstance(declared, Enumeration))

    @cached_property
    def markers(self) -> tuple[str, ...]:
        """The verb interfaces that the requests name, each once."""
        found = (shape.exchange.marker for shape in self.shapes if shape.exchange)
        return tuple(dict.fromkeys(marker for marker in found if marker))

    @cached_property
    def scalars(self) -> frozenset[Scalar]:
        """The scalar types that properties have: some languages import only what they use."""
        return frozenset(node for node in self._parts() if isinstance(node, Scalar))

    @cached_property
    def has_maps(self) -> bool:
        """Whether a property is a dictionary or has some: some languages import even that."""
        return any(isinstance(node, MapOf) for node in self._parts())

    @cached_property
    def undeclared(self) -> tuple[str, ...]:
        """The types that are named but not declared here: a client library brings them."""
        declared = {each.name for each in self.types}
        named = [node.name if isinstance(node, EnumOf) else node.model.name for node in self._named_parts()]
        bases = [shape.base for shape in self.shapes if shape.base]
        responses = [s.exchange.response for s in self.shapes if s.exchange and s.exchange.response]
        return tuple(dict.fromkeys(name for name in [*bases, *named, *responses] if name not in declared))

    def _named_parts(self) -> Iterator[EnumOf | Ref]:
        return (node for node in self._parts() if isinstance(node, EnumOf | Ref))

    def _parts(self) -> Iterator[TypeNode]:
        return (part for shape in self.shapes for each in shape.own for part in nodes_in(each.type))


__all__ = ["Attribute", "EnumValue", "Enumeration", "Exchange", "Property", "Shape", "Source", "route_attribute"]
