"""JavaScript: an ES module of classes with JSDoc annotations, for `@servicestack/client`."""

from collections.abc import Iterable, Iterator

from servicehost.languages.declarations import Enumeration, OperationDeclaration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order
from servicehost.languages.text import apart, indented, is_identifier, quoted
from servicehost.languages.typescript import INITIAL, TYPE_NAMES, quote


class JavaScript(Language):
    """Generator of JavaScript classes."""

    key = "mjs"
    title = "JavaScript"
    index_name = "Mjs"
    media_type = "text/javascript"
    order = Order.DEPENDENCIES_FIRST
    header = Header(
        options=(
            "AddServiceStackTypes",
            "AddDocAnnotations",
            "AddDescriptionAsComments",
            "IncludeTypes",
            "ExcludeTypes",
            "DefaultImports",
        ),
    )

    def safe(self, text: str) -> str:
        """Escape the end of a block comment."""
        return apart(text, "*/")

    def write(self, source: Source) -> Iterable[str]:
        """Write the classes without empty lines between them."""
        yield from source.header
        yield '"use strict";'
        for declared in source.types:
            lines = _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source)
            yield from (line for line in lines if source.options.flag("AddDocAnnotations") or not _is_annotation(line))
        yield ""


def _is_annotation(line: str) -> bool:
    return line.lstrip().startswith(("/**", "* "))


def _enumeration(declared: Enumeration) -> Iterator[str]:
    name = declared.name
    literals = "|".join(quote(value.wire) for value in declared.values)
    yield f"/** @typedef {{{apart(literals, '*/')}}} */"
    yield f"export var {name};"
    yield f"(function ({name}) {{"
    for value in declared.values:
        yield f"    {name}[{quoted(value.wire)}] = {quoted(value.wire)}"
    yield f"}})({name} || ({name} = {{}}));"


def _class(shape: Shape, source: Source) -> Iterator[str]:
    yield f"export class {shape.name}{f' extends {shape.base}' if shape.base else ''} {{"
    if shape.properties:
        members = ",".join(f"{_key(each)}?:{TYPE_NAMES(each.type)}" for each in shape.properties)
        yield f"    /** @param {{{{{members}}}}} [init] */"
    first = "super(init); " if shape.base else ""
    yield f"    constructor(init) {{ {first}Object.assign(this, init) }}"
    for each in shape.own:
        yield from indented(_property(each, source))
    if shape.operation:
        yield from indented(_methods(shape.name, shape.operation))
    yield "}"


def _property(each: Property, source: Source) -> Iterator[str]:
    mark = "?" if each.nullable_value or (source.options.latest and not each.required) else ""
    annotation = f"@type {{{mark}{TYPE_NAMES(each.type)}}}"
    if each.description is not None:
        yield from ["/**", f" * {annotation}", f" * @description {each.description} */"]
    else:
        yield f"/** {annotation} */"
    yield f"{_key(each)}{_initial(each)};"


def _key(each: Property) -> str:
    return each.wire if is_identifier(each.wire) else quote(each.wire)


def _initial(each: Property) -> str:
    if each.preset is not None:
        return f" = {each.preset}"
    return INITIAL.get(each.collection, "") if each.stated else ""


def _methods(name: str, operation: OperationDeclaration) -> Iterator[str]:
    yield f"getTypeName() {{ return '{name}' }}"
    yield f"getMethod() {{ return '{operation.verb}' }}"
    yield f"createResponse() {{ return new {operation.response}() }}" if operation.response else "createResponse() { }"


__all__ = ["JavaScript"]
