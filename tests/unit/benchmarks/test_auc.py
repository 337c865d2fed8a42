"""The statistics of the timing benchmark."""

from itertools import product

import pytest
from benchmarks.timing.auc import Area, area
from hypothesis import given
from hypothesis import strategies as st

_SAMPLE = st.lists(st.integers(0, 9).map(float), min_size=2, max_size=30)


@given(_SAMPLE, _SAMPLE)
def test_the_area_is_the_share_of_pairs(first: list[float], second: list[float]) -> None:
    """The area is the share of pairs in which the measurement of the second case is greater, with ties counted half."""
    share = sum((y > x) + (y == x) / 2 for x, y in product(first, second)) / (len(first) * len(second))

    assert share == pytest.approx(area(first, second).value)


@given(_SAMPLE, _SAMPLE)
def test_the_order_of_the_cases_mirrors_the_area(first: list[float], second: list[float]) -> None:
    """Exchanging the two cases mirrors the area."""
    there, back = area(first, second), area(second, first)

    assert (there.value, there.low, there.high) == pytest.approx((1 - back.value, 1 - back.high, 1 - back.low))


def test_the_interval_is_that_of_delong() -> None:
    """The variance equals that of a sample computed by hand."""
    found = area([1.0, 2.0, 3.0], [2.0, 4.0, 5.0])

    # Shares of the second that are greater: 1, 5/6, 2/3; shares of the first that are less: 1/2, 1, 1.
    assert 5 / 6 == pytest.approx(found.value)
    half = 1.959964 * (((1 / 36) / 3 + (1 / 12) / 3) ** 0.5)
    assert 5 / 6 - half == pytest.approx(found.low)
    assert 1.0 == found.high


@pytest.mark.parametrize(
    ("blind", "low", "high"), [(True, 0.45, 0.55), (False, 0.4499, 0.5), (False, 0.5, 0.5501), (False, 0.2, 0.4)]
)
def test_only_a_whole_interval_within_the_bounds_is_blind(blind: bool, low: float, high: float) -> None:
    """An interval that is too wide proves nothing."""
    assert blind is Area((low + high) / 2, low, high).is_blind
