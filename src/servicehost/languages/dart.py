"""Dart: classes with their own JSON conversion, for the package `servicestack`.

`fromMap` and `toJson` state the wire name of every field. The type context at the end of the file tells the package how
to create the types that it does not know.

Inside a Dart class, a field hides a type of the same name. Files therefore rename a field that would hide a type used by
its class; documentation pages do not, as ServiceStack hosts of this release do not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final
from urllib.parse import urlsplit

from servicehost.contract.folds import nodes_in
from servicehost.contract.types import ListOf, MapOf, Scalar, TypeNode
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Enumeration, OperationDeclaration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.options import USUAL_OPTIONS
from servicehost.languages.text import (
    apart,
    as_identifier,
    blank_after,
    blank_before_each,
    camel,
    capitalised,
    indented,
    quoted,
    starred_comment,
)

PACKAGE: Final = "package:servicestack/servicestack.dart"
"""Default import of every source."""

TYPE_NAMES: Final = TypeNames(
    scalars={
        Scalar.STRING: "String",
        Scalar.BOOL: "bool",
        Scalar.INT: "int",
        Scalar.LONG: "int",
        Scalar.DOUBLE: "double",
        Scalar.DECIMAL: "double",
        Scalar.GUID: "String",
        Scalar.DATETIME: "DateTime",
        Scalar.DURATION: "Duration",
        Scalar.BYTES: "Uint8List",
    },
    list_of=lambda item: f"List<{item}>",
    map_of=lambda key, value: f"Map<{key},{value.removesuffix('?')}?>",
    nullable=lambda name: f"{name}?",
)
"""Dart type names."""

PLAIN: Final = frozenset({"String", "bool", "int"})
"""Types whose values are the same in JSON, so that no conversion is needed."""

CONSTANTS: Final[Mapping[str, str]] = {"String": '""', "bool": "false", "int": "0", "double": "0.0"}
"""Initial values of required fields in the newest release."""

_RESERVED = """
    assert break case catch class const continue default do else enum extends false final finally for if in is new null
    rethrow return super switch this throw true try var void while with
    """
RESERVED: Final = frozenset(_RESERVED.split())
"""Reserved words, which cannot be field names."""

_MENTIONED = """
    DateTime Duration JsonConverters List Map String TypeContext Uint8List bool context createResponse double dynamic
    fromMap getResponseTypeName getTypeName hashCode int json noSuchMethod runtimeType toJson toString
    """
MENTIONED: Final = frozenset(_MENTIONED.split())
"""Names that every class uses or declares in addition to the types of its fields."""


class Dart(Language):
    """Generator of Dart classes."""

    key = "dart"
    title = "Dart"
    index_name = "Dart"
    order = Order.DEPENDENCIES_FIRST
    library = frozenset({"ResponseStatus", "ResponseError", "ErrorResponse"})
    forced: ClassVar[Mapping[str, str]] = {"DefaultImports": PACKAGE}
    header = Header(
        options=(
            "GlobalNamespace",
            *USUAL_OPTIONS,
        ),
    )

    def safe(self, text: str) -> str:
        """Escape both ends of block comments, because comments nest in Dart."""
        return apart(text, "*/", "/*")

    def write(self, source: Source) -> Iterable[str]:
        """Write the library name, the imports, the types and their type context."""
        yield from source.header
        if library := source.options.text("GlobalNamespace"):
            yield from [f"library {library};", ""]
        yield from (f"import {_quote(uri)};" for uri in _imports(source))
        yield from blank_before_each(_declarations(source))
        yield from ["", *_context(source), ""]


def _quote(text: str) -> str:
    """Return a string literal, with dollar signs escaped because they start an expression."""
    return quoted(text, mark="'").replace("$", "\\$")


def _imports(source: Source) -> Iterator[str]:
    yield from source.options.names("DefaultImports") or [PACKAGE]
    if Scalar.BYTES in source.scalars:
        yield "dart:typed_data"


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    for declared in source.types:
        yield _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source)


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield from [f"enum {declared.name}", "{"]
    for value in declared.values:
        name = capitalised(value.name) if value.name in RESERVED else value.name
        if name != value.wire:
            yield f"    // @EnumMember(Value={quoted(value.wire)})"
        yield f"    {name},"
    yield "}"


def _class(shape: Shape, source: Source) -> Iterator[str]:
    fields = [_DartField(each, shape, source) for each in shape.own]
    yield from starred_comment(shape.description)
    yield from (f"// @{attribute_text(attribute)}" for attribute in shape.attributes_with_routes)
    base = f" extends {shape.base}" if shape.base else ""
    yield f"class {shape.name}{base} implements {', '.join(_interfaces(shape))}"
    yield "{"
    yield from indented(blank_after((field.declaration(), bool(field.attributes)) for field in fields))
    if fields:
        yield ""
    yield from indented(_reading(shape, fields))
    yield ""
    yield from indented(_writing(shape, fields))
    if fields:
        yield ""
    yield from indented(_methods(shape.name, shape.operation))
    yield "}"


def _interfaces(shape: Shape) -> Iterator[str]:
    """Yield the interfaces, an inferred verb last: the package takes the method from the last one."""
    yield from [*shape.interfaces("IReturn<{}>".format), "IConvertible"]
    if shape.operation and not shape.operation.marker:
        yield f"I{shape.operation.verb.title()}"


def _reading(shape: Shape, fields: list["_DartField"]) -> Iterator[str]:
    name, arguments = shape.name, ",".join(field.argument for field in fields)
    body = "{ fromMap(json); }" if fields else f": super{'.fromJson(json)' if shape.base else '()'};"
    yield f"{name}({{{arguments}}});" if fields else f"{name}();"
    yield f"{name}.fromJson(Map<String, dynamic> json) {body}"
    if fields:
        yield ""
    yield "fromMap(Map<String, dynamic> json) {"
    if shape.base:
        yield "    super.fromMap(json);"
    yield from (f"    {field.name} = {field.read};" for field in fields)
    yield from ["    return this;", "}"]


def _writing(shape: Shape, fields: list["_DartField"]) -> Iterator[str]:
    head = "Map<String, dynamic> toJson() =>"
    if not fields:
        yield f"{head} {'super.toJson()' if shape.base else '{}'};"
        return
    yield f"{head} super.toJson()..addAll({{" if shape.base else f"{head} {{"
    entries = [f"    {_quote(field.wire)}: {field.written}" for field in fields]
    yield from [*(f"{entry}," for entry in entries[:-1]), entries[-1]]
    yield "});" if shape.base else "};"


def _methods(name: str, operation: OperationDeclaration | None) -> Iterator[str]:
    if operation and operation.response:
        yield f"createResponse() => {operation.response}();"
        yield f'getResponseTypeName() => "{operation.response}";'
    elif operation:
        yield "createResponse() {}"
    yield f'getTypeName() => "{name}";'
    yield "TypeContext? context = _ctx;"


class _DartField:
    """A Dart field: its name, its type, and the code that reads and writes it."""

    def __init__(self, each: Property, shape: Shape, source: Source) -> None:
        self._property = each
        self.wire = each.wire
        self.attributes = each.attributes
        self.type = TYPE_NAMES(each.core)
        self.name = _free_name(each, shape) if source.whole else _name(each.wire)
        self._default = _default(each, self.type) if source.options.latest else None

    def declaration(self) -> Iterator[str]:
        """Yield the lines of the field declaration."""
        yield from starred_comment(self._property.description)
        yield from (f"// @{attribute_text(attribute)}" for attribute in self.attributes)
        mark = "" if self._default else "?"
        yield f"{self.type}{mark} {self.name}{f' = {self._initial}' if self._initial else ''};"

    @property
    def _initial(self) -> str | None:
        """Initial value, or an empty text."""
        return self._default if self._property.preset is None else str(self._property.preset)

    @property
    def argument(self) -> str:
        """Constructor parameter."""
        constant = self._initial
        if constant in ("[]", "{}"):
            constant = f"const {constant}"
        return f"this.{self.name}={constant}" if constant else f"this.{self.name}"

    @property
    def read(self) -> str:
        """Expression that reads the field from a map."""
        return _read(f"json[{_quote(self.wire)}]", self.type) + (f" ?? {self._default}" if self._default else "")

    @property
    def written(self) -> str:
        """Map entry that writes the field."""
        is_plain = self.type in (*PLAIN, "double", "Map<String,String?>")
        return self.name if is_plain else f"JsonConverters.toJson({self.name},'{self.type}',context!)"


def _name(wire: str) -> str:
    name = as_identifier(wire)
    return capitalised(name) if name in RESERVED else name


def _free_name(each: Property, shape: Shape) -> str:
    """Return a field name that hides no type used by the class."""
    mentioned = {shape.name, *MENTIONED, *(word for one in shape.own for word in _words(TYPE_NAMES(one.core)))}
    mentioned |= {shape.operation.response} if shape.operation and shape.operation.response else set()
    name = _name(each.wire)
    name = _name(camel(name)) if name in mentioned else name
    return f"{name}_" if name in mentioned else name


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name)


def _default(each: Property, name: str) -> str | None:
    """Return the initial value of a required field, if the type has one."""
    if not each.required:
        return None
    return {"list": "[]", "map": "{}", None: CONSTANTS.get(name)}[each.collection]


def _read(value: str, name: str) -> str:
    if name in PLAIN:
        return value
    if name == "double":
        return f"JsonConverters.toDouble({value})"
    if name == "Map<String,String?>":
        return f"JsonConverters.toStringMap({value})"
    return f"JsonConverters.fromJson({value},'{name}',context!)"


def _context(source: Source) -> Iterator[str]:
    host = urlsplit(source.service.base_url).hostname or ""
    yield f"TypeContext _ctx = TypeContext(library: {_quote(host)}, types: <String, TypeInfo> {{"
    rows = (row for declared in source.types for row in _rows(declared))
    yield from (f"    '{name}': {information}," for name, information in dict(rows).items())
    yield "});"


def _rows(declared: Shape | Enumeration) -> Iterator[tuple[str, str]]:
    """Yield the type context entries of a type and of the collections in it."""
    if isinstance(declared, Enumeration):
        yield declared.name, f"TypeInfo(TypeOf.Enum, enumValues:{declared.name}.values)"
        return
    yield declared.name, f"TypeInfo(TypeOf.Class, create:() => {declared.name}())"
    for each in declared.own:
        yield from _collections(each.core)


def _collections(node: TypeNode) -> Iterator[tuple[str, str]]:
    for part in nodes_in(node):
        name = TYPE_NAMES(part)
        if isinstance(part, ListOf) and name != "List<String>":
            yield name, f"TypeInfo(TypeOf.Class, create:() => <{TYPE_NAMES(part.item)}>[])"
        if isinstance(part, MapOf) and name != "Map<String,String?>":
            yield name, f"TypeInfo(TypeOf.Class, create:() => {name}())"


__all__ = ["Dart"]
