"""JSON customised with `?jsconfig=`: comma-separated options by their short or long name, in any casing.

| option | effect |
|---|---|
| `eccn`, `EmitCamelCaseNames` | names in camelCase |
| `epcn`, `EmitPascalCaseNames` | names in PascalCase |
| `elun`, `EmitLowercaseUnderscoreNames` | names in snake_case |
| `edv`, `ExcludeDefaultValues` | omits `false`, 0, `Guid.Empty` and the empty duration, unless the member may be null |
| `inv`, `IncludeNullValues` | writes null members |
| `i`, `pp`, `indent` | indents |
| `teai`, `TreatEnumAsInteger` | enumerations as numbers |
| `dh`, `DateHandler` | `iso8601`, `iso8601dateonly`, `iso8601datetime`, `rfc1123`, `ut`, `utm`, `to`, `dcjsc` |
| `tsh`, `TimeSpanHandler` | `df` (`P1DT2H`), `sf` (`1.02:00:00`) |

A switch accepts `:false`. Unknown options and values are ignored. If options conflict, the last one counts.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import EnumOf, MemberModel, MessageModel, Scalar, TypeNode
from servicehost.formats import json
from servicehost.formats._plain import Plain, PlainCompiler, camel_case, unchanged
from servicehost.formats.codec import Encoder
from servicehost.formats.instants import instant_text

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INDENT: Final = 4
_LONGEST: Final = 200
_DEFAULTS: Final = (False, 0, EMPTY_GUID, timedelta(0))
_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class JsonConfig:
    """JSON options of a client.

    Attributes:
        casing: casing of member names: `camel`, `pascal` or `snake`; if None, decided by the path.
        omits_defaults: whether members with the empty value of their type are omitted.
        writes_nulls: whether null members are written.
        indents: whether the JSON is indented.
        numbers_enums: whether enumerations are written as numbers.
        dates: date format; a value of `DateHandler` in the table above.
        clock_durations: whether durations are written as `1.02:00:00`.
    """

    casing: str | None = None
    omits_defaults: bool = False
    writes_nulls: bool = False
    indents: bool = False
    numbers_enums: bool = False
    dates: str = "iso8601"
    clock_durations: bool = False

    def with_default(self, casing: str | None) -> "JsonConfig":
        """The configuration with this casing, unless the client has chosen one."""
        return self if self.casing or not casing else dataclasses.replace(self, casing=casing)


_USUAL: Final = JsonConfig()


def parse_config(text: str) -> JsonConfig | None:
    """The configuration in the value of `?jsconfig=`; None if it contains no known option."""
    config = _USUAL
    for option in text[:_LONGEST].split(","):
        key, _, value = option.strip().lower().partition(":")
        config = _configured(config, key, value)
    return None if config == _USUAL else config


_CASINGS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("eccn", "emitcamelcasenames"), "camel"),
    **dict.fromkeys(("epcn", "emitpascalcasenames"), "pascal"),
    **dict.fromkeys(("elun", "emitlowercaseunderscorenames"), "snake"),
}
_SWITCHES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("edv", "excludedefaultvalues"), "omits_defaults"),
    **dict.fromkeys(("inv", "includenullvalues"), "writes_nulls"),
    **dict.fromkeys(("i", "pp", "indent"), "indents"),
    **dict.fromkeys(("teai", "treatenumasinteger"), "numbers_enums"),
}


def _configured(config: JsonConfig, key: str, value: str) -> JsonConfig:
    on = value not in ("false", "0")
    if key in _CASINGS and on:
        return dataclasses.replace(config, casing=_CASINGS[key])
    if key in _SWITCHES:
        switched: dict[str, Any] = {_SWITCHES[key]: on}
        return dataclasses.replace(config, **switched)
    if key in ("dh", "datehandler") and value in _DATES:
        return dataclasses.replace(config, dates=value)
    if key in ("tsh", "timespanhandler"):
        return dataclasses.replace(config, clock_durations=value in ("sf", "standardformat"))
    return config


@lru_cache(maxsize=64)
def compile_encoder(node: TypeNode, config: JsonConfig) -> Encoder:
    """The encoder of a type under a configuration. Only a few are cached, because configurations vary freely."""
    plain = _ConfiguredCompiler(config)(node)
    if config.indents:
        return lambda value: msgspec.json.format(json.encoder.encode(plain(value)), indent=_INDENT)
    return lambda value: json.encoder.encode(plain(value))


class _ConfiguredCompiler(PlainCompiler):
    """Compiles conversions of values under one configuration to types that msgspec writes directly."""

    def __init__(self, config: JsonConfig) -> None:
        super().__init__(_RENAMES[config.casing])
        self._config = config

    def scalar(self, node: Scalar, /) -> Plain:
        """Instants and durations as configured."""
        if node is Scalar.DATETIME:
            return _DATES[self._config.dates]
        if node is Scalar.DURATION and self._config.clock_durations:
            return clock_text
        return super().scalar(node)

    def enumeration(self, node: EnumOf, /) -> Plain:
        """The wire name, or a number."""
        if not self._config.numbers_enums:
            return super().enumeration(node)
        numbers = {
            member: member.value if isinstance(member.value, int) else place for place, member in enumerate(node.python)
        }
        return numbers.__getitem__

    def message(self, model: MessageModel, /) -> Plain:
        """A dictionary of the members that the configuration includes."""
        members = [
            (self.rename(member.name), member.attribute, self(member.type), self._is_wanted(member))
            for member in model.members
        ]

        def convert(message: Any) -> dict[str, Any]:
            return {
                name: None if value is None else plain(value)
                for name, attribute, plain, is_wanted in members
                if is_wanted(value := getattr(message, attribute))
            }

        return convert

    def _is_wanted(self, member: MemberModel) -> Callable[[Any], bool]:
        if member.nullable:
            return (lambda _: True) if self._config.writes_nulls else _is_given
        if self._config.omits_defaults and isinstance(member.type, Scalar) and member.type is not Scalar.STRING:
            return _is_no_default
        return _is_given


def clock_text(duration: timedelta) -> str:
    """The duration in .NET's default form: `1.02:30:00`."""
    sign, length = ("-", -duration) if duration < timedelta(0) else ("", duration)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{length.days}." if length.days else ""
    fraction = f".{length.microseconds:06}0" if length.microseconds else ""
    return f"{sign}{days}{hours:02}:{minutes:02}:{seconds:02}{fraction}"


