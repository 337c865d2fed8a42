"""Values of the work queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from servicehost.contract.scalars import Guid


@dataclass(frozen=True, slots=True)
class WorkItem:
    """The columns of the queue in a row. The value of a row of a queue is a subclass with its further columns.

    An item waits while it has `due_at`, is in hand while it has `lease_until`, and is finished without either.

    Attributes:
        id: the primary key.
        owner: the person or contact that the work is done for; owners take turns.
        due_at: when it may be claimed; None while it is in hand or finished.
        lease_until: while it is in hand, when its worker counts as dead.
        attempts: number of attempts that were begun.
        doubts: number of attempts whose end was lost, so that their effect may have happened or not.
        attempted_at: when the last attempt began.
    """

    id: Guid
    owner: Guid
    due_at: datetime | None
    lease_until: datetime | None
    attempts: int
    doubts: int
    attempted_at: datetime | None


class Due(NamedTuple):
    """An item that may be claimed now, as a plan sees it."""

    id: Guid
    owner: Guid
    due_at: datetime


class Scan(NamedTuple):
    """A part of the owners with waiting items, in the order of their ids.

    Attributes:
        first: the item of each owner that has been due longest; owners without a due item are left out.
        after: the owners before and including this one were left out; None for none.
        last: the last owner that was looked at; None if there are no further owners.
    """

    first: tuple[Due, ...]
    after: Guid | None
    last: Guid | None


class Plan(NamedTuple):
    """The items to claim next.

    Attributes:
        items: their ids, in order.
        after: the owner after which the next scan begins; None for the beginning.
    """

    items: tuple[Guid, ...]
    after: Guid | None


class QueueLoad(NamedTuple):
    """The items of a queue that are not finished.

    Attributes:
        waiting: number of items that wait, whether they are due or not.
        leased: number of items in hand.
        expired: number of items in hand whose lease has ended.
        overdue: seconds for which the item that has been due longest has waited; 0 if none is due.
    """

    waiting: int
    leased: int
    expired: int
    overdue: float


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """The pauses between attempts.

    Attributes:
        pauses: the pauses after the first, second, ... failed attempt; the attempt after the last pause is the last.
        jitter: fraction by which a pause may be longer or shorter.
    """

    pauses: tuple[timedelta, ...]
    jitter: float


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """The numbers of a worker.

    Attributes:
        lease: how long one attempt may take before its worker counts as dead.
        lanes: number of items in hand at the same time; with 0 this process works on none.
        tick: average time between two looks for due items.
        outage_pause: pause after the queue was unavailable; doubled while that lasts, up to a minute.
        stop_patience: time for the items in hand after `stop`; then the attempts are cancelled.
    """

    lease: timedelta
    lanes: int
    tick: timedelta
    outage_pause: timedelta
    stop_patience: timedelta


__all__ = ["Due", "Plan", "QueueLoad", "RetrySchedule", "Scan", "WorkItem", "WorkerSettings"]
