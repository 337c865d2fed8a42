"""Zig: structs for `std.json` and the client library `servicestack`, formatted like `zig fmt` output.

`std.json` maps fields by name only, so fields have their wire names. Every field has a default: null for types without
an empty value. Members of base types are repeated in each struct; a recursive message is behind a pointer.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from servicehost.contract.references import named_in
from servicehost.contract.types import ListOf, Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, OperationDeclaration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.recursion import leads_back
from servicehost.languages.text import blank_after, blank_before_each, indented, is_identifier, quoted
from servicehost.languages.typescript import TypeScript

KEYWORDS: Final = frozenset(
    """
    addrspace align allowzero and anyframe anytype asm break callconv catch comptime const continue defer else enum
    errdefer error export extern fn for if inline linksection noalias noinline nosuspend opaque or orelse packed pub
    resume return struct suspend switch test threadlocal try union unreachable var volatile while
    """.split()  # noqa: SIM905 - otherwise one word per line, fifty lines
)

NUMBERS: Final = frozenset({Scalar.INT, Scalar.LONG, Scalar.DOUBLE, Scalar.DECIMAL})


class Zig(Language):
    """Generator of Zig structs."""

    key = "zig"
    title = "Zig"
    index_name = "Zig"
    order = Order.DEPENDENCIES_FIRST
    header = Header(
        opening=("/// Options:",),
        closing=("///",),
        off="/// ",
        on="//",
        each="/// ",
        blank=None,
        tip="/",
        trimmed=True,
        options=TypeScript.header.options,
    )
    library = frozenset({"ResponseStatus", "ResponseError"})

    def safe(self, text: str) -> str:
        """Return the text unchanged: it appears only in line comments, which end with the line."""
        return text

    def write(self, source: Source) -> Iterable[str]:
        """Write the imports and the structs, each struct after an empty line."""
        from_library = self.library.intersection(_named(source)) - {declared.name for declared in source.types}
        names = _type_names(from_library)
        yield from source.header
        yield 'const std = @import("std");'
        if from_library:
            yield 'const ss = @import("servicestack");'
        yield from _imports(source)
        for declared in source.types:
            block = _enum(declared) if isinstance(declared, Enumeration) else _struct(declared, names)
            yield from blank_before_each([block])


def _type_names(from_library: frozenset[str]) -> TypeNames:
    return TypeNames(
        scalars={
            Scalar.STRING: "[]const u8",
            Scalar.BOOL: "bool",
            Scalar.INT: "i32",
            Scalar.LONG: "i64",
            Scalar.DOUBLE: "f64",
            Scalar.DECIMAL: "f64",
            Scalar.GUID: "[]const u8",
            Scalar.DATETIME: "[]const u8",
            Scalar.DURATION: "[]const u8",
            Scalar.BYTES: "[]const u8",
        },
        list_of=lambda item: f"[]{item}",
        map_of=lambda _key, _value: "std.json.Value",
        nullable=lambda name: f"?{name}",
        named=lambda name: f"ss.{name}" if name in from_library else name,
    )


def _named(source: Source) -> Iterator[str]:
    """Yield the types of all properties, including those of base types, which are repeated in each struct."""
    return (named.name for shape in source.shapes for each in shape.properties for named in named_in(each.type))


def _imports(source: Source) -> Iterator[str]:
    """Yield the imports of `DefaultImports`: `name:module`, or a module imported by its own name."""
    for entry in source.options.names("DefaultImports"):
        name, _, module = entry.partition(":")
        yield f"const {_identifier(name)} = @import({quoted(module or name)});"


def _enum(declared: Enumeration) -> Iterator[str]:
    yield f"pub const {declared.name} = enum {{"
    yield from (f"    {_identifier(value.wire)}," for value in declared.values)
    yield "};"


def _struct(shape: Shape, names: TypeNames) -> Iterator[str]:
    yield from _comment(shape.description, shape.attributes_with_routes)
    constants = list(_constants(shape, shape.operation)) if shape.operation else []
    fields = list(blank_after((_field(each, shape.name, names), bool(each.attributes)) for each in shape.properties))
    if not (constants or fields):
        yield f"pub const {shape.name} = struct {{}};"
        return
    yield f"pub const {shape.name} = struct {{"
    yield from indented(constants)
    if constants and fields:
        yield ""
    yield from indented(fields)
    yield "};"


def _constants(shape: Shape, operation: OperationDeclaration) -> Iterator[str]:
    """Yield the constants that the client reads from a request, unless a field has the same name."""
    fields = {each.wire for each in shape.properties}
    constants = {
        "ss_name": quoted(shape.name),
        "ss_verb": quoted(operation.verb),
        "Response": operation.response or "void",
    }
    return (f"pub const {name} = {value};" for name, value in constants.items() if name not in fields)


def _field(each: Property, owner: str, names: TypeNames) -> Iterator[str]:
    yield from _comment(each.description, each.attributes)
    kind, initial = _kind(each, owner, names)
    yield f"{_identifier(each.wire)}: {kind} = {initial},"


def _kind(each: Property, owner: str, names: TypeNames) -> tuple[str, str]:
    """Return the type of a field and its initial value."""
    kind = names(each.core)
    if each.preset is not None:
        return kind, str(each.preset)
    if each.required and each.core in NUMBERS:
        return kind, "0"
    if each.required and each.core is Scalar.BOOL:
        return kind, "false"
    if each.required and isinstance(each.core, ListOf):
        return kind, "&.{}"
    return f"?*const {kind}" if leads_back(each.core, owner) else f"?{kind}", "null"


def _comment(description: str | None, attributes: Iterable[Attribute]) -> Iterator[str]:
    if description is not None:
        yield f"/// {description}".rstrip()
    for attribute in attributes:
        yield f"// @{attribute_text(attribute)}"


def _identifier(name: str) -> str:
    """Return the name, quoted if it is a keyword or not an identifier."""
    return name if is_identifier(name) and name not in KEYWORDS else f"@{quoted(name)}"


__all__ = ["Zig"]
