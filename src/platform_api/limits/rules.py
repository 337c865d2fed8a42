"""Quotas: their values, and when they are exceeded. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from platform_api.foundation.waiting import wait_until
from servicehost.contract.errors import TooManyRequests

LONGEST_WINDOW = timedelta(days=31)
"""The longest window. A counter that ends later was written by a wrong clock and can be purged."""

SHORTEST_WAIT = timedelta(seconds=1)
"""The shortest wait that a refusal names."""


class Quota(msgspec.Struct, frozen=True, gc=False):
    """At most `limit` per `window`, per key. A cooldown is a quota with limit 1.

    The window opens with the first spending and closes `window` later; the next spending opens a new one. So a
    cooldown is exact, the time to wait is known exactly, and any span of that length holds less than twice the limit.
    A struct, because each sending counts against several and hashes them.

    Attributes:
        name: names the counter; two quotas of one name share it.
        limit: the amount allowed in one window; None for no limit: the amount is counted nevertheless.
        window: length of a window; at most `LONGEST_WINDOW`.
    """

    name: str
    limit: int | None
    window: timedelta

    def __post_init__(self) -> None:
        if self.window > LONGEST_WINDOW:
            raise ValueError(f"a window of {in_words(self.window)} is longer than {in_words(LONGEST_WINDOW)}")


@dataclass(frozen=True, slots=True)
class Spent:
    """Amount that one key has spent in its window.

    Attributes:
        amount: the amount.
        ends_at: when the window closes.
    """

    amount: int
    ends_at: datetime


class QuotaExceeded(TooManyRequests):
    """A quota is used up for now.

    Attributes:
        quota: the quota.
    """

    def __init__(self, quota: Quota, wait: timedelta) -> None:
        super().__init__(
            f"The limit is {quota.limit} in {in_words(quota.window)}. Try again in {in_words(wait)}.",
            retry_after=math.ceil(wait.total_seconds()),
        )
        self.quota = quota


def allows(quota: Quota, amount: int) -> bool:
    """Whether `amount` may be spent in one window."""
    return quota.limit is None or amount <= quota.limit


def wait(quota: Quota, spent: Spent, now: datetime) -> timedelta | None:
    """Time until the quota allows again what led to `spent`; None if it allows it now."""
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
