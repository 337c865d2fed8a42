"""JavaScript for `require`: constructor functions without modules, classes or annotations, for old engines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from servicehost.languages.declarations import Enumeration, OperationDeclaration, Shape, Source
from servicehost.languages.language import Header, Language, Order
from servicehost.languages.text import apart, indented, quoted

NAMES_PER_LINE: Final = 100
"""Maximum number of names declared in one line of exports."""

HELPER: Final = (
    "var __extends = function (type, base) {",
    "    Object.setPrototypeOf(type, base);",
    "    type.prototype = Object.create(base.prototype);",
    "    type.prototype.constructor = type;",
    "};",
)
"""Helper that makes one constructor function inherit from another."""


class CommonJs(Language):
    """Generator of JavaScript constructor functions."""

    key = "js"
    title = "CommonJS"
    index_name = "CommonJs"
    media_type = "text/javascript"
    order = Order.DEPENDENCIES_FIRST
    header = Header(
        options=("AddServiceStackTypes", "AddDescriptionAsComments", "IncludeTypes", "ExcludeTypes", "DefaultImports"),
    )
    tab = False

    def safe(self, text: str) -> str:
        """Escape the end of a block comment; only the header puts external text into comments."""
        return apart(text, "*/")

    def write(self, source: Source) -> Iterable[str]:
        """Write the exports, then the types."""
        yield from source.header
        yield '"use strict";'
        yield from HELPER
        yield "exports.__esModule = true;"
        yield from _exports([declared.name for declared in source.types])
        for declared in source.types:
            yield from _enumeration(declared) if isinstance(declared, Enumeration) else _type(declared)
        yield ""


def _exports(names: Sequence[str]) -> Iterator[str]:
    """Declare all exported names before they are assigned, the last type first."""
    for start in range(0, len(names), NAMES_PER_LINE):
        batch = names[start : start + NAMES_PER_LINE]
        yield f"{''.join(f'exports.{name} = ' for name in reversed(batch))}void 0;"
        yield ""


def _enumeration(declared: Enumeration) -> Iterator[str]:
    name = declared.name
    yield f"var {name};"
    yield f"(function ({name}) {{"
    for value in declared.values:
        yield f"    {name}[{quoted(value.wire)}] = {quoted(value.wire)};"
    yield f"}})({name} = exports.{name} || (exports.{name} = {{}}));"


def _type(shape: Shape) -> Iterator[str]:
    yield f"var {shape.name} = /** @class */ (function ({'_super' if shape.base else ''}) {{"
    yield from indented(_derived(shape.name) if shape.base else _plain(shape.name))
    if shape.operation:
        yield from indented(_methods(shape.name, shape.operation))
    yield f"    return {shape.name};"
    yield f"}}({shape.base or ''}));"
    yield f"exports.{shape.name} = {shape.name};"


def _plain(name: str) -> Iterator[str]:
    yield f"function {name}(init) {{"
    yield "    Object.assign(this, init);"
    yield "}"


def _derived(name: str) -> Iterator[str]:
    yield f"__extends({name}, _super);"
    yield f"function {name}(init) {{"
    yield "    var _this = _super.call(this, init) || this;"
    yield "    Object.assign(_this, init);"
    yield "    return _this;"
    yield "}"


def _methods(name: str, operation: OperationDeclaration) -> Iterator[str]:
    answer = f" return new {operation.response}(); " if operation.response else " "
    yield f"{name}.prototype.getTypeName = function () {{ return '{name}'; }};"
    yield f"{name}.prototype.getMethod = function () {{ return '{operation.verb}'; }};"
    yield f"{name}.prototype.createResponse = function () {{{answer}}};"


__all__ = ["CommonJs"]
