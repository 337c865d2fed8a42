"""The time of transactions."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from platform_api.foundation.waiting import CLOCK_TOLERANCE

_log = structlog.get_logger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HELD_MILLISECONDS = CLOCK_TOLERANCE // timedelta(milliseconds=1)


def system_milliseconds() -> int:
    """Return milliseconds since 1970 from the clock of the machine."""
    return time.time_ns() // 1_000_000


class Clock:
    """The time of each transaction, never before that of an earlier one unless the source was wrong by more than a minute.

    If the source is set back by up to a minute, the clock waits for its former time. If it is set back further, it was wrong
    before: the clock follows it with a warning, since otherwise time would stand still for as long as the source was ahead.

    Times are whole milliseconds, the precision of JavaScript, so that clients send back exactly the values that they received.

    Args:
        source: milliseconds since 1970; by default those of the machine.
    """

    def __init__(self, source: Callable[[], int] = system_milliseconds) -> None:
        self._source = source
        self._latest = _EPOCH
        self._milliseconds = 0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the current time of the source."""
        with self._lock:
            return self._follow(self._source())

    def at(self, milliseconds: int) -> datetime:
        """Return the current time by another clock, such as that of a server, given in milliseconds since 1970."""
        with self._lock:
            return self._follow(milliseconds)

    def _follow(self, milliseconds: int) -> datetime:
        behind = self._milliseconds - milliseconds
        if behind < 0 or behind > _HELD_MILLISECONDS:
            self._milliseconds = milliseconds
            self._latest = _EPOCH + timedelta(milliseconds=milliseconds)
        if behind > _HELD_MILLISECONDS:
            _log.warning("the clock was set back", seconds=behind / 1000, now=self._latest.isoformat())
        return self._latest


__all__ = ["Clock", "system_milliseconds"]
