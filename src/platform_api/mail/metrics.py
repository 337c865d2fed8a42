"""Metrics of mail."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from platform_api.database.transaction import Transaction
from platform_api.foundation.metrics import Combination, Family, counter, gauge
from platform_api.mail import store
from platform_api.mail.values import LetterState, Result

_UNFINISHED: Final = (LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED, LetterState.UNKNOWN)
"""States in which a letter can wait or be in hand; each has a sample, even if there is no letter."""


class LetterOutcomes:
    """Counts how attempts to send letters ended in this process."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, ...]] = Counter({(result.value,): 0 for result in Result})

    def count(self, result: Result) -> None:
        """Count one attempt."""
        self._counts[result.value,] += 1

    def __call__(self) -> Iterable[Family]:
        """The counts so far."""
        yield counter(
            "platform_api_letter_attempts", "Attempts to send letters on this node.", ("outcome",), self._counts
        )


async def letters_by_state(tx: Transaction) -> Iterable[Family]:
    """Number and greatest age of the letters that are not finished, by state."""
    numbers, ages = dict.fromkeys(_UNFINISHED, 0), dict.fromkeys(_UNFINISHED, 0.0)
    for state, number, oldest in await store.unfinished_letters(tx):
        numbers[state] = numbers.get(state, 0) + number
        ages[state] = max(ages.get(state, 0.0), (tx.now - oldest).total_seconds())
    return (
        gauge(
            "platform_api_letters",
            "Letters that are not finished.",
            ("state",),
            {(state.value,): number for state, number in numbers.items()},
            Combination.LARGEST,
        ),
        gauge(
            "platform_api_letters_oldest_age_seconds",
            "Time since the oldest unfinished letter was queued.",
            ("state",),
            {(state.value,): age for state, age in ages.items()},
            Combination.LARGEST,
        ),
    )


__all__ = ["LetterOutcomes", "letters_by_state"]
