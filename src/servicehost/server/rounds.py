"""The rounds in which the times of all connections are checked."""

from typing import Final

PAUSE: Final = 1.0
"""Seconds by which a round may be late before the process counts as paused."""


class Rounds:
    """Decides which rounds check connections.

    A process that was paused, for example because its machine was suspended, finds every time exceeded when it goes on,
    although clients have sent in time. Its first round passes over the check, so that what has arrived is read first.
    Two rounds in succession are never passed over.
    """

    def __init__(self, every: float) -> None:
        """Start before the first round; `every` is the seconds between two rounds."""
        self._every = every
        self._last: float | None = None
        self._passed_over = False

    def checks(self, now: float) -> bool:
        """Whether the round that begins at `now`, in seconds of the loop's clock, checks connections."""
        late = self._last is not None and now - self._last > self._every + PAUSE
        self._last = now
        self._passed_over = late and not self._passed_over
        return not self._passed_over


__all__ = ["PAUSE", "Rounds"]
