"""The time that is left of a wait, at most the whole wait, whatever instant is stored. Pure.

A clock that ran ahead leaves instants in the future behind when it is corrected. A wait that is computed from such an
instant would last as long as the clock was wrong; here it is over. Use these functions wherever something is refused,
or put off, until a stored instant.
"""

from datetime import datetime, timedelta
from typing import Final

CLOCK_TOLERANCE: Final = timedelta(minutes=1)
"""How far the clocks of nodes, or a clock and its correction, may differ while all of them count as right."""

NO_WAIT: Final = timedelta(0)
"""Nothing is left to wait for."""


def wait_after(since: datetime, window: timedelta, now: datetime) -> timedelta:
    """Time left of a wait of `window` that began at `since`: from 0 to `window`.

    A beginning that lies ahead of `now` by more than the tolerance was written by a clock that was wrong: nothing is
    left.
    """
    return _left(now - since, window)


def wait_until(until: datetime, window: timedelta, now: datetime) -> timedelta:
    """Time left of a wait that ends at `until` and began at most `window` before: from 0 to `window`."""
    return _left(window - (until - now), window)


def _left(elapsed: timedelta, window: timedelta) -> timedelta:
    if elapsed < -CLOCK_TOLERANCE or elapsed >= window:
        return NO_WAIT
    return window - max(elapsed, NO_WAIT)


__all__ = ["CLOCK_TOLERANCE", "NO_WAIT", "wait_after", "wait_until"]
