"""Report of a run as ratios, since absolute figures depend on the machine."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from benchmarks.requests import FORMATS, KINDS, Kind
from benchmarks.rounds import Measured
from benchmarks.servers import Implementation

GOALS: Final[dict[tuple[str, Kind], float]] = {
    ("fastapi", "A"): 15,
    ("litestar", "A"): 5,
    ("fastify", "A"): 1.5,
    ("group", "A"): 0.7,
    ("fastapi", "B"): 12,
    ("litestar", "B"): 2,
    ("fastify", "B"): 1.5,
    ("bound", "C2"): 0.5,
}
"""Target ratio of the platform's speed to that of another implementation."""

FORMAT_GOAL: Final = 0.5
"""Target ratio of B in another format to B in JSON."""


def ratios(measured: Measured, implementations: Sequence[Implementation], kinds: Sequence[Kind]) -> str:
    """Return a table: the speed of the platform relative to each other implementation, and the target."""
    shown = [kind for kind in KINDS if kind in kinds]
    others = [each for each in implementations if not each.ours]
    rows = [[each.title, *(_ratio(measured, each.name, kind) for kind in shown)] for each in others]
    return "\n".join(_table(["Speed of the platform relative to", *shown], rows))


def formats(measured: Measured, kinds: Sequence[Kind]) -> str:
    """Return a table: B in the other formats relative to B in JSON."""
    json = measured.rate("ours", "B")
    found = [(kind, rate) for kind in FORMATS if kind in kinds and (rate := measured.rate("ours", kind)) is not None]
    if not json or not found:
        return ""
    rows = [[f"{kind} / B", f"{rate / json:.2f} (goal {FORMAT_GOAL})"] for kind, rate in found]
    return "\n".join(_table(["In other formats", "ratio"], rows))


def rates(measured: Measured, implementations: Sequence[Implementation], kinds: Sequence[Kind]) -> str:
    """Return a table: requests per second on this machine with 99th percentiles, for comparing runs on the same machine."""
    rows = [[each.title, *(_rate(measured, each.name, kind) for kind in kinds)] for each in implementations]
    return "\n".join(_table(["Requests per second on this machine (p99 in ms)", *kinds], rows))


def _ratio(measured: Measured, name: str, kind: Kind) -> str:
    ours, other = measured.rate("ours", kind), measured.rate(name, kind)
    if not ours or not other:
        return ""
    goal = GOALS.get((name, kind))
    ratio = ours / other
    return f"{ratio:.1f}" if goal is None and ratio > 1 else f"{ratio:.2f}" + (f" (goal {goal:g})" if goal else "")


def _rate(measured: Measured, name: str, kind: Kind) -> str:
    rate = measured.rate(name, kind)
    return f"{rate:,.0f} ({measured.slowest(name, kind):.0f})" if rate else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Return a table in Markdown."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


__all__ = ["FORMAT_GOAL", "GOALS", "formats", "rates", "ratios"]
