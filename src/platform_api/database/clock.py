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
    """Milliseconds since 1970, by the clock of the machine."""
    return time.time_ns() // 1_000_000


class Clock:
    """The time of each transaction: never before that of an earlier one while the source is right to within a minute.

    A source that is set back by up to a minute is waited for. One that is set back further was wrong before: it is
    followed, with a warning; otherwise time would stand still for as long as it ran ahead.

    To the millisecond, as clients in JavaScript can hold it: what a client sends back equals what it was given.

    Args:
        source: milliseconds since 1970; those of the machine unless given.
    """

    def __init__(self, source: Callable[[], int] = system_milliseconds) -> None:
        self._source = source
        self._latest = _EPOCH
        self._milliseconds = 0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The time now, by the source."""
        with self._lock:
            return self._follow(self._source())

    def at(self, milliseconds: int) -> datetime:
        """The time now, by another clock that shows these milliseconds since 1970, such as that of a server."""
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
