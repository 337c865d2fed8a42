"""Dates and durations as texts, the same in every format and query string.

| type | written | accepted |
|---|---|---|
| DateTime | `2026-11-14T22:13:20Z`, with a fraction only when it is not zero | ISO 8601 with any offset or none (then it is UTC), also with a blank for `T`, `20261114`, `/Date(ms)/`, `/Date(ms+hhmm)/`, what JavaScript's `Date` writes as text |
| TimeSpan | `P1DT2H30M`, `PT0S` | the same, `1.02:30:00`, `02:30`, seconds |

Fractional digits beyond microseconds are ignored. Dates with slashes are refused because day and month are ambiguous.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from re import Match
from typing import TypeVar

from msgspec import to_builtins

T = TypeVar("T")

_LONGEST = 100
"""Maximum length of a date or duration text. Longer texts are refused without parsing."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?)| (\d\d:\d\d))?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_EPOCH = re.compile(r"\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/", re.ASCII)
_SPOKEN = re.compile(
    r"[a-z]{3},? (?:([a-z]{3}) (\d\d?)|(\d\d?) ([a-z]{3})) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|Z)"
    r"(?:([+ -]\d{4})(?: \([^()]*\))?)?",
    re.ASCII | re.IGNORECASE,
)
_DURATION = re.compile(
    r"(-)?P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(r"(-)?(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?", re.ASCII)
_SECONDS = re.compile(r"(-)?()()()(\d+)(?:\.(\d+))?", re.ASCII)


def parse_instant(text: str) -> datetime:
    """Parse a date and time; the result is in UTC.

    Raises:
        ValueError: the text is not a date in a supported form.
    """
    return _first_reading(text, _INSTANTS, "date")


def parse_duration(text: str) -> timedelta:
    """Parse a duration.

    Raises:
        ValueError: the text is not a duration in a supported form.
    """
    return _first_reading(text, _DURATIONS, "duration")


def instant_text(instant: datetime) -> str:
    """The instant in UTC, in ISO 8601 with `Z`; an instant without an offset is taken as UTC."""
    text: str = to_builtins(instant)
    if text[-1] != "Z":
        aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return instant_text(aware.astimezone(UTC))
    return text if text[-2] != "0" or "." not in text else text[:-1].rstrip("0") + "Z"


def duration_text(duration: timedelta) -> str:
    """The duration in XML Schema form, without years and months."""
    sign, length = ("-", -duration) if duration < timedelta(0) else ("", duration)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    time = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{fraction}S" if seconds or fraction else "")
    )
    days = f"{length.days}D" if length.days else ""
    return f"{sign}P{days}{'T' if time else ''}{time}" if days or time else "PT0S"


def _first_reading(text: str, forms: dict[re.Pattern[str], Callable[[Match[str]], T]], what: str) -> T:
    short = text.strip() if len(text) <= _LONGEST else ""
    for pattern, read in forms.items():
        found = pattern.fullmatch(short)
        if found is not None:
            try:
                return read(found)
            except OverflowError as error:
                raise ValueError(f"{what} out of range") from error
    raise ValueError(f"not a {what}")


def _iso(found: Match[str]) -> datetime:
    fraction, offset, bare_offset = found.groups()[6:]
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    local = datetime(year, month, day, hour, minute, second, _microseconds(fraction), UTC)
    return _in_utc(local, offset or (f"+{bare_offset}" if bare_offset else "Z"))


def _spoken(found: Match[str]) -> datetime:
    month, day, day_first, month_second, year, hour, minute, second, offset = found.groups()
    number = _MONTHS.index((month or month_second).lower()) + 1
    local = datetime(int(year), number, int(day or day_first), int(hour), int(minute), int(second), tzinfo=UTC)
    return _in_utc(local, (offset or "Z").replace(" ", "+"))


def _in_utc(local: datetime, offset: str) -> datetime:
    """The instant of a local time. A `+` that a query string has turned into a blank is accepted as an offset sign."""
    if offset in ("Z", "z"):
        return local
    hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
    if minutes > 59:
        raise ValueError("offset out of range")
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    return local.replace(tzinfo=timezone(ahead)).astimezone(UTC)


def _epoch(found: Match[str]) -> datetime:
    """Milliseconds since 1970 in UTC. The offset that may follow does not change the instant."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1]))


def _day(found: Match[str]) -> datetime:
    return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)


def _duration(found: Match[str]) -> timedelta:
    sign, days, hours, minutes, seconds, fraction = found.groups()
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=_microseconds(fraction),
    )
    return -length if sign else length


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "")[:6].ljust(6, "0"))


_INSTANTS: dict[re.Pattern[str], Callable[[Match[str]], datetime]] = {
    _ISO: _iso,
    _EPOCH: _epoch,
    _SPOKEN: _spoken,
    _COMPACT: _day,
}
_DURATIONS: dict[re.Pattern[str], Callable[[Match[str]], timedelta]] = {
    _DURATION: _duration,
    _CLOCK: _duration,
    _SECONDS: _duration,
}

__all__ = ["duration_text", "instant_text", "parse_duration", "parse_instant"]
