"""How long sending takes here: a rehearsal waits as long as one of the last real sendings did."""

from collections import deque

KEPT = 32
"""How many durations are remembered: enough to vary, few enough to follow a server that becomes slower."""


class Pace:
    """The durations of the last sendings through one transport, in seconds."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=KEPT)
        self._guess = 0.0

    def guess(self, seconds: float) -> None:
        """What to wait until the first sending was measured."""
        self._guess = seconds

    def took(self, seconds: float) -> None:
        """Remember how long a sending took."""
        self._seconds.append(seconds)

    def draw(self, chance: float) -> float:
        """The duration of one of the last sendings; `chance`, from 0 to 1, chooses it."""
        if not self._seconds:
            return self._guess
        return self._seconds[min(int(chance * len(self._seconds)), len(self._seconds) - 1)]


__all__ = ["KEPT", "Pace"]
