"""Lenient conversion of raw trees (texts, numbers, lists and dictionaries) to values of the declared types.

All formats read through this module, so that they accept the same forms.

| the tree has | for a | read as |
|---|---|---|
| a name in any casing | member | that member; if repeated, the last one |
| an unknown name | | ignored |
| null, or an empty text (except for string and byte[]) | member | absent |
| a number or bool | string | its text |
| a text | number, bool, date, Guid, enumeration... | the value that `scalars` parses |
| 0 or 1 | bool | false or true |
| a number | TimeSpan | seconds |
| a number | enumeration | its value, or its position |
| `{"0":1,"1":2}` (a JavaScript byte array) or a list of numbers | byte[] | those bytes |

Any other value is an error that names the member. All errors are collected, up to `MAX_PROBLEMS`.

Texts, lists and dictionaries that exceed the bounds of their member are errors too. The size is checked before anything
else, so the cost of each step is limited by the size of the value.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import UNSET

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.contract.folds import Compiler, OncePerMessage
from servicehost.contract.lengths import Bounds
from servicehost.contract.scalars import parse_guid
from servicehost.contract.types import (
    EnumOf,
    ListOf,
    MapOf,
    MessageModel,
    Nullable,
    Scalar,
    TypeNode,
    empty_value,
)
from servicehost.formats import scalars
from servicehost.formats.codec import Values
from servicehost.formats.instants import parse_duration, parse_instant
from servicehost.formats.problems import Problem, enough, move, report, report_length, shown, too_many_items

MAX_DEPTH: Final = 64
"""Maximum nesting depth of a body; deeper bodies are refused before any recursion."""


class Number(str):
    """The text of a JSON number with a fraction or an exponent, which keeps its digits."""

    __slots__ = ()


Convert = Callable[[Any, list[Problem]], Any]
"""Converts a raw tree to a value; UNSET if the value is absent, or wrong and reported in the problems."""


def compile_value_reader(node: TypeNode) -> Callable[[Any], Any]:
    """Compile the reader of complete values from raw trees; absent members get their default or the empty value.

    The reader raises UnreadableMembers, and MalformedBody for a tree of the wrong kind.
    """
    convert = compile_convert(node)

    def read(raw: Any) -> Any:
        problems: list[Problem] = []
        value = convert(raw, problems)
        if problems and not problems[0].path:
            raise MalformedBody(f"'{problems[0].value}' is not what this body must hold: {problems[0].expected}.")
        if problems:
            raise UnreadableMembers([problem.error for problem in problems])
        return empty_value(node) if value is UNSET else value

    return read


def compile_members_reader(model: MessageModel) -> Callable[[Any], Values]:
    """Compile the reader of the members that a raw tree contains; absent members are left out.

    The reader raises UnreadableMembers, with the members that could be read, and MalformedBody for a tree that is not
    an object.
    """
    convert = _Converter().members(model)

    def read(raw: Any) -> Values:
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            raise MalformedBody(f"The body must be one object with the members of {model.name}.")
        problems: list[Problem] = []
        values = convert(raw, problems)
        if problems:
            raise UnreadableMembers([problem.error for problem in problems], values)
        return values

    return read


def compile_convert(node: TypeNode, bounds: Bounds | None = None) -> Convert:
    """Compile the conversion of raw trees to values of one type, within the bounds of its member."""
    return _Converter(bounds)(node)


class _Converter(Compiler[[Any, list[Problem]], Any]):
    """Compiles the conversions of the types in one member, whose bounds apply to its texts and collections.

    The members of a message have bounds of their own, so converters share the functions of messages.
    """

    def __init__(
        self, bounds: Bounds | None = None, messages: OncePerMessage[[Any, list[Problem]], Any] | None = None
    ) -> None:
        super().__init__(messages)
        self._bounds = bounds

    def scalar(self, node: Scalar, /) -> Convert:
        """The value of the text, number or bool."""
        if node is Scalar.STRING and self._bounds is not None:
            return _bounded_text(self._bounds)
        return _checked(_READERS[node], scalars.EXPECTED[node], empty_is_absent=node not in _EMPTY_TEXTS)

    def enumeration(self, node: EnumOf, /) -> Convert:
        """The enumeration member with the name or number."""
        return _checked(_enum_reader(node), scalars.expected_names(node))

    def nullable(self, inner: Convert, /) -> Convert:
        """The function of the inner type: null counts as absent everywhere."""
        return inner

    def list_of(self, node: ListOf, item: Convert, /) -> Convert:
        """A list of values, within the bounds."""
        return _capped(_bounded(_list(node, item), self._bounds, "items"), node.most)

    def map_of(self, node: MapOf, key: Convert, value: Convert, /) -> Convert:
        """A dictionary, within the bounds."""
        return _bounded(_map(node, key, value), self._bounds, "entries")

    def message(self, model: MessageModel, /) -> Convert:
        """The message with the given members."""
        members = self.members(model)

        def convert(raw: Any, problems: list[Problem]) -> Any:
            if raw is None:
                return UNSET
            before = len(problems)
            values = members(raw, problems)
            return model.build(values) if len(problems) == before else UNSET

        return convert

    def members(self, model: MessageModel) -> Callable[[Any, list[Problem]], dict[str, Any]]:
        """The reader of the members in a raw tree, by attribute."""
        by_name = {
            name: (member.attribute, member.name, _Converter(member.bounds, self.messages)(member.type))
            for member in model.members
            for name in (member.name.lower(), member.name)
        }

        def read(raw: Any, problems: list[Problem]) -> dict[str, Any]:
            values: dict[str, Any] = {}
            if not isinstance(raw, dict):
                report(raw, "expected an object", problems)
                return values
            for name, given in raw.items():
                found = by_name.get(name) or by_name.get(name.lower())
                if found is not None:
                    attribute, wire_name, convert = found
                    before = len(problems)
                    value = convert(given, problems)
                    if value is not UNSET:
                        values[attribute] = value
                        continue
                    values.pop(attribute, None)
                    move(problems, before, wire_name)
                    if enough(problems):
                        break
            return values

        return read


def _checked(read: Callable[[Any], Any], expected: str, *, empty_is_absent: bool = True) -> Convert:
    absent = (None, "") if empty_is_absent else (None,)

    def convert(raw: Any, problems: list[Problem]) -> Any:
        if raw in absent:
            return UNSET
        try:
            return read(raw)
        except (ValueError, OverflowError):
            return report(raw, expected, problems)

    return convert


def _bounded_text(bounds: Bounds) -> Convert:
    convert_any = _checked(_read_string, scalars.EXPECTED[Scalar.STRING], empty_is_absent=False)
    most = bounds.length

    def convert(raw: Any, problems: list[Problem]) -> Any:
        text = convert_any(raw, problems)
        if text is not UNSET and len(text) > most:
            return report_length(len(text), most, "characters", problems)
        return text

    return convert


def _bounded(convert_any: Convert, bounds: Bounds | None, unit: str) -> Convert:
    if bounds is None:
        return convert_any
    most = bounds.items

    def convert(raw: Any, problems: list[Problem]) -> Any:
        if isinstance(raw, (list, dict)) and len(raw) > most:
            return report_length(len(raw), most, unit, problems)
        return convert_any(raw, problems)

    return convert


def _capped(convert_any: Convert, most: int | None) -> Convert:
    if most is None:
        return convert_any

    def convert(raw: Any, problems: list[Problem]) -> Any:
        if isinstance(raw, list) and len(raw) > most:
            raise too_many_items(most)
        return convert_any(raw, problems)

    return convert


def _list(node: ListOf, convert_item: Convert) -> Convert:
    nullable = isinstance(node.item, Nullable)

    def convert_at(position: int, raw: Any, problems: list[Problem]) -> Any:
        before = len(problems)
        value = convert_item(raw, problems)
        if value is not UNSET:
            return value
        if len(problems) == before and nullable:
            return None
        if len(problems) == before:
            report(raw, "expected no null here", problems)
        move(problems, before, f"[{position}]")
        return UNSET

    def convert(raw: Any, problems: list[Problem]) -> Any:
        if raw is None:
            return UNSET
        if not isinstance(raw, list):
            return report(raw, "expected a list", problems)
        before = len(problems)
        values = []
        for position, given in enumerate(raw):
            values.append(convert_at(position, given, problems))
            if values[-1] is UNSET and enough(problems):
                break
        return values if len(problems) == before else UNSET

    return convert


def _map(node: MapOf, convert_key: Convert, convert_value: Convert) -> Convert:
    nullable = isinstance(node.value, Nullable)

    def convert_entry(key: Any, raw: Any, problems: list[Problem]) -> tuple[Any, Any]:
        before = len(problems)
        value = convert_value(raw, problems)
        name = convert_key(key, problems)
        if name is UNSET and len(problems) == before:
            report(key, "expected a key", problems)
        if len(problems) > before:
            move(problems, before, f"[{shown(key)}]")
        return name, None if value is UNSET and nullable and len(problems) == before else value

    def convert(raw: Any, problems: list[Problem]) -> Any:
        if raw is None:
            return UNSET
        if not isinstance(raw, dict):
            return report(raw, "expected an object", problems)
        before = len(problems)
        entries = {}
        for key, given in raw.items():
            name, value = convert_entry(key, given, problems)
            if enough(problems):
                break
            if value is not UNSET:
                entries[name] = value
        return entries if len(problems) == before else UNSET

    return convert


def _text_reader(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    def read(raw: Any) -> Any:
        if isinstance(raw, str):
            return parse(raw)
        raise ValueError("not a string")

    return read


def _read_string(raw: Any) -> str:
    if type(raw) is str:
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, (str, int)):
        return str(raw)
    raise ValueError("not a string")


def _read_bool(raw: Any) -> bool:
    if isinstance(raw, int) and raw in (0, 1):
        return bool(raw)
    return scalars.parse_bool(_read_string(raw))


def _whole_reader(allowed: range, parse: Callable[[str], int]) -> Callable[[Any], int]:
    def read(raw: Any) -> int:
        return scalars.within(raw, allowed) if type(raw) is int else parse(_read_string(raw))

    return read


def _read_double(raw: Any) -> float:
    return float(raw) if type(raw) is int else scalars.parse_double(_read_string(raw))


def _read_decimal(raw: Any) -> Decimal:
    return scalars.bounded(Decimal(raw)) if type(raw) is int else scalars.parse_decimal(_read_string(raw))


def _read_bytes(raw: Any) -> bytes:
    match raw:
        case list():
            return _byte_list(raw)
        case dict():
            return _byte_list([raw.get(str(position)) for position in range(len(raw))])
    return scalars.parse_bytes(_read_string(raw))


def _byte_list(given: Sequence[Any]) -> bytes:
    if all(type(byte) is int for byte in given):
        return bytes(given)
    raise ValueError("not bytes")


def _enum_reader(node: EnumOf) -> Callable[[Any], Any]:
    read = scalars.enum_reader(node)
    return lambda raw: read(raw if type(raw) is int else _read_string(raw))


_EMPTY_TEXTS: Final = (Scalar.STRING, Scalar.BYTES)
"""Scalars for which the empty text is a value."""

_READERS: Mapping[Scalar, Callable[[Any], Any]] = {
    Scalar.STRING: _read_string,
    Scalar.BOOL: _read_bool,
    Scalar.INT: _whole_reader(scalars.INT_RANGE, scalars.parse_int),
    Scalar.LONG: _whole_reader(scalars.LONG_RANGE, scalars.parse_long),
    Scalar.DOUBLE: _read_double,
    Scalar.DECIMAL: _read_decimal,
    Scalar.GUID: _text_reader(parse_guid),
    Scalar.DATETIME: _text_reader(parse_instant),
    Scalar.DURATION: lambda raw: parse_duration(_read_string(raw)),
    Scalar.BYTES: _read_bytes,
}

__all__ = [
    "MAX_DEPTH",
    "Convert",
    "Number",
    "compile_convert",
    "compile_members_reader",
    "compile_value_reader",
]
