"""TypeScript declarations: ambient interfaces without code, for programs that send plain objects."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from servicehost.languages.declarations import Enumeration, Property, Shape, Source
from servicehost.languages.language import Language, Order
from servicehost.languages.text import apart, blank_after, blank_before_each, indented, is_identifier, quoted
from servicehost.languages.typescript import TYPE_NAMES, TypeScript, comment, imports, quote


class TypeScriptDeclarations(Language):
    """Generator of TypeScript interfaces."""

    key = "typescript.d"
    title = "TypeScript Declarations"
    index_name = "TypeScriptDefinition"
    order = Order.DEPENDENCIES_FIRST
    header = TypeScript.header
    forced: ClassVar[Mapping[str, str]] = {"MakePropertiesOptional": "True"}
    tab = False

    def safe(self, text: str) -> str:
        """Escape the end of a block comment."""
        return apart(text, "*/")

    def write(self, source: Source) -> Iterable[str]:
        """Write imports and interfaces, inside a module if the option names one, each after an empty line."""
        yield from source.header
        if lines := list(imports(source)):
            yield from ["", *lines]
        module = source.options.text("GlobalNamespace")
        declarations = blank_before_each(_declarations(source))
        yield from ["", f"declare module {module}", "{", *indented(declarations), "}"] if module else declarations
        yield ""


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    if source.whole and source.options.flag("AddServiceStackTypes"):
        for marker in ("IReturn<T>", "IReturnVoid", *source.markers):
            yield [f"interface {marker}", "{", "}"]
    for declared in source.types:
        yield _union(declared) if isinstance(declared, Enumeration) else _interface(declared, source)


def _union(declared: Enumeration) -> Iterator[str]:
    yield f"type {declared.name} = {' | '.join(quoted(value.wire) for value in declared.values)};"


def _interface(shape: Shape, source: Source) -> Iterator[str]:
    yield from comment(shape.description, shape.attributes_with_routes)
    bases = ", ".join(_bases(shape))
    yield f"interface {shape.name}{f' extends {bases}' if bases else ''}"
    yield "{"
    yield from indented(blank_after((_property(each, source), bool(each.attributes)) for each in shape.own))
    yield "}"


def _bases(shape: Shape) -> Iterator[str]:
    if shape.base:
        yield shape.base
    yield from shape.interfaces("IReturn<{}>".format)


def _property(each: Property, source: Source) -> Iterator[str]:
    yield from comment(each.description, each.attributes)
    name = each.wire if is_identifier(each.wire) else quote(each.wire)
    optional = source.options.flag("MakePropertiesOptional") or each.nullable_value
    yield f"{name}{'?' if optional else ''}: {TYPE_NAMES(each.type)};"


__all__ = ["TypeScriptDeclarations"]
