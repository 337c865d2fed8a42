"""Periodic checks of the deadlines of all connections."""

from typing import Final

PAUSE: Final = 1.0
"""Seconds by which a check may be late before the process counts as having been paused."""


class SweepSchedule:
    """Decides whether a periodic check takes place.

    After a pause of the process, for example when its machine was suspended, all deadlines appear exceeded although
    clients have sent in time. The first check after a pause is therefore skipped, so that received data is read first.
    Two checks in succession are never skipped.
    """

    def __init__(self, every: float) -> None:
        """Start before the first check; `every` is the number of seconds between two checks."""
        self._every = every
        self._last: float | None = None
        self._skipped = False

    def is_due(self, now: float) -> bool:
        """Whether the check that is due at `now`, in seconds of the loop's clock, takes place."""
        late = self._last is not None and now - self._last > self._every + PAUSE
        self._last = now
        self._skipped = late and not self._skipped
        return not self._skipped


__all__ = ["PAUSE", "SweepSchedule"]
