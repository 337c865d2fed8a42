"""TypeScript: classes for `@servicestack/client`.

A request class names its type, its method and its response, which is what that client asks of it. Interfaces of the
client library are declared in the file, so that it compiles alone. A constructor assigns the members by their names,
which a strict compiler does not see: so it is told not to check the file itself, but all that uses it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from servicehost.contract.types import Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, Exchange, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.options import USUAL_OPTIONS
from servicehost.languages.text import apart, blank_after, blank_before_each, indented, is_identifier, quoted

TYPE_NAMES: Final = TypeNames(
    scalars={
        Scalar.STRING: "string",
        Scalar.BOOL: "boolean",
        Scalar.INT: "number",
        Scalar.LONG: "number",
        Scalar.DOUBLE: "number",
        Scalar.DECIMAL: "number",
        Scalar.GUID: "string",
        Scalar.DATETIME: "string",
        Scalar.DURATION: "string",
        Scalar.BYTES: "string",
    },
    list_of=lambda item: f"{item}[]",
    map_of=lambda key, value: f"{{ [index:{key}]: {value}; }}",
)
"""How TypeScript spells types; the annotations of JavaScript spell them the same."""


INITIAL: Final[Mapping[str | None, str]] = {"list": " = []", "map": " = {}"}
"""How a collection starts empty."""

quote: Final = partial(quoted, mark="'")
"""A text as a string literal."""


class TypeScript(Language):
    """TypeScript classes."""

    key = "typescript"
    title = "TypeScript"
    index_name = "TypeScript"
    order = Order.DEPENDENCIES_FIRST
    header = Header(
        closing=("*/",),
        options=(
            "GlobalNamespace",
            "MakePropertiesOptional",
            *USUAL_OPTIONS,
        ),
    )

    def safe(self, text: str) -> str:
        """Nothing but the end of a block comment ends a comment."""
        return apart(text, "*/")

    def write(self, source: Source) -> Iterable[str]:
        """Imports, interfaces and classes, in a module if one is asked for, each after an empty line."""
        yield from source.header
        if source.whole or source.options.latest:
            yield from ["", "// @ts-nocheck"]
        if lines := list(imports(source)):
            yield from ["", *lines]
        module = source.options.text("GlobalNamespace")
        declarations = blank_before_each(_declarations(source))
        yield from _in_module(module, declarations) if module else declarations
        yield ""


def imports(source: Source) -> Iterator[str]:
    """The imports that are asked for: `A:module` is a name of a module, anything else a whole one."""
    for entry in source.options.names("DefaultImports"):
        name, colon, module = entry.partition(":")
        yield f'import {{ {name} }} from "{module}";' if colon else f'import "{entry}";'


def _in_module(module: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ["", f"export module {module}", "{"]
    yield from indented(lines)
    yield "}"


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    if source.whole and source.options.flag("AddServiceStackTypes"):
        yield from _interfaces(source)
    for declared in source.types:
        yield _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source)


def _interfaces(source: Source) -> Iterator[Iterable[str]]:
    yield ["export interface IReturn<T>", "{", "    createResponse(): T;", "}"]
    yield ["export interface IReturnVoid", "{", "    createResponse(): void;", "}"]
    for marker in source.markers:
        yield [f"export interface {marker}", "{", "}"]


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield from [f"export enum {declared.name}", "{"]
    for value in declared.values:
        yield f"    {value.name} = {quote(value.wire)},"
    yield "}"


def _class(shape: Shape, source: Source) -> Iterator[str]:
    yield from comment(shape.description, shape.attributes_with_routes)
    yield f"export class {shape.name}{_heritage(shape)}"
    yield "{"
    properties = ((_property(each, source), bool(each.attributes)) for each in shape.own)
    yield from indented(blank_after(properties))
    yield ""
    first = "super(init); " if shape.base else ""
    yield f"    public constructor(init?: Partial<{shape.name}>) {{ {first}(Object as any).assign(this, init); }}"
    if shape.exchange:
        yield from indented(_methods(shape.name, shape.exchange))
    yield "}"


def _heritage(shape: Shape) -> str:
    base = f" extends {shape.base}" if shape.base else ""
    listed = shape.interfaces("IReturn<{}>".format)
    return f"{base} implements {', '.join(listed)}" if listed else base


def _property(each: Property, source: Source) -> Iterator[str]:
    yield from comment(each.description, each.attributes)
    name = each.wire if is_identifier(each.wire) else quote(each.wire)
    mark = "?" if _is_optional(each, source) else ""
    yield f"public {name}{mark}: {TYPE_NAMES(each.type)}{_initial(each, source)};"


def _is_optional(each: Property, source: Source) -> bool:
    """The release of this host marks what .NET calls `Nullable`; the newest all that is not required."""
    if source.options.flag("MakePropertiesOptional"):
        return True
    return not each.required if source.options.latest else each.nullable_value


def _initial(each: Property, source: Source) -> str:
    if each.preset is not None:
        return f" = {each.preset}"
    if not (each.stated or source.options.flag("InitializeCollections")):
        return ""
    return INITIAL.get(each.collection, "")


def comment(description: str | None, attributes: Iterable[Attribute]) -> Iterator[str]:
    """The lines above a declaration: its description, then its attributes."""
    if description is not None:
        yield f"/** @description {description} */"
    for attribute in attributes:
        yield f"// @{attribute_text(attribute)}"


def _methods(name: str, exchange: Exchange) -> Iterator[str]:
    yield f"public getTypeName() {{ return '{name}'; }}"
    yield f"public getMethod() {{ return '{exchange.verb}'; }}"
    yield (
        f"public createResponse() {{ return new {exchange.response}(); }}"
        if exchange.response
        else ("public createResponse() {}")
    )


__all__ = ["INITIAL", "TYPE_NAMES", "TypeScript", "comment", "imports", "quote"]
