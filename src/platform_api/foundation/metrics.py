"""Metrics as values: families of samples, in no particular format.

Packages count in plain numbers and hand over families when they are asked for them, so that counting costs next to
nothing. The package `management` serves them.
"""

import enum
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec


class FamilyKind(enum.StrEnum):
    """FamilyKind of a family."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Combination(enum.StrEnum):
    """Rule that makes one sample of those of several processes."""

    SUM = "sum"
    LARGEST = "largest"
    SMALLEST = "smallest"


class Sample(msgspec.Struct, frozen=True, array_like=True):
    """One number of a family.

    Attributes:
        suffix: suffix to the name of the family, such as `_total`.
        labels: pairs of a name and a value.
        value: the number.
    """

    suffix: str
    labels: tuple[tuple[str, str], ...]
    value: float


class Family(msgspec.Struct, frozen=True):
    """All samples of one name.

    Attributes:
        name: the name, without `_total`.
        help: its description.
        kind: its kind.
        samples: its samples.
        combination: the rule for several processes.
    """

    name: str
    help: str
    kind: FamilyKind
    samples: tuple[Sample, ...]
    combination: Combination = Combination.SUM


Metrics: TypeAlias = Callable[[], Iterable[Family]]
"""Returns the families of one source as they are now."""

Values: TypeAlias = Mapping[tuple[str, ...], float]
"""A number for each combination of label values."""


class Buckets:
    """Observations of one histogram, counted by size.

    Attributes:
        bounds: inclusive upper bounds, ascending; one more bucket takes larger values.
        counts: number of observations in each bucket.
        total: sum of all observations.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Count one observation."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def add(self, other: "Buckets") -> None:
        """Count the observations of another histogram with the same bounds."""
        self.counts = [mine + its for mine, its in zip(self.counts, other.counts, strict=True)]
        self.total += other.total


def counter(name: str, help_: str, labels: tuple[str, ...], values: Values) -> Family:
    """A family of counters, which only grow; `name` is without `_total`."""
    return Family(name, help_, FamilyKind.COUNTER, _samples("_total", labels, values))


def gauge(
    name: str, help_: str, labels: tuple[str, ...], values: Values, combination: Combination = Combination.SUM
) -> Family:
    """A family of gauges, which rise and fall."""
    return Family(name, help_, FamilyKind.GAUGE, _samples("", labels, values), combination)


def histogram(name: str, help_: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], Buckets]) -> Family:
    """A family of histograms, with the cumulative counts that monitoring systems expect."""
    samples: list[Sample] = []
    for key, buckets in values.items():
        pairs, running = tuple(zip(labels, key, strict=True)), 0
        for bound, count in zip((*map(str, buckets.bounds), "+Inf"), buckets.counts, strict=True):
            running += count
            samples.append(Sample("_bucket", (*pairs, ("le", bound)), running))
        samples.append(Sample("_sum", pairs, buckets.total))
        samples.append(Sample("_count", pairs, running))
    return Family(name, help_, FamilyKind.HISTOGRAM, tuple(samples))


def _samples(suffix: str, labels: tuple[str, ...], values: Values) -> tuple[Sample, ...]:
    return tuple(Sample(suffix, tuple(zip(labels, key, strict=True)), value) for key, value in values.items())


__all__ = [
    "Buckets",
    "Combination",
    "Family",
    "FamilyKind",
    "Metrics",
    "Sample",
    "Values",
    "counter",
    "gauge",
    "histogram",
]
