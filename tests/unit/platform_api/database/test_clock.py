"""The clock of transactions, driven by a source that the test sets."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from platform_api.database.clock import Clock

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
YEAR = timedelta(days=365)


class Source:
    """A machine's clock."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        """Milliseconds since 1970."""
        return (self.now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def shown(*steps: timedelta) -> list[timedelta]:
    """Times of the clock relative to the start, after each step of its source."""
    source = Source()
    clock = Clock(source)
    clock.now()
    seen = []
    for step in steps:
        source.now += step
        seen.append(clock.now() - START)
    return seen


@pytest.mark.parametrize("back", [timedelta(milliseconds=1), 30 * SECOND, MINUTE])
def test_a_clock_set_back_by_up_to_a_minute_is_waited_for(back: timedelta) -> None:
    """Time does not go back, and goes on when the source has caught up."""
    assert [timedelta(0), timedelta(0), SECOND] == shown(-back, back, SECOND)


@pytest.mark.parametrize("back", [MINUTE + timedelta(milliseconds=1), 61 * SECOND, timedelta(hours=11), YEAR])
def test_a_clock_set_back_further_is_followed(back: timedelta) -> None:
    """It was wrong before: time would stand still."""
    assert [-back, SECOND - back] == shown(-back, SECOND)


def test_a_clock_a_year_ahead_is_followed_there_and_back() -> None:
    """A machine may start with any date."""
    assert [YEAR, timedelta(0), SECOND] == shown(YEAR, -YEAR, SECOND)


def test_small_steps_back_are_followed_once_they_add_up() -> None:
    """Time never stands still for more than a minute."""
    assert [timedelta(0), -80 * SECOND] == shown(-40 * SECOND, -40 * SECOND)


def test_a_step_back_is_logged_once() -> None:
    """With how far it went, and where to."""
    with capture_logs() as logs:
        shown(-30 * SECOND, 30 * SECOND, timedelta(hours=-11), SECOND, SECOND)
    assert [
        {
            "event": "the clock was set back",
            "log_level": "warning",
            "seconds": 39600.0,
            "now": "2026-11-21T01:00:00+00:00",
        }
    ] == logs


@given(st.lists(st.timedeltas(-YEAR, YEAR), min_size=1, max_size=20))
def test_time_is_never_more_than_a_minute_ahead_of_the_source(steps: list[timedelta]) -> None:
    """And never behind it by a millisecond."""
    source = Source()
    clock = Clock(source)
    for step in steps:
        source.now += step
        assert timedelta(milliseconds=-1) < clock.now() - source.now <= MINUTE
