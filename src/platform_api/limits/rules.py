"""What a quota is, and when it is exceeded. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from platform_api.foundation.waiting import wait_until
from servicehost.contract.errors import TooManyRequests

LONGEST_WINDOW = timedelta(days=31)
"""No counter ends later than so long from now, so those that do can be purged."""

SHORTEST_WAIT = timedelta(seconds=1)
"""Nobody is told to wait for less."""


@dataclass(frozen=True, slots=True)
class Quota:
    """So much in so long, for each key. A cooldown is a quota of one.

    The window opens with the first spending and closes `window` later; then the next one opens a new one. So a
    cooldown is exact, the time to wait is exactly known, and less than twice the limit fits into any such span.

    Attributes:
        name: names the counter; two quotas of one name share it.
        limit: how much in one window; None for any amount, which is counted nevertheless.
        window: how long a window is; at most `LONGEST_WINDOW`.
    """

    name: str
    limit: int | None
    window: timedelta

    def __post_init__(self) -> None:
        if self.window > LONGEST_WINDOW:
            raise ValueError(f"a window of {in_words(self.window)} is longer than {in_words(LONGEST_WINDOW)}")


@dataclass(frozen=True, slots=True)
class Spent:
    """What one key has spent in its window.

    Attributes:
        amount: how much.
        ends_at: when the window closes.
    """

    amount: int
    ends_at: datetime


class QuotaExceeded(TooManyRequests):
    """A quota does not allow more for now.

    Attributes:
        quota: which one.
    """

    def __init__(self, quota: Quota, wait: timedelta) -> None:
        super().__init__(
            f"The limit is {quota.limit} in {in_words(quota.window)}. Try again in {in_words(wait)}.",
            retry_after=math.ceil(wait.total_seconds()),
        )
        self.quota = quota


def allows(quota: Quota, amount: int) -> bool:
    """Whether so much may be spent in one window."""
    return quota.limit is None or amount <= quota.limit


def wait(quota: Quota, spent: Spent, now: datetime) -> timedelta | None:
    """How long until the quota allows again what led to `spent`; None if it allows it now."""
    if allows(quota, spent.amount):
        return None
    return max(wait_until(spent.ends_at, quota.window, now), SHORTEST_WAIT)


def with_more(quota: Quota, spent: Spent | None, amount: int, now: datetime) -> Spent:
    """Amount spent after spending `amount` more.

    A window that ends later than one that opens now was opened by a clock that was wrong: it counts as closed.
    """
    if spent is None or not now < spent.ends_at <= now + quota.window:
        return Spent(amount, now + quota.window)
    return Spent(spent.amount + amount, spent.ends_at)


def in_words(duration: timedelta) -> str:
    """The duration for people, rounded up in the largest unit that fits twice or exactly: `90 minutes`, `1 day`."""
    seconds = math.ceil(duration.total_seconds())
    sizes = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
    name, size = next(((n, s) for n, s in sizes if seconds == s or seconds >= 2 * s), sizes[-1])
    count = math.ceil(seconds / size)
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


__all__ = [
    "LONGEST_WINDOW",
    "SHORTEST_WAIT",
    "Quota",
    "QuotaExceeded",
    "Spent",
    "allows",
    "in_words",
    "wait",
    "with_more",
]
