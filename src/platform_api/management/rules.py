"""Decisions about health, and the report of several processes together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from platform_api.foundation.metrics import Combination, Family, FamilyKind, Sample
from platform_api.foundation.pulse_reading import PulseReading
from platform_api.management.values import HealthPart, PartState, Report, Status

_SEVERITY: Final = tuple(PartState)
_COMBINE: Final[Mapping[Combination, Callable[[Iterable[float]], float]]] = {
    Combination.SUM: sum,
    Combination.LARGEST: max,
    Combination.SMALLEST: min,
}


def part_of(pulse: PulseReading) -> HealthPart:
    """The part that reports by a pulse."""
    if pulse.failure is not None:
        return HealthPart(pulse.name, PartState.FAILED, pulse.age, pulse.failure)
    if pulse.age > pulse.allowed:
        return HealthPart(pulse.name, PartState.LATE, pulse.age, f"no report within {pulse.allowed:g} seconds")
    if not pulse.reported:
        return HealthPart(pulse.name, PartState.STARTING, pulse.age, "its first round has not ended")
    return HealthPart(pulse.name, PartState.OK, pulse.age)


def status_of(report: Report) -> Status:
    """The health of the whole: failed if no request can be served, degraded if any part is not ok."""
    if not report.ready:
        return Status.FAILED
    return Status.OK if all(part.state is PartState.OK for part in report.parts) else Status.DEGRADED


def unready_because(parts: Iterable[HealthPart], *, started: bool, stopping: bool) -> str | None:
    """The reason for which a process should get no requests; None if it should get them."""
    if stopping:
        return "stopping"
    if not started:
        return "starting"
    for part in parts:
        if part.essential and part.state is not PartState.OK:
            return f"{part.name}: {part.reason}"
    return None


def merged(reports: Sequence[Report]) -> Report:
    """The report of several processes that share one port: ready if one of them is, each part as bad as its worst."""
    reasons = [report.reason for report in reports] or ["no server process answers"]
    return Report(
        None if None in reasons else reasons[0],
        _merged_parts(part for report in reports for part in report.parts),
        combined(family for report in reports for family in report.families),
    )


def combined(families: Iterable[Family]) -> tuple[Family, ...]:
    """One family for each name, with the samples of all processes combined."""
    by_name: dict[str, list[Family]] = {}
    for family in families:
        by_name.setdefault(family.name, []).append(family)
    return tuple(_combined(same) for same in by_name.values())


def lasting(families: Iterable[Family]) -> tuple[Family, ...]:
    """The families that count on after their process has ended, so that totals never fall: all but gauges."""
    return tuple(family for family in families if family.kind is not FamilyKind.GAUGE)


def _combined(same: Sequence[Family]) -> Family:
    first = same[0]
    values: dict[tuple[str, tuple[tuple[str, str], ...]], list[float]] = {}
    for family in same:
        for sample in family.samples:
            values.setdefault((sample.suffix, sample.labels), []).append(sample.value)
    combine = _COMBINE[first.combination]
    samples = tuple(Sample(suffix, labels, combine(numbers)) for (suffix, labels), numbers in values.items())
    return Family(first.name, first.help, first.kind, samples, first.combination)


def _merged_parts(parts: Iterable[HealthPart]) -> tuple[HealthPart, ...]:
    worst: dict[str, HealthPart] = {}
    for part in parts:
        known = worst.get(part.name)
        if known is None or _badness(part) > _badness(known):
            worst[part.name] = part
    return tuple(worst.values())


def _badness(part: HealthPart) -> tuple[int, float]:
    return _SEVERITY.index(part.state), part.age


__all__ = ["combined", "lasting", "merged", "part_of", "status_of", "unready_because"]
