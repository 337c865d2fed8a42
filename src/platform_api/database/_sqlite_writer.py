"""The one thread that writes: units of a group share a transaction, and one wait for the disk.

While a COMMIT waits for the disk, the next units queue up; they all go into the next transaction. Each runs inside a
SAVEPOINT, so that one that fails undoes only itself; none learns its result before the COMMIT.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import structlog

from platform_api.database._sqlite_transaction import Clock, SqliteTransaction, connect, run_unit, translated
from platform_api.database.errors import CommitFailed, DatabaseBusy
from platform_api.database.transaction import Unit

_log = structlog.get_logger(__name__)

MAX_GROUP = 256
"""Units that share one transaction at most, so that the first of them does not wait for ever."""

POLL_SECONDS = 0.05
"""How often the commits of other processes are looked for while somebody listens."""


class Job:
    """One unit that waits for its result."""

    __slots__ = ("error", "future", "result", "unit")

    def __init__(self, unit: Unit[Any], future: asyncio.Future[Any]) -> None:
        self.unit = unit
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None


class Writer:
    """Runs units in groups on a thread of its own.

    Args:
        path: the database file.
        loop: where results are given.
        clock: gives each unit its time.
        on_commit: called on the loop with the topics of a group after its commit; with None after a commit of
            another process.
        busy_timeout: seconds to wait for another process that writes.
    """

    def __init__(
        self,
        path: Path,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        on_commit: Callable[[set[str] | None], None],
        busy_timeout: float,
    ) -> None:
        self._connection = connect(path, busy_timeout)
        self._cursor = self._connection.cursor()
        self._loop = loop
        self._clock = clock
        self._on_commit = on_commit
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._seen_version = self._data_version()
        self._next_poll = 0.0
        self._thread = threading.Thread(target=self._work, name="sqlite-writer", daemon=True)
        self.watching = False

    def start(self) -> None:
        """Begin to take units."""
        self._thread.start()

    def submit(self, unit: Unit[Any]) -> asyncio.Future[Any]:
        """Queue a unit; the future gets its result after the commit."""
        future = self._loop.create_future()
        self._jobs.put(Job(unit, future))
        return future

    def finish(self) -> None:
        """Run what is queued, then end the thread, tidy the file up and close. Blocks."""
        self._jobs.put(None)
        self._thread.join()
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def _work(self) -> None:
        going_on = True
        while going_on:
            job = self._next_job()
            if job is None:
                return
            going_on = self._run_group(job)

    def _next_job(self) -> Job | None:
        while True:
            self._poll()
            try:
                return self._jobs.get(timeout=POLL_SECONDS if self.watching else 1.0)
            except Empty:
                continue

    def _run_group(self, first: Job) -> bool:
        """Run `first` and whatever waits behind it in one transaction; False when the last of all has been run."""
        group: list[Job] = []
        topics: set[str] = set()
        going_on = True
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            job: Job | None = first
            while job is not None:
                group.append(job)
                topics |= self._run_job(job)
                job, going_on = self._following(len(group))
            self._cursor.execute("COMMIT")
        except sqlite3.Error as error:
            self._fail(group or [first], error)
            topics.clear()
        self._give(group or [first], topics)
        return going_on

    def _following(self, size: int) -> tuple[Job | None, bool]:
        if size >= MAX_GROUP:
            return None, True
        try:
            job = self._jobs.get_nowait()
        except Empty:
            return None, True
        return job, job is not None

    def _run_job(self, job: Job) -> set[str]:
        """Run one unit inside its savepoint; its topics, none if it failed.

        Raises:
            sqlite3.Error: the whole transaction is lost.
        """
        if job.future.cancelled():
            return set()
        topics: set[str] = set()
        self._cursor.execute("SAVEPOINT unit")
        try:
            job.result = run_unit(job.unit, SqliteTransaction(self._cursor, self._clock.now(), topics))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the caller
            job.error = error
            topics.clear()
            self._cursor.execute("ROLLBACK TO unit")
        self._cursor.execute("RELEASE unit")
        return topics

    def _fail(self, group: list[Job], error: sqlite3.Error) -> None:
        """Give every unit of a lost transaction an error; those that failed by themselves keep their own."""
        if self._connection.in_transaction:
            self._cursor.execute("ROLLBACK")
        busy = isinstance(translated(error), DatabaseBusy)
        _log.error("transaction lost", error=str(error), units=len(group))
        for job in group:
            if job.error is None:
                job.error = DatabaseBusy() if busy else CommitFailed()
                job.error.__cause__ = error

    def _give(self, group: list[Job], topics: set[str]) -> None:
        self._call_loop(_deliver, group)
        if topics:
            self._call_loop(self._on_commit, topics)

    def _call_loop(self, call: Callable[..., None], argument: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(call, argument)
        except RuntimeError:
            _log.warning("the event loop ended before the results of its units")

    def _poll(self) -> None:
        """Tell of the commits of other processes, now and then."""
        if not self.watching or time.monotonic() < self._next_poll:
            return
        self._next_poll = time.monotonic() + POLL_SECONDS
        version = self._data_version()
        if version != self._seen_version:
            self._seen_version = version
            self._call_loop(self._on_commit, None)

    def _data_version(self) -> int:
        """A number that changes with every commit of another connection."""
        row: tuple[int] = self._connection.execute("PRAGMA data_version").fetchone()
        return row[0]


def _deliver(group: list[Job]) -> None:
    for job in group:
        if job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


__all__ = ["MAX_GROUP", "POLL_SECONDS", "Job", "Writer"]
