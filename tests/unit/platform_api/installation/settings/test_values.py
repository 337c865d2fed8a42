"""Tests of the notation of values."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.installation.settings.values import read_duration, write_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0),
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("14d", 1_209_600),
        ("2w", 1_209_600),
        ("1m500ms", 60.5),
        ("20ms", 0.02),
    ],
)
def test_a_duration_is_numbers_with_units(text: str, seconds: float) -> None:
    """A duration is the sum of its parts, each a whole number with a unit."""
    assert timedelta(seconds=seconds) == read_duration(text)


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "-5m", "1.5h", "5y", "999999999w"])
def test_other_texts_are_refused(text: str) -> None:
    """A number without a unit, a sign, a fraction, and a length beyond the range are refused."""
    with pytest.raises(ValueError, match="duration"):
        read_duration(text)


@given(st.integers(min_value=0, max_value=10**10))
def test_a_duration_that_was_written_is_read_back(milliseconds: int) -> None:
    """Writing and reading a duration gives the same duration."""
    duration = timedelta(milliseconds=milliseconds)

    assert duration == read_duration(write_duration(duration))
