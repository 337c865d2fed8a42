"""Metrics of signing in."""

import enum
from collections import Counter
from collections.abc import Iterable

from platform_api.foundation.metrics import Family, counter


class SignInOutcome(enum.StrEnum):
    """The end of an attempt to sign in with a password."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    """Not tried, during a pause after failed attempts."""


class SignIns:
    """Counts attempts to sign in with a password in this process."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, ...]] = Counter({(outcome.value,): 0 for outcome in SignInOutcome})

    def count(self, outcome: SignInOutcome) -> None:
        """Count one attempt."""
        self._counts[outcome.value,] += 1

    def failed(self) -> None:
        """Count a wrong address or password."""
        self.count(SignInOutcome.FAILED)

    def __call__(self) -> Iterable[Family]:
        """The counts so far."""
        yield counter(
            "platform_api_sign_ins", "Attempts to sign in with a password on this node.", ("outcome",), self._counts
        )


__all__ = ["SignInOutcome", "SignIns"]
