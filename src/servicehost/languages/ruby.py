"""Ruby: classes for the client library `servicestack`, which reads and writes the properties listed in `self.properties`.

Each property, in snake_case, states its wire name, and its type where JSON does not determine it: dates, and messages,
also in lists and dictionaries. Requires Ruby 3.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from servicehost.contract.types import ListOf, MapOf, Ref, Scalar, TypeNode, without_null
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import (
    Attribute,
    Enumeration,
    OperationDeclaration,
    Property,
    Shape,
    Source,
    route_attribute,
)
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.options import DOTNET_OPTIONS
from servicehost.languages.text import blank_after, blank_before_each, indented, quoted, snake, snake_identifier

MAGIC: Final = ("# frozen_string_literal: true", "# encoding: utf-8", "")
"""Magic comments, which Ruby honours only at the very top, before the options."""

TAKEN: Final = frozenset(
    """
    class clone dup extend freeze from_hash get_method get_type_name hash initialize inspect instance_variable_get
    instance_variable_set method methods object_id public_send response_type send to_h to_hash to_json to_s
    """.split()  # noqa: SIM905 - otherwise one word per line
)
"""Methods that Ruby or the client library calls itself; a property with such a name is renamed."""

quote: Final = partial(quoted, mark="'")
"""Return a string literal without interpolation."""


class Ruby(Language):
    """Generator of Ruby classes."""

    key = "ruby"
    title = "Ruby"
    index_name = "Ruby"
    order = Order.DEPENDENCIES_FIRST
    header = Header(
        opening=("# Options:", "=begin"),
        closing=("=end", ""),
        off="#",
        options=(
            "MakePartial",
            "MakeVirtual",
            "MakeInternal",
            "MakeDataContractsExtensible",
            *DOTNET_OPTIONS,
            "AddServiceStackTypes",
            "DefaultImports",
        ),
    )
    library = frozenset({"ResponseStatus", "ResponseError"})

    def safe(self, text: str) -> str:
        """Return the text unchanged: it appears only in line comments, which end with the line."""
        return text

    def write(self, source: Source) -> Iterable[str]:
        """Write enumerations, markers and classes, each after an empty line."""
        names = _type_names(self.library.intersection(source.undeclared))
        yield from [*MAGIC, *source.header, ""]
        yield from (f"require {quote(name)}" for name in _required(source))
        yield ""
        yield from blank_before_each(map(_enumeration, source.enumerations))
        if source.whole and source.options.flag("AddServiceStackTypes"):
            yield from blank_before_each(map(_marker, ("IReturn", "IReturnVoid", *source.markers)))
        yield from blank_before_each(_class(shape, names) for shape in source.shapes)


def _type_names(from_library: frozenset[str]) -> TypeNames:
    """Return type names for comments. Decimals and durations keep their JSON type, since they are not converted."""
    return TypeNames(
        scalars={
            Scalar.STRING: "String",
            Scalar.BOOL: "TrueClass",
            Scalar.INT: "Integer",
            Scalar.LONG: "Integer",
            Scalar.DOUBLE: "Float",
            Scalar.DECIMAL: "Float",
            Scalar.GUID: "String",
            Scalar.DATETIME: "DateTime",
            Scalar.DURATION: "String",
            Scalar.BYTES: "String",
        },
        list_of=lambda _: "List",
        map_of=lambda _key, _value: "Dictionary",
        named=lambda name: f"ServiceStack::{name}" if name in from_library else name,
    )


def _required(source: Source) -> tuple[str, ...]:
    return ("json", "servicestack", *source.options.names("DefaultImports"))


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield f"module {declared.name}"
    for value in declared.values:
        yield f"    {_constant(value.name)} = {quote(value.wire)}"
    yield "end"


def _constant(name: str) -> str:
    return name.upper() if "_" in name or name.isupper() else snake(name).upper()


def _marker(name: str) -> Iterator[str]:
    yield from [f"module {name}", "end"]


def _class(shape: Shape, names: TypeNames) -> Iterator[str]:
    yield from _description(shape.description)
    yield from _attributes(shape.attributes, shape.operation)
    if shape.base:
        yield f"class {shape.name} < {names.named(shape.base)}"
    else:
        yield from [f"class {shape.name}", "    include ServiceStack::DTO", ""]
    yield from indented(_accessors(shape, names))
    yield from indented(_properties(shape, names))
    if shape.operation:
        yield from indented(_methods(shape.name, shape.operation))
    yield "end"


def _accessors(shape: Shape, names: TypeNames) -> Iterator[str]:
    yield from blank_after((_accessor(each, names), bool(each.attributes)) for each in shape.own)
    if shape.own:
        yield ""


def _accessor(each: Property, names: TypeNames) -> Iterator[str]:
    yield from _attributes(each.attributes)
    yield f"# @return [{names(each.core)}]"
    yield f"attr_accessor :{_name(each)}"


def _properties(shape: Shape, names: TypeNames) -> Iterator[str]:
    """Yield the method `properties` that the library calls; a derived class merges its own into those of its base."""
    rows = [f"{_name(each)}: {{ {', '.join(_facts(each, names))} }}," for each in shape.own]
    before, after = ("super.merge({", "})") if shape.base else ("{", "}")
    if rows or not shape.base:
        yield "def self.properties"
        yield from indented([before, *indented(rows), after] if rows else ["{}"])
        yield from ["end", ""]


def _facts(each: Property, names: TypeNames) -> Iterator[str]:
    yield f"name: {quote(each.wire)}"
    if kind := _kind(each.core, names):
        yield f"type: {kind}"


def _kind(node: TypeNode, names: TypeNames) -> str | None:
    """Return the type to which the library converts a value; None if it keeps the JSON value."""
    match without_null(node):
        case Scalar.DATETIME:
            return "DateTime"
        case Ref() as message:
            return names(message)
        case ListOf(item):
            kind = _kind(item, names)
            return kind and f"[{kind}]"
        case MapOf(_, value):
            kind = _kind(value, names)
            return kind and f"{{ String => {kind} }}"
        case _:
            return None


def _name(each: Property) -> str:
    name = snake_identifier(each.name)
    return f"{name}_" if name in TAKEN else name


def _description(text: str | None) -> Iterable[str]:
    return [] if text is None else ["#", f"# {text}", "#"]


def _attributes(attributes: Iterable[Attribute], operation: OperationDeclaration | None = None) -> Iterator[str]:
    """Yield each attribute once; only the first of several routes is shown."""
    routes = [route_attribute(route) for route in operation.routes[:1]] if operation else []
    for attribute in [*routes, *attributes]:
        named = tuple((name, _flag(value) if isinstance(value, bool) else value) for name, value in attribute.named)
        yield f"# @{attribute_text(replace(attribute, named=named), assign=': ')}"


def _flag(value: bool) -> str:
    return str(value).lower()


def _methods(name: str, operation: OperationDeclaration) -> Iterator[str]:
    yield f"def response_type() = {operation.response or 'nil'}"
    yield f"def get_type_name() = {quote(name)}"
    yield f"def get_method() = {quote(operation.verb)}"


__all__ = ["Ruby"]
