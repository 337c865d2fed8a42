"""Values in a path, query string or form: scalars in the forms of `scalars`, lists and objects in JSV or JSON.

| type | accepted |
|---|---|
| scalars, enumerations | their text |
| list | `1,2`, `[1,2]`, `"a,b",c`, a JSON array; Guids also in braces, `{...},{...}` |
| dictionary, message | `{Name:Foo,Tags:[a,b]}`, a JSON object; names in any casing |

An empty text is an absent value. The writer uses commas for lists of Guids and integers, and JSON for other lists and
for objects.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET

from servicehost.contract.errors import FieldError, MalformedBody
from servicehost.contract.lengths import Bounds
from servicehost.contract.types import EnumOf, ListOf, Scalar, TypeNode, without_null
from servicehost.formats import json, scalars
from servicehost.formats._json_tree import parse_json
from servicehost.formats._jsv_tree import MalformedJsv, parse_jsv, parse_jsv_items
from servicehost.formats.codec import Style
from servicehost.formats.lenient import compile_convert
from servicehost.formats.problems import MAX_SHOWN, Problem

_LISTED_PLAINLY: Final = (Scalar.GUID, Scalar.INT, Scalar.LONG)
"""Scalars whose texts have no character that a list gives a meaning."""

_AROUND_ITEMS: Final = ' \t\r\n"'
"""Characters allowed around a Guid in a list."""


class UnreadableText(ValueError):
    """A text is not a value of its type. The exception's text states the expected value as the end of a sentence.

    Attributes:
        problems: the wrong parts; exactly one for a scalar.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_explanation(problems[0]))
        self.problems = tuple(problems)

    def errors(self, field: str) -> tuple[FieldError, ...]:
        """All errors, with their fields under `field`."""
        return tuple(problem.under(field).error for problem in self.problems)


def compile_text_reader(node: TypeNode, bounds: Bounds | None = None) -> Callable[[str], Any]:
    """Compile the reader of a type's texts, within the bounds of its member. It returns None for an empty text.

    The reader raises UnreadableText.
    """
    convert = compile_tree_reader(node, bounds)
    parse = tree_parser(node)

    def read(text: str) -> Any:
        return convert(parse(text)) if text else None

    return read


def compile_text_writer(node: TypeNode) -> Callable[[Any], str]:
    """Compile the writer of a type's texts. Null is the empty text."""
    write = _value_writer(without_null(node))
    return lambda value: "" if value is None else write(value)


def _value_writer(node: TypeNode) -> Callable[[Any], str]:
    match node:
        case Scalar.STRING:
            return str
        case Scalar.BOOL:
            return lambda value: "true" if value else "false"
        case Scalar():
            return scalars.WRITERS[node]
        case EnumOf():
            return node.wire_name
        case ListOf(item) if item in _LISTED_PLAINLY:
            return lambda items: ",".join(map(str, items)) if items else "[]"
        case _:
            encode = json.compile_encoder(node, Style(""))
            return lambda value: encode(value).decode()


def compile_tree_reader(node: TypeNode, bounds: Bounds | None = None) -> Callable[[Any], Any]:
    """Compile the reader of a type's raw trees, within the bounds of its member. It returns None for an absent value.

    The reader raises UnreadableText.
    """
    convert = compile_convert(node, bounds)

    def read(tree: Any) -> Any:
        problems: list[Problem] = []
        value = convert(tree, problems)
        if problems:
            raise UnreadableText(problems)
        return None if value is UNSET else value

    return read


def tree_parser(node: TypeNode) -> Callable[[str], Any]:
    """The function that parses texts of one type into raw trees.

    The function raises UnreadableText.
    """
    match without_null(node):
        case Scalar() | EnumOf():
            return str
        case ListOf(item) if without_null(item) is Scalar.GUID:
            return _guids_tree
        case ListOf():
            return _list_tree
        case _:
            return _object_tree


def _guids_tree(text: str) -> Any:
    """The items of a list of Guids. JSV would read a Guid in braces as an object; Guids contain no commas."""
    if "{" not in text:
        return _list_tree(text)
    inner = text.strip().removeprefix("[").removesuffix("]")
    return [item.strip(_AROUND_ITEMS) for item in inner.split(",")]


def _list_tree(text: str) -> Any:
    if text.lstrip()[:1] == "[":
        return _json_or_jsv(text)
    return _parsed(parse_jsv_items, text)


def _object_tree(text: str) -> Any:
    return _json_or_jsv(text) if text.lstrip()[:1] == "{" else text


def _json_or_jsv(text: str) -> Any:
    try:
        return parse_json(text.encode())
    except (MalformedBody, UnicodeEncodeError):
        return _parsed(parse_jsv, text)


def _parsed(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except MalformedJsv as error:
        raise UnreadableText([Problem(text[:MAX_SHOWN], str(error))]) from error


def _explanation(problem: Problem) -> str:
    if not problem.path or problem.value is None:
        return problem.expected
    return f"'{problem.value}' at '{problem.field}' is invalid, {problem.expected}"


__all__ = ["UnreadableText", "compile_text_reader", "compile_text_writer", "compile_tree_reader", "tree_parser"]
