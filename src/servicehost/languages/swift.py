"""Swift: `Codable` classes for the package `ServiceStack`.

Properties are in camelCase, by Swift's convention. `Codable` matches names exactly, so files declare coding keys for
wire names that differ. A class with a base class must encode and decode its own properties itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final

from servicehost.contract.types import Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
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

IMPORTS: Final = ("Foundation", "ServiceStack")
"""Default imports of every source."""

TYPE_NAMES: Final = TypeNames(
    scalars={
        Scalar.STRING: "String",
        Scalar.BOOL: "Bool",
        Scalar.INT: "Int",
        Scalar.LONG: "Int",
        Scalar.DOUBLE: "Double",
        Scalar.DECIMAL: "Double",
        Scalar.GUID: "String",
        Scalar.DATETIME: "Date",
        Scalar.DURATION: "TimeInterval",
        Scalar.BYTES: "[UInt8]",
    },
    list_of=lambda item: f"[{item}]",
    map_of=lambda key, value: f"[{key}:{value}]",
    nullable=lambda name: f"{name}?",
)
"""Swift type names."""

EMPTY: Final[Mapping[str, str]] = {"list": "[]", "map": "[:]"}
"""Initial value of an empty collection."""

CONSTANTS: Final[Mapping[str, str]] = {"String": '""', "Bool": "false", "Int": "0", "Double": "0"}
"""Initial values of required properties when properties are not optional."""

LOCALS: Final = frozenset({"container", "decoder", "encoder"})
"""Parameter and variable names of the coding methods, which hide properties of the same name."""

_KEYWORDS = """
    Any Protocol Self Type as associatedtype break case catch class continue default defer deinit do else enum extension
    fallthrough false fileprivate for func guard if import in init inout internal is let nil open operator precedencegroup
    private protocol public repeat rethrows return self static struct subscript super switch throw throws true try
    typealias var where while
    """
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Keywords; as names they need backticks."""


class Swift(Language):
    """Generator of Swift classes."""

    key = "swift"
    title = "Swift"
    index_name = "Swift"
    order = Order.AS_REGISTERED
    library = frozenset({"ResponseStatus", "ResponseError", "ErrorResponse"})
    forced: ClassVar[Mapping[str, str]] = {"MakePropertiesOptional": "True", "DefaultImports": ",".join(IMPORTS)}
    header = Header(
        further=("SwiftVersion: 6.0",),
        options=(
            "BaseClass",
            "AddModelExtensions",
            "AddServiceStackTypes",
            "MakePropertiesOptional",
            "IncludeTypes",
            "ExcludeTypes",
            "ExcludeGenericBaseTypes",
            "AddResponseStatus",
            "AddImplicitVersion",
            "AddDescriptionAsComments",
            "InitializeCollections",
            "TreatTypesAsStrings",
            "DefaultImports",
        ),
    )

    def safe(self, text: str) -> str:
        """Escape both ends of block comments, because comments nest in Swift."""
        return apart(text, "*/", "/*")

    def write(self, source: Source) -> Iterable[str]:
        """Write the imports and the types, with two empty lines at the end."""
        yield from source.header
        yield from (f"import {name}" for name in source.options.names("DefaultImports") or IMPORTS)
        yield from blank_before_each(_declarations(source))
        yield from ["", ""]


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    for declared in source.types:
        yield _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source)


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield from [f"public enum {declared.name} : String, Codable", "{"]
    yield from indented(_case(value.name, value.wire) for value in declared.values)
    yield "}"


def _case(name: str, wire: str) -> str:
    """Return an enumeration case, with its raw value if that differs from the name."""
    return f"case {_escaped(name)}" + (f" = {quoted(wire)}" if name != wire else "")


def _escaped(name: str) -> str:
    return f"`{name}`" if name in KEYWORDS else name


def _class(shape: Shape, source: Source) -> Iterator[str]:
    names = TYPE_NAMES.as_strings(source.options.names("TreatTypesAsStrings"))
    fields = [_SwiftProperty(each, names, source) for each in shape.own]
    base = shape.base or source.options.text("BaseClass")
    yield from _comment(shape.description, shape.attributes_with_routes)
    yield f"public class {shape.name} : {', '.join(_heritage(shape, base))}"
    yield "{"
    if shape.operation and shape.operation.response:
        yield from [f"    public typealias Return = {shape.operation.response}", ""]
    yield from indented(blank_after((field.declaration(), bool(field.attributes)) for field in fields))
    if fields:
        yield ""
    yield f"    {_initializer(shape, base)}"
    yield from indented(_coding(shape, fields, source))
    yield "}"


