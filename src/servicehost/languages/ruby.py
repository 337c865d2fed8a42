"""Ruby: classes for the client library `servicestack`, which reads and writes what `self.properties` tells it.

There every property, in snake_case, states its name on the wire, and its type where JSON says too little of it:
dates, and messages by themselves, in lists and in dictionaries. Needs Ruby 3.
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
    Exchange,
    Property,
    Shape,
    Source,
    route_attribute,
)
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.options import DOTNET_OPTIONS
from servicehost.languages.text import blank_after, blank_before_each, indented, quoted, snake, snake_identifier

MAGIC: Final = ("# frozen_string_literal: true", "# encoding: utf-8", "")
"""Comments that Ruby obeys only at the very top, before the options."""

TAKEN: Final = frozenset(
    """
    class clone dup extend freeze from_hash get_method get_type_name hash initialize inspect instance_variable_get
    instance_variable_set method methods object_id public_send response_type send to_h to_hash to_json to_s
    """.split()  # noqa: SIM905 - one a line otherwise
)
"""Methods that Ruby or the client library calls itself, so that a property has another name."""

quote: Final = partial(quoted, mark="'")
"""A text as a literal in which nothing is replaced."""


class Ruby(Language):
    """Ruby classes."""

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
        """A comment is a line, and no text has two."""
        return text

    def write(self, source: Source) -> Iterable[str]:
        """Enumerations, markers and classes, each after an empty line."""
        names = _type_names(self.library.intersection(source.undeclared))
        yield from [*MAGIC, *source.header, ""]
        yield from (f"require {quote(name)}" for name in _required(source))
        yield ""
        yield from blank_before_each(map(_enumeration, source.enumerations))
        if source.whole and source.options.flag("AddServiceStackTypes"):
            yield from blank_before_each(map(_marker, ("IReturn", "IReturnVoid", *source.markers)))
        yield from blank_before_each(_class(shape, names) for shape in source.shapes)


def _type_names(from_library: frozenset[str]) -> TypeNames:
    """How comments spell types: decimals and durations as what JSON has, since nothing is made of them."""
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
    yield from _attributes(shape.attributes, shape.exchange)
    if shape.base:
        yield f"class {shape.name} < {names.named(shape.base)}"
    else:
        yield from [f"class {shape.name}", "    include ServiceStack::DTO", ""]
    yield from indented(_accessors(shape, names))
    yield from indented(_properties(shape, names))
    if shape.exchange:
        yield from indented(_methods(shape.name, shape.exchange))
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
    """What the library asks of a class; one that derives adds its own to those of its base."""
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
    """What the library makes of a value; nothing where it stays as JSON has it."""
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


def _attributes(attributes: Iterable[Attribute], exchange: Exchange | None = None) -> Iterator[str]:
    """Each attribute once: of several routes the first stands for all."""
    routes = [route_attribute(route) for route in exchange.routes[:1]] if exchange else []
    for attribute in [*routes, *attributes]:
        named = tuple((name, _flag(value) if isinstance(value, bool) else value) for name, value in attribute.named)
        yield f"# @{attribute_text(replace(attribute, named=named), assign=': ')}"


def _flag(value: bool) -> str:
    return str(value).lower()


def _methods(name: str, exchange: Exchange) -> Iterator[str]:
    yield f"def response_type() = {exchange.response or 'nil'}"
    yield f"def get_type_name() = {quote(name)}"
    yield f"def get_method() = {quote(exchange.verb)}"


__all__ = ["Ruby"]
