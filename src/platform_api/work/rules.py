"""Decisions of the work queue: the item after each event, the order of turns, the pauses. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from platform_api.work.values import Due, Plan, RetrySchedule, Scan, WorkItem
from servicehost.contract.scalars import Guid

Item = TypeVar("Item", bound=WorkItem)

SHORTEST_WAIT = timedelta(minutes=1)
"""The shortest time for which an item is put back, so that it is not claimed over and over."""

TICK_JITTER = 0.5
"""Fraction by which the time between two ticks may be longer or shorter."""

LONGEST_OUTAGE_PAUSE = timedelta(minutes=1)
"""The pause between two attempts to reach what is unavailable does not grow beyond this."""


def begin_attempt(item: Item, now: datetime) -> Item:
    """The item when its next attempt begins."""
    return replace(item, attempts=item.attempts + 1, attempted_at=now)


def put_back(item: Item, until: datetime, now: datetime) -> Item:
    """The item put back until later; it is not counted as an attempt."""
    return replace(item, due_at=max(until, now + SHORTEST_WAIT), lease_until=None)


def finish(item: Item) -> Item:
    """The item that needs no further attempt."""
    return replace(item, due_at=None, lease_until=None)


def retry(item: Item, schedule: RetrySchedule, now: datetime, chance: float) -> Item | None:
    """The item after a failed attempt, due again after the pause of its schedule; None when the pauses are used up.

    Args:
        item: the item, in hand.
        schedule: the pauses.
        now: the time.
        chance: a random number from 0 to 1, which spreads the next attempts.
    """
    if item.attempts > len(schedule.pauses):
        return None
    pause = schedule.pauses[item.attempts - 1] * (1 + schedule.jitter * (2 * chance - 1))
    return replace(item, due_at=now + pause, lease_until=None)


def doubt(item: Item, again: datetime) -> Item:
    """The item whose attempt may have had its effect: due once more at `again`, after a second doubt never."""
    return replace(item, doubts=item.doubts + 1, due_at=None if item.doubts else again, lease_until=None)


def in_turn(due: Sequence[Due]) -> list[Guid]:
    """The items in the order in which they are claimed: owners take turns, each with its longest due item."""
    taken: Counter[Guid] = Counter()
    turns: list[tuple[int, datetime, Guid]] = []
    for item in sorted(due, key=lambda each: (each.due_at, each.id)):
        turns.append((taken[item.owner], item.due_at, item.id))
        taken[item.owner] += 1
    return [item for _, _, item in sorted(turns)]


def plan(oldest: Sequence[Due], scan: Scan, limit: int) -> Plan:
    """The items to claim next when more are due than one plan holds: one of each owner.

    Args:
        oldest: the items that have been due longest.
        scan: the first items of the next owners.
        limit: number of items of a plan at most.
    """
    is_whole = scan.after is None and scan.last is None
    if not scan.first or (is_whole and len(scan.first) == 1):
        return Plan(tuple(in_turn(oldest)), scan.last)
    chosen = scan.first[:limit]
    after = scan.last if len(chosen) == len(scan.first) else chosen[-1].owner
    return Plan(tuple(in_turn(chosen)), after)


def tick(average: timedelta, chance: float) -> timedelta:
    """The time until the next look for due items; `chance` is a random number from 0 to 1."""
    return average * (1 + TICK_JITTER * (2 * chance - 1))


def outage_pause(first: timedelta, outages: int) -> timedelta:
    """The pause after that number of outages in a row: twice as long each time, up to `LONGEST_OUTAGE_PAUSE`."""
    doublings = min(outages - 1, 16)
    return min(first * (1 << doublings), LONGEST_OUTAGE_PAUSE)


__all__ = [
    "LONGEST_OUTAGE_PAUSE",
    "SHORTEST_WAIT",
    "TICK_JITTER",
    "Item",
    "begin_attempt",
    "doubt",
    "finish",
    "in_turn",
    "outage_pause",
    "plan",
    "put_back",
    "retry",
    "tick",
]
