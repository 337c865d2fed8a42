"""Counts of what a database did since it was opened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from platform_api.foundation.metrics import Buckets

GROUP_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class PoolState(NamedTuple):
    """PoolState of a pool.

    Attributes:
        used: those on which a unit runs.
        idle: those that are free.
        most: the largest number that the pool opens.
    """

    used: int
    idle: int
    most: int


@dataclass(slots=True)
class Figures:
    """Counts of one opened database; each is written by one thread only.

    Attributes:
        reads: units that only read.
        writes: units that may write; each run of a unit counts.
        failed: units that ended with an error, and had no effect.
        reruns: units that were run again after a conflict.
        commits: transactions that were committed.
        lost: transactions whose commit failed.
        groups: units for each commit.
        failure: the reason that the latest transaction was lost; None if it was committed.
        connections: the connections of the pool; None without a pool.
    """

    reads: int = 0
    writes: int = 0
    failed: int = 0
    reruns: int = 0
    commits: int = 0
    lost: int = 0
    groups: Buckets = field(default_factory=lambda: Buckets(GROUP_SIZES))
    failure: str | None = None
    connections: Callable[[], PoolState] | None = None

    def committed(self, units: int) -> None:
        """Count a commit of so many units."""
        self.commits += 1
        self.groups.observe(units)
        self.failure = None

    def lose(self, reason: str) -> None:
        """Count a transaction that was lost."""
        self.lost += 1
        self.failure = reason


__all__ = ["GROUP_SIZES", "Figures", "PoolState"]
