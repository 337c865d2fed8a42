"""Compares the generated writers of the text formats with equivalent writers made of closures.

Each format encodes a response of 50 connection requests, once with the writers of `servicehost.formats._writer` and once
with those of `closures`. The encoders alternate; the table shows the median times for one response in microseconds.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from platform_api.contacts import ContactSummaryModel
from platform_api.directory import ContactConnectionModel, GetConnectionRequestsResponse
from servicehost.contract.scalars import Guid
from servicehost.contract.types import Ref, TypeModel
from servicehost.formats import csv, json, jsv, xml
from servicehost.formats._writer import Part, Shortcut, Write
from servicehost.formats.codec import Encoder, Style

ROWS: Final = 50
ROUNDS: Final = 301
MODULES: Final[Mapping[str, ModuleType]] = {"xml": xml, "jsv": jsv, "csv": csv}
"""The formats with generated writers."""

_NODE: Final = Ref(TypeModel().message(GetConnectionRequestsResponse))
_STYLE: Final = Style("http://schemas.example.com/types")
_NOON: Final = datetime(2026, 11, 14, 12, 30, 15, tzinfo=UTC)


def response(rows: int = ROWS) -> GetConnectionRequestsResponse:
    """Return a response with as many members as a list of received requests has."""
    return GetConnectionRequestsResponse(connection_requests=[_row(number) for number in range(1, rows + 1)])


def _row(number: int) -> ContactConnectionModel:
    def guid(kind: int) -> Guid:
        return Guid(str(UUID(int=kind << 64 | number)))

    return ContactConnectionModel(
        connection_request_id=guid(1),
        contact=ContactSummaryModel(
            contact_id=guid(2),
            contact_full_name=f"Builder & Sons {number}",
            contact_type_id=guid(3),
            description=f"Builds houses in district {number}.",
            timezone_name="Australia/Sydney",
        ),
        contact_role_id=guid(4),
        contact_role_name="Supplier",
        requestor_contact_id=guid(5),
        requestor_contact_name="Harbour Homes",
        requestor_role_id=guid(6),
        requestor_role_name="Client",
        primary_role_name="Supplier",
        connection_status_id=guid(7),
        connection_status_name="Pending",
        is_connection_request=True,
        is_incoming=True,
        from_date=_NOON - timedelta(minutes=number),
    )


def table() -> str:
    """Return a table: times in microseconds, and the speed of generated source relative to closures."""
    value = response()
    encoders = {name: _compiled(module) for name, module in MODULES.items()}
    check(encoders, value)
    encoders["json"] = {"generated": json.compile_encoder(_NODE, _STYLE)}
    medians = _medians(encoders, value)
    return "\n".join([f"{'':6}{'generated':>12}{'closures':>12}{'ratio':>8}{'of JSON':>10}", *_lines(medians)])


def check(encoders: Mapping[str, Mapping[str, Encoder]], value: object) -> None:
    """Check that both kinds of writers produce the same output.

    Raises:
        WritersDiffer: they do not.
    """
    for name, ways in encoders.items():
        if len({encode(value) for encode in ways.values()}) > 1:
            raise WritersDiffer(f"{name}: generated source and closures write different bytes")


class WritersDiffer(Exception):
    """Generated source and closures write different bytes, so that their times cannot be compared."""


def _compiled(module: ModuleType) -> Mapping[str, Encoder]:
    with patch.object(module, "compile_writer", closures):
        slow = module.compile_encoder(_NODE, _STYLE)
    return {"generated": module.compile_encoder(_NODE, _STYLE), "closures": slow}


def _medians(encoders: Mapping[str, Mapping[str, Encoder]], value: object) -> Mapping[tuple[str, str], float]:
    jobs = {(name, way): encode for name, ways in encoders.items() for way, encode in ways.items()}
    times: dict[tuple[str, str], list[int]] = {job: [] for job in jobs}
    for _ in range(ROUNDS):
        for job, encode in jobs.items():
            start = time.perf_counter_ns()
            encode(value)
            times[job].append(time.perf_counter_ns() - start)
    return {job: statistics.median(several) / 1000 for job, several in times.items()}


def _lines(medians: Mapping[tuple[str, str], float]) -> Iterator[str]:
    plain = medians["json", "generated"]
    yield f"{'json':6}{plain:12.0f}"
    for name in MODULES:
        fast, slow = medians[name, "generated"], medians[name, "closures"]
        yield f"{name:6}{fast:12.0f}{slow:12.0f}{slow / fast:8.2f}{fast / plain:10.1f}"


def closures(
    _name: str, parts: Sequence[Part], shortcut: Shortcut | None = None, *, start: str = "", end: str = ""
) -> Write:
    """Return a writer without generated source: a closure for each part, and one call that reads all values."""
    short = _short(shortcut) if shortcut else None
    writers = [_closure(part, short if shortcut and part.write is shortcut.write else part.write) for part in parts]
    values = attrgetter(*(part.attribute for part in parts)) if len(parts) > 1 else _only(parts)

    def write(message: Any) -> str:
        return start + "".join([part(value) for part, value in zip(writers, values(message), strict=True)]) + end

    return write


def _only(parts: Sequence[Part]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda message: tuple(getattr(message, part.attribute) for part in parts)


def _short(shortcut: Shortcut) -> Write:
    """Return a string writer that calls the full one only if the test fails."""
    source = f"lambda value: value if {shortcut.test} else write(value)"
    write: Write = eval(source, {**shortcut.names, "write": shortcut.write})  # noqa: S307 - an expression of a format
    return write


def _closure(part: Part, write: Write | None) -> Write:
    """Return the fastest closure for the part, with only the branches that its values need."""
    before, after, null, empty = part.before, part.after, part.null, part.empty
    if write is None:
        return _plain_closure(part)
    if null is None and empty is None:
        return lambda value: f"{before}{write(value)}{after}"
    if null is None:
        return lambda value: f"{before}{write(value)}{after}" if value else str(empty)
    if empty is None:
        return lambda value: f"{before}{write(value)}{after}" if value is not None else null
    return lambda value: f"{before}{write(value)}{after}" if value else null if value is None else empty


def _plain_closure(part: Part) -> Write:
    before, after, null = part.before, part.after, part.null
    if null is None:
        return lambda value: f"{before}{value}{after}"
    return lambda value: f"{before}{value}{after}" if value is not None else null


__all__ = ["WritersDiffer", "check", "closures", "response", "table"]
