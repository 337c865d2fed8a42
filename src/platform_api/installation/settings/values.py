"""Notation of values, the same in files, variables and flags."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from msgspec import inspect

UNLIMITED: Final = "unlimited"
_UNITS: Final = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_DURATION: Final = re.compile(r"(?:[0-9]{1,9}(?:ms|[wdhms]))+")
_BOOLEANS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Attributes:
        wanted: a noun phrase for its values, which completes "is not ...".
        prepare: given value -> value that is checked against the declared type.
        write: value -> text, which `prepare` reads back.
    """

    wanted: str
    prepare: Callable[[object], object]
    write: Callable[[Any], str] = str


def read_duration(text: str) -> timedelta:
    """Read a duration: whole numbers with units, such as `90s`, `5m`, `1h30m`, `14d`, `2w`, `50ms`.

    Raises:
        ValueError: the text is not a duration, or the duration is too long.
    """
    if not _DURATION.fullmatch(text):
        raise ValueError("not a duration")
    milliseconds = sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"([0-9]+)(ms|[wdhms])", text))
    try:
        return timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise ValueError("duration too long") from error


def write_duration(duration: timedelta) -> str:
    """The shortest text that `read_duration` reads as `duration`, in whole milliseconds."""
    rest, parts = duration // timedelta(milliseconds=1), []
    for unit in ("d", "h", "m", "s", "ms"):
        count, rest = divmod(rest, _UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def kind_of(declared: inspect.Type) -> Kind:
    """The kind of a declared type."""
    match declared:
        case inspect.Metadata(type=inner, extra_json_schema={"title": str(wanted)}):
            return replace(kind_of(inner), wanted=wanted)
        case inspect.Metadata(type=inner):
            return kind_of(inner)
        case inspect.UnionType(types=types):
            return _optional(next(part for part in types if not isinstance(part, inspect.NoneType)))
        case inspect.VarTupleType(item_type=item):
            return _tuple(kind_of(item))
        case inspect.LiteralType(values=values):
            return Kind("one of " + ", ".join(str(value) for value in values), _as_it_is)
        case _:
            return _plain(declared)


def _plain(declared: inspect.Type) -> Kind:
    match declared:
        case inspect.BoolType():
            return Kind("true or false", _boolean, lambda value: str(value).lower())
        case inspect.IntType(ge=low, le=high):
            upper = f" to {high}" if high is not None else " up"
            return Kind(f"a whole number from {low}{upper}", _number)
        case inspect.TimeDeltaType():
            return Kind("a duration such as 30s, 5m, 1h30m or 14d", _duration, write_duration)
        case inspect.CustomType(cls=cls) if cls is Path:
            return Kind("a path", _as_it_is)
        case inspect.StrType():
            return Kind("a text that is not empty", _as_it_is)
        case _:
            raise TypeError(f"no setting can be a {declared}")


def _optional(inner: inspect.Type) -> Kind:
    kind = kind_of(inner)
    if isinstance(inner, inspect.IntType):
        return Kind(f"{kind.wanted}, or {UNLIMITED}", _limit, lambda value: UNLIMITED if value is None else str(value))
    return Kind(
        kind.wanted,
        lambda given: None if given == "" else kind.prepare(given),
        lambda value: "" if value is None else kind.write(value),
    )


def _tuple(item: Kind) -> Kind:
    return Kind(
        f"a list, each item {item.wanted}",
        lambda given: [item.prepare(part) for part in _parts(given)] if isinstance(given, list | str) else given,
        lambda value: ",".join(item.write(part) for part in value),
    )


def _parts(given: list[object] | str) -> list[object]:
    if isinstance(given, list):
        return given
    return [part.strip() for part in given.split(",") if part.strip()]


def _as_it_is(given: object) -> object:
    return given


def _number(given: object) -> object:
    return int(given) if isinstance(given, str) else given


def _boolean(given: object) -> object:
    return _BOOLEANS[given.lower()] if isinstance(given, str) else given


def _duration(given: object) -> object:
    return read_duration(given) if isinstance(given, str) else given


def _limit(given: object) -> object:
    return None if given == UNLIMITED else _number(given)


__all__ = ["UNLIMITED", "Kind", "kind_of", "read_duration", "write_duration"]
