"""JavaScript for `require`: constructor functions without modules, classes or annotations, for old engines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from servicehost.languages.declarations import Enumeration, Exchange, Shape, Source
from servicehost.languages.language import Header, Language, Order
from servicehost.languages.text import apart, indented, quoted

NAMES_OF_A_LINE: Final = 100
"""How many names one line of exports declares at most."""

HELPER: Final = (
    "var __extends = function (type, base) {",
    "    Object.setPrototypeOf(type, base);",
    "    type.prototype = Object.create(base.prototype);",
    "    type.prototype.constructor = type;",
    "};",
)
"""What makes a constructor function inherit from another."""


class CommonJs(Language):
    """JavaScript constructor functions."""

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
        """The header is the only comment with a text of others in it."""
        return apart(text, "*/")

    def write(self, source: Source) -> Iterable[str]:
        """The names that are exported, then what they name."""
        yield from source.header
        yield '"use strict";'
        yield from HELPER
        yield "exports.__esModule = true;"
        yield from _exports([declared.name for declared in source.types])
        for declared in source.types:
            yield from _enumeration(declared) if isinstance(declared, Enumeration) else _type(declared)
        yield ""


def _exports(names: Sequence[str]) -> Iterator[str]:
    """Every name, declared before anything has it; the last type first."""
    for start in range(0, len(names), NAMES_OF_A_LINE):
        batch = names[start : start + NAMES_OF_A_LINE]
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
    if shape.exchange:
        yield from indented(_methods(shape.name, shape.exchange))
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


def _methods(name: str, exchange: Exchange) -> Iterator[str]:
    answer = f" return new {exchange.response}(); " if exchange.response else " "
    yield f"{name}.prototype.getTypeName = function () {{ return '{name}'; }};"
    yield f"{name}.prototype.getMethod = function () {{ return '{exchange.verb}'; }};"
    yield f"{name}.prototype.createResponse = function () {{{answer}}};"


__all__ = ["CommonJs"]
