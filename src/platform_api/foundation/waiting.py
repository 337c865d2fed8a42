"""Remaining time of a wait: at most the whole wait, whatever instant is stored. Pure.

When a clock that ran ahead is corrected, stored instants may lie in the future. A wait computed from such an instant
would last as long as the clock was wrong; these functions treat it as over. Use them wherever something is refused
or postponed until a stored instant.
"""

from datetime import datetime, timedelta
from typing import Final

CLOCK_TOLERANCE: Final = timedelta(minutes=1)
"""Difference of clocks, between nodes or before and after a correction, that counts as none."""

NO_WAIT: Final = timedelta(0)
"""The wait is over."""


def wait_after(since: datetime, window: timedelta, now: datetime) -> timedelta:
    """Remaining time of a wait of `window` that began at `since`: from 0 to `window`.

    A beginning that lies ahead of `now` by more than the tolerance was written by a wrong clock: the wait is over.
    """
    return _left(now - since, window)


def wait_until(until: datetime, window: timedelta, now: datetime) -> timedelta:
    """Remaining time of a wait that ends at `until` and began at most `window` before: from 0 to `window`."""
    return _left(window - (until - now), window)


def _left(elapsed: timedelta, window: timedelta) -> timedelta:
    if elapsed < -CLOCK_TOLERANCE or elapsed >= window:
        return NO_WAIT
    return window - max(elapsed, NO_WAIT)


__all__ = ["CLOCK_TOLERANCE", "NO_WAIT", "wait_after", "wait_until"]
