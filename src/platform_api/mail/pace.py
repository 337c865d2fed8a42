"""Reply times of the mail server: a rehearsal waits as long as one of the last sendings did."""

from collections import deque
from collections.abc import Sequence

KEPT = 32
"""Number of sendings that are remembered: enough to vary, few enough to follow a server that becomes slower."""

Pauses = Sequence[float]
"""Seconds before each reply of one sending."""


class Pace:
    """The pauses of the last sendings through one transport."""

    def __init__(self) -> None:
        self._sendings: deque[Pauses] = deque(maxlen=KEPT)
        self._guess: Pauses = ()

    def guess(self, pauses: Pauses) -> None:
        """Set the pauses that are used until the first sending has been measured."""
        self._guess = pauses

    def took(self, pauses: Pauses) -> None:
        """Remember the pauses of a sending."""
        self._sendings.append(pauses)

    def draw(self, chance: float) -> Pauses:
        """The pauses of one of the last sendings; `chance`, from 0 to 1, chooses it."""
        if not self._sendings:
            return self._guess
        return self._sendings[min(int(chance * len(self._sendings)), len(self._sendings) - 1)]


__all__ = ["KEPT", "Pace", "Pauses"]
