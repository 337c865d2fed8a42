"""The area under the ROC curve, with its 95 % interval by DeLong, DeLong and Clarke-Pearson (1988)."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import variance
from typing import Final

LEAST: Final = 0.45
MOST: Final = 0.55
_TWO_SIDED_95: Final = 1.959964


@dataclass(frozen=True)
class Area:
    """How well one measurement distinguishes two cases: 0.5 not at all, 0 or 1 always.

    Attributes:
        value: probability that a measurement of the second case exceeds one of the first; ties count half.
        low: lower end of the 95 % interval.
        high: upper end.
    """

    value: float
    low: float
    high: float

    @property
    def is_blind(self) -> bool:
        """Whether the whole interval lies where a measurement reveals nothing."""
        return self.low >= LEAST and self.high <= MOST


def area(first: Sequence[float], second: Sequence[float]) -> Area:
    """Return the area for two samples of at least two measurements each."""
    above_first = [1 - share for share in _shares_below(first, second)]
    below_second = _shares_below(second, first)
    value = sum(below_second) / len(second)
    half = _TWO_SIDED_95 * math.sqrt(variance(above_first) / len(first) + variance(below_second) / len(second))
    return Area(value, max(0.0, value - half), min(1.0, value + half))


def _shares_below(measured: Sequence[float], others: Sequence[float]) -> list[float]:
    """Return for each measurement the share of the others that is smaller; equal ones count half."""
    ordered = sorted(others)
    return [(bisect_left(ordered, each) + bisect_right(ordered, each)) / (2 * len(ordered)) for each in measured]


__all__ = ["LEAST", "MOST", "Area", "area"]
