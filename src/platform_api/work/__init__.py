"""The work queue: rows of any table, claimed with a lease and worked on at least once, fair between their owners.

A user of the queue adds `queue_columns` to its table, describes the table by a `WorkQueue` whose rows become a
subclass of `WorkItem`, writes a `WorkHandler`, and runs a `Worker` and the periodic unit `recover`. It inserts rows
itself, in the transaction that causes the work. Its rules are composed of `begin_attempt`, `put_back`, `retry`, `doubt`
and `finish`.
"""

from platform_api.work.errors import WorkUnavailable
from platform_api.work.queue import WorkQueue
from platform_api.work.rules import begin_attempt, doubt, finish, put_back, retry
from platform_api.work.store import keep
from platform_api.work.tables import queue_columns
from platform_api.work.upkeep import Abandoned, recover
from platform_api.work.values import RetrySchedule, WorkerSettings, WorkItem
from platform_api.work.worker import Rest, Worker, WorkHandler

__all__ = [
    "Abandoned",
    "Rest",
    "RetrySchedule",
    "WorkHandler",
    "WorkItem",
    "WorkQueue",
    "WorkUnavailable",
    "Worker",
    "WorkerSettings",
    "begin_attempt",
    "doubt",
    "finish",
    "keep",
    "put_back",
    "queue_columns",
    "recover",
    "retry",
]