def _is_given(value: object) -> bool:
    return value is not None


def _is_no_default(value: object) -> bool:
    return value is not None and value not in _DEFAULTS


def _milliseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def _epoch_text(instant: datetime) -> str:
    return f"/Date({_milliseconds(instant)})/"


def _seconds(instant: datetime) -> int:
    return _milliseconds(instant) // 1000


def _day(instant: datetime) -> str:
    return instant_text(instant)[:10]


def _day_and_time(instant: datetime) -> str:
    return instant_text(instant)[:19].replace("T", " ")


def _internet_text(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


_DATES: Final[Mapping[str, Plain]] = {
    "iso8601": unchanged,
    **dict.fromkeys(("iso8601dateonly", "iso8601do"), _day),
    **dict.fromkeys(("iso8601datetime", "iso8601dt"), _day_and_time),
    "rfc1123": _internet_text,
    **dict.fromkeys(("unixtime", "ut"), _seconds),
    **dict.fromkeys(("unixtimems", "utm"), _milliseconds),
    **dict.fromkeys(("timestampoffset", "to", "dcjscompatible", "dcjsc"), _epoch_text),
}

_RENAMES: Final[Mapping[str | None, Callable[[str], str]]] = {
    None: str,
    "camel": camel_case,
    "pascal": lambda name: name[:1].upper() + name[1:],
    "snake": lambda name: _WORD_START.sub("_", name).lower(),
}

__all__ = ["JsonConfig", "clock_text", "compile_encoder", "parse_config"]
