"""PHP: classes with their own JSON conversion, for the package `servicestack/client`.

`fromMap` and `jsonSerialize` state the wire name of every property. Properties are promoted constructor parameters.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from servicehost.contract.types import EnumOf, ListOf, MapOf, Nullable, Ref, Scalar, TypeNode
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, OperationDeclaration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.options import USUAL_OPTIONS
from servicehost.languages.text import (
    apart,
    as_identifier,
    blank_after,
    blank_before_each,
    capitalised,
    indented,
    quoted,
)

_SCALARS: Final[Mapping[Scalar, str]] = {
    Scalar.STRING: "string",
    Scalar.BOOL: "bool",
    Scalar.INT: "int",
    Scalar.LONG: "int",
    Scalar.DOUBLE: "float",
    Scalar.DECIMAL: "float",
    Scalar.GUID: "string",
    Scalar.DATETIME: "DateTime",
    Scalar.DURATION: "DateInterval",
    Scalar.BYTES: "ByteArray",
}

DOCUMENTED: Final = TypeNames(
    scalars=_SCALARS,
    list_of=lambda item: f"array<{item}>",
    map_of=lambda _key, value: f"array<string,{value}>",
)
"""Type names in comments, with the element types of arrays."""

DECLARED: Final = TypeNames(scalars=_SCALARS, list_of=lambda _item: "array", map_of=lambda _key, _value: "array")
"""Type names in declarations."""

CONVERTED: Final = TypeNames(
    scalars={**_SCALARS, Scalar.GUID: "Guid", Scalar.DURATION: "TimeSpan"},
    list_of=lambda item: f"List<{item}>",
    map_of=lambda key, value: f"Dictionary<{key},{value}>",
)
"""Type names for the converters of the package."""

INITIAL: Final[Mapping[str, str]] = {
    "string": "''",
    "int": "0",
    "float": "0.0",
    "DateTime": "new DateTime()",
    "array": "[]",
}
"""Initial values of required properties; properties of other types start with null even if required."""

PLAIN: Final = frozenset({"string", "bool", "int", "float"})
"""Types whose values are the same in JSON, so that no conversion is needed."""

USED: Final = ("DateTime", "Exception", "DateInterval", "JsonSerializable")
"""PHP classes that every source imports."""

PACKAGE: Final = (
    "IReturn IReturnVoid IGet IPost IPut IDelete IPatch IMeta IHasSessionId IHasBearerToken IHasVersion",
    "ICrud ICreateDb IUpdateDb IPatchDb IDeleteDb ISaveDb AuditBase QueryDb QueryDb2 QueryData QueryData2 QueryResponse",
    (
        "ResponseStatus ResponseError EmptyResponse IdResponse ArrayList KeyValuePair2 StringResponse StringsResponse "
        "Tuple2 Tuple3 ByteArray"
    ),
    "JsonConverters Returns TypeContext",
)
"""Names that every source imports from the package, one `use` statement for each entry."""

quote: Final = partial(quoted, mark="'")
"""Return a string literal without interpolation."""


class Php(Language):
    """Generator of PHP classes."""

    key = "php"
    title = "PHP"
    index_name = "Php"
    media_type = "text/javascript"
    order = Order.DEPENDENCIES_FIRST
    library = frozenset({"ResponseStatus", "ResponseError"})
    header = Header(
        options=(
            "GlobalNamespace",
            "MakePropertiesOptional",
            *USUAL_OPTIONS,
        ),
    )

    def safe(self, text: str) -> str:
        """Escape the end of a block comment and the PHP closing tag, which ends a line comment."""
        return apart(text, "*/", "?>")

    def write(self, source: Source) -> Iterable[str]:
        """Write the namespace, then the header, the imports and the types."""
        yield f"<?php namespace {_qualified(source.options.text('GlobalNamespace') or 'dtos')};"
        yield from source.header or [""]
        yield from (f"use {name};" for name in _uses(source))
        yield ""
        yield from blank_before_each(_declarations(source))
        yield ""


def _qualified(name: str) -> str:
    return name.replace("/", ".").replace(".", "\\")


def _uses(source: Source) -> Iterator[str]:
    """Yield the `use` statements, without names that the source declares itself."""
    declared = {each.name for each in source.types}
    yield from (name for name in USED if name not in declared)
    for line in PACKAGE:
        yield f"ServiceStack\\{{{','.join(name for name in line.split() if name not in declared)}}}"
    yield from (_qualified(name) for name in source.options.names("DefaultImports"))


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    for declared in source.types:
        yield _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source)


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield from [f"enum {declared.name} : string", "{"]
    for value in declared.values:
        name = capitalised(value.name) if value.name.lower() == "class" else value.name
        yield f"    case {name} = {quote(value.wire)};"
    yield "}"


def _class(shape: Shape, source: Source) -> Iterator[str]:
    fields = [_PhpProperty(each, source) for each in shape.own]
    inherited = [_PhpProperty(each, source) for each in shape.inherited]
    yield from _comment(shape.description, shape.attributes_with_routes)
    if shape.operation and shape.operation.response:
        yield f"#[Returns({quote(shape.operation.response)})]"
    base = f" extends {shape.base}" if shape.base else ""
    listed = [*shape.interfaces(lambda _response: "IReturn"), "JsonSerializable"]
    yield f"class {shape.name}{base} implements {', '.join(listed)}"
    yield "{"
    yield from indented(_constructor(fields, inherited))
    yield ""
    yield from indented(_reading(shape, fields))
    yield "    "
    yield from indented(_writing(shape, fields))
    if shape.operation:
        yield from indented(_methods(shape.name, shape.operation))
    yield "}"


def _comment(description: str | None, attributes: Iterable[Attribute]) -> Iterator[str]:
    if description is not None:
        yield f"/** @description {description} */"
    yield from (f"// @{apart(attribute_text(attribute), '?>')}" for attribute in attributes)


def _constructor(fields: list["_PhpProperty"], inherited: list["_PhpProperty"]) -> Iterator[str]:
    if inherited:
        yield from ["/**", *(f" * @param {field.documented} ${field.name}" for field in inherited), " */"]
    yield "public function __construct("
    parameters = [*((field.handed_on(), False) for field in inherited)]
    parameters += [(field.promoted(), bool(field.attributes)) for field in fields]
    yield from indented(_without_last_comma(blank_after(parameters)))
    yield ") {"
    if inherited:
        yield f"    parent::__construct({', '.join(f'${field.name}' for field in inherited)});"
    yield "}"


def _without_last_comma(lines: Iterable[str]) -> list[str]:
    collected = list(lines)
    return [*collected[:-1], *(line.removesuffix(",") for line in collected[-1:])]


def _reading(shape: Shape, fields: list["_PhpProperty"]) -> Iterator[str]:
    yield from ["/** @throws Exception */", "public function fromMap($o): void {"]
    if shape.base:
        yield "    parent::fromMap($o);"
    yield from (f"    if (isset({field.key})) $this->{field.name} = {field.read};" for field in fields)
    yield "}"


def _writing(shape: Shape, fields: list["_PhpProperty"]) -> Iterator[str]:
    yield from ["/** @throws Exception */", "public function jsonSerialize(): mixed", "{"]
    yield f"    $o = {'(array) parent::jsonSerialize()' if shape.base else '[]'};"
    yield from (f"    if (isset($this->{field.name})) {field.key} = {field.written};" for field in fields)
    yield "    return empty($o) ? new class(){} : $o;"
    yield "}"


def _methods(name: str, operation: OperationDeclaration) -> Iterator[str]:
    yield f"public function getTypeName(): string {{ return {quote(name)}; }}"
    yield f"public function getMethod(): string {{ return {quote(operation.verb)}; }}"
    if operation.response:
        yield f"public function createResponse(): mixed {{ return new {operation.response}(); }}"
    else:
        yield "public function createResponse(): void {}"


class _PhpProperty:
    """A PHP property: its name, its type, and the code that reads and writes it."""

    def __init__(self, each: Property, source: Source) -> None:
        name = as_identifier(each.wire)
        self.name = capitalised(name) if name == "this" else name
        self.key = f"$o[{quote(each.wire)}]"
        self.attributes = each.attributes
        self._description = each.description
        self._core = each.core
        self._type = DECLARED(each.core)
        self._initial = _initial(each, self._type, source)
        self._mark = "" if self._initial != "null" and each.preset is None else "?"

    @property
    def documented(self) -> str:
        """Type name for comments."""
        return DOCUMENTED(self._core) + ("|null" if self._mark else "")

    def promoted(self) -> Iterator[str]:
        """Yield the lines of the promoted parameter."""
        yield from _comment(self._description, self.attributes)
        yield f"/** @var {self.documented} */"
        yield f"public {self._parameter}"

    def handed_on(self) -> Iterator[str]:
        """Yield the line of a parameter that a base class declares."""
        yield self._parameter

    @property
    def _parameter(self) -> str:
        return f"{self._mark}{self._type} ${self.name}={self._initial},"

    @property
    def read(self) -> str:
        """Expression that reads the property from a map."""
        return _converted("from", self._core, self.key)

    @property
    def written(self) -> str:
        """Expression for the property in a map."""
        return _converted("to", self._core, f"$this->{self.name}")


def _initial(each: Property, name: str, source: Source) -> str:
    if each.preset is not None:
        return str(each.preset)
    all_optional = source.options.flag("MakePropertiesOptional") and not source.options.latest
    initialized = each.collection is not None and source.options.flag("InitializeCollections")
    required = (each.required and not all_optional) or initialized
    return INITIAL.get(name, "null") if required else "null"


def _converted(direction: str, node: TypeNode, value: str) -> str:
    """Return the converter call for a value, or the value itself if it is the same in JSON."""
    match node:
        case Scalar() if _SCALARS[node] in PLAIN:
            return value
        case ListOf(item):
            return f"JsonConverters::{direction}Array({quote(CONVERTED(item))}, {value})"
        case MapOf(_, item):
            arguments = f"['string',{quote(CONVERTED(item))}]"
            return (
                f"JsonConverters::{direction}(JsonConverters::context('Dictionary',genericArgs:{arguments}), {value})"
            )
        case Scalar() | EnumOf() | Ref() | Nullable():
            return f"JsonConverters::{direction}({quote(CONVERTED(node))}, {value})"


__all__ = ["Php"]