def _initializer(shape: Shape, base: str) -> str:
    """Return the initializer. Only a base class from the option `BaseClass` needs `override`: generated ones are required."""
    if shape.base:
        return "required public init(){ super.init() }"
    return "required public override init(){ super.init() }" if base else "required public init(){}"


def _heritage(shape: Shape, base: str) -> Iterator[str]:
    if base:
        yield base
    yield from shape.interfaces(lambda _response: "IReturn")
    if not shape.base:
        yield "Codable"


def _comment(description: str | None, attributes: Iterable[Attribute]) -> Iterator[str]:
    yield from starred_comment(description)
    yield from (f"// @{attribute_text(attribute)}" for attribute in attributes)


def _coding(shape: Shape, fields: list["_SwiftProperty"], source: Source) -> Iterator[str]:
    """Yield the coding keys and methods, unless Swift can synthesise them."""
    if fields and (shape.base or (source.whole and any(field.bare != field.wire for field in fields))):
        cases = (_case(field.bare, field.wire if source.whole else field.bare) for field in fields)
        yield from ["", "private enum CodingKeys : String, CodingKey {", *indented(cases), "}"]
    if shape.base:
        yield from _decoding(fields)
    if shape.base and fields:
        yield from _encoding(fields)


def _decoding(fields: list["_SwiftProperty"]) -> Iterator[str]:
    yield from ["", "required public init(from decoder: Decoder) throws {", "    try super.init(from: decoder)"]
    if fields:
        yield "    let container = try decoder.container(keyedBy: CodingKeys.self)"
    yield from (f"    {field.decoding()}" for field in fields)
    yield "}"


def _encoding(fields: list["_SwiftProperty"]) -> Iterator[str]:
    yield from ["", "public override func encode(to encoder: Encoder) throws {", "    try super.encode(to: encoder)"]
    yield "    var container = encoder.container(keyedBy: CodingKeys.self)"
    yield from (f"    {field.encoding()}" for field in fields)
    yield "}"


class _SwiftProperty:
    """A Swift property: its name, its type, and the statements that read and write it."""

    def __init__(self, each: Property, names: TypeNames, source: Source) -> None:
        name = as_identifier(camel(each.name))
        self.wire = each.wire
        self.attributes = each.attributes
        self.bare = capitalised(name) if name == "description" else name
        self._description = each.description
        self._name = _escaped(self.bare)
        self._type = names(each.core)
        self._constant = _constant(each, self._type, source)
        self._is_optional = self._constant is None and _may_be_nil(each, source)
        self._preset = each.preset

    def declaration(self) -> Iterator[str]:
        """Yield the lines of the property declaration."""
        yield from _comment(self._description, self.attributes)
        start = self._constant if self._preset is None else str(self._preset)
        wrapper, mark = "@TimeSpan " if self._is_duration else "", "?" if self._is_optional else ""
        yield f"{wrapper}public var {self._name}:{self._type}{mark}{f' = {start}' if start else ''}"

    @property
    def _is_duration(self) -> bool:
        """Whether the package encodes the value with a property wrapper."""
        return self._type == "TimeInterval"

    def decoding(self) -> str:
        """Return the statement that decodes the property."""
        read = "container.decodeIfPresent({}.self, forKey: .{})"
        if self._is_duration:
            read = read.format("TimeSpan", self._name)
            return f"_{self.bare} = try {read} ?? TimeSpan(wrappedValue: nil)"
        fallback = f" ?? {self._constant}" if self._constant else ""
        return f"{self._value} = try {read.format(self._type, self._name)}{fallback}"

    def encoding(self) -> str:
        """Return the statement that encodes the property unless it is nil or empty."""
        value = f"_{self.bare}" if self._is_duration else self._value
        write = f"try container.encode({value}, forKey: .{self._name})"
        if self._constant is None:
            return f"if {self._value} != nil {{ {write} }}"
        is_collection = self._constant in EMPTY.values()
        return f"if {self._value}.count > 0 {{ {write} }}" if is_collection else write

    @property
    def _value(self) -> str:
        return f"self.{self._name}" if self.bare in LOCALS else self._name


def _may_be_nil(each: Property, source: Source) -> bool:
    """Whether the property is optional when it has no initial value; in files, always."""
    return source.whole or source.options.flag("MakePropertiesOptional") or each.nullable_value


def _constant(each: Property, name: str, source: Source) -> str | None:
    """Return the initial value of a property that is never nil; None for optional properties."""
    if each.collection:
        return EMPTY[each.collection] if each.stated or source.options.flag("InitializeCollections") else None
    never_nil = source.whole and each.required and not source.options.flag("MakePropertiesOptional")
    return CONSTANTS.get(name) if never_nil and each.preset is None else None


__all__ = ["Swift"]
