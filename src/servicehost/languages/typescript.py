"""TypeScript: classes for `@servicestack/client`.

A request class states its type name, its method and its response, which that client reads. The interfaces of the client
library are declared in the file, so that it compiles alone. The constructor assigns members by name, which a strict
compiler cannot verify: a directive disables checks in the file itself, but not in code that uses it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from servicehost.contract.types import Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, OperationDeclaration, Property, Shape, Source
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
"""TypeScript type names, also used in the JSDoc annotations of JavaScript."""


INITIAL: Final[Mapping[str | None, str]] = {"list": " = []", "map": " = {}"}
"""Initial value of an empty collection."""

quote: Final = partial(quoted, mark="'")
"""Return a string literal."""


class TypeScript(Language):
    """Generator of TypeScript classes."""

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
        """Escape the end of a block comment."""
        return apart(text, "*/")

    def write(self, source: Source) -> Iterable[str]:
        """Write imports, interfaces and classes, inside a module if the option names one, each after an empty line."""
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
    """Yield the imports of `DefaultImports`: `A:module` imports a name, anything else a whole module."""
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
    if shape.operation:
        yield from indented(_methods(shape.name, shape.operation))
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
    """Whether the property is optional: in this release, what .NET calls `Nullable`; in the newest, all that is not required."""
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
    """Yield the lines above a declaration: its description, then its attributes."""
    if description is not None:
        yield f"/** @description {description} */"
    for attribute in attributes:
        yield f"// @{attribute_text(attribute)}"


def _methods(name: str, operation: OperationDeclaration) -> Iterator[str]:
    yield f"public getTypeName() {{ return '{name}'; }}"
    yield f"public getMethod() {{ return '{operation.verb}'; }}"
    yield (
        f"public createResponse() {{ return new {operation.response}(); }}"
        if operation.response
        else ("public createResponse() {}")
    )


__all__ = ["INITIAL", "TYPE_NAMES", "TypeScript", "comment", "imports", "quote"]
