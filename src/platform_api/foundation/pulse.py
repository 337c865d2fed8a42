"""The state of background work, as it reports it after each round."""

import time
from collections.abc import Callable
from datetime import timedelta

from platform_api.foundation.pulse_reading import PulseReading


class Pulse:
    """Last report of one part of the installation.

    Args:
        name: names the part for operators.
        allowed: time in which it reports again while it works.
        clock: monotonic seconds.
    """

    __slots__ = ("_allowed", "_at", "_clock", "_failure", "_reported", "name")

    def __init__(self, name: str, allowed: timedelta, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._allowed = allowed.total_seconds()
        self._clock = clock
        self._at = clock()
        self._reported = False
        self._failure: str | None = None

    def succeeded(self) -> None:
        """Report a round that succeeded."""
        self._report(None)

    def failed(self, reason: str) -> None:
        """Report a round that failed; the reason is a class of errors, without names or addresses."""
        self._report(reason)

    def read(self) -> PulseReading:
        """The pulse now."""
        return PulseReading(self.name, self._clock() - self._at, self._allowed, self._reported, self._failure)

    def _report(self, failure: str | None) -> None:
        self._at = self._clock()
        self._reported = True
        self._failure = failure


__all__ = ["Pulse"]
