"""The writer thread: units of a group share one transaction and one wait for the disk.

While a COMMIT waits for the disk, further units queue up; they all go into the next transaction. Each runs inside a
SAVEPOINT, so that a failed unit rolls back only itself; no result is released before the COMMIT.
"""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import structlog

from platform_api.database.clock import Clock
from platform_api.database.errors import CommitFailed, DatabaseBusy
from platform_api.database.figures import Figures
from platform_api.database.sqlite.transaction import SqliteTransaction, connect, run_unit, translated
from platform_api.database.transaction import Unit

_log = structlog.get_logger(__name__)

MAX_GROUP = 256
"""Maximum number of units in one transaction, so that the first of them does not wait forever."""

POLL_SECONDS = 0.05
"""Interval of polling for commits of other processes while there are listeners."""

IDLE_SECONDS = 1.0
"""Interval at which an idle writer checks for listeners."""

Topics = set[str]
OnCommit = Callable[[Topics | None], None]
"""Called on the event loop with the topics of a commit; with None for a commit of another process."""


class Job:
    """A unit that waits for its result."""

    __slots__ = ("error", "future", "result", "unit")

    def __init__(self, unit: Unit[Any], future: asyncio.Future[Any]) -> None:
        self.unit = unit
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None


class Writer:
    """Runs units in groups on a separate thread.

    Args:
        path: the database file.
        loop: event loop for the results.
        clock: time of each unit.
        on_commit: called after each commit.
        busy_timeout: seconds to wait for another process that writes.
        figures: counts of the database.
    """

    def __init__(
        self,
        path: Path,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        on_commit: OnCommit,
        busy_timeout: float,
        figures: Figures,
    ) -> None:
        self._path = path
        self._loop = loop
        self._clock = clock
        self._on_commit = on_commit
        self._busy_timeout = busy_timeout
        self._figures = figures
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._ending = False
        self._connection = connect(path, busy_timeout)
        self._cursor = self._connection.cursor()
        self._seen_version = self._data_version()
        self._next_poll = 0.0
        self._thread = threading.Thread(target=self._work, name="sqlite-writer", daemon=True)
        self.watching = False

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, unit: Unit[Any]) -> asyncio.Future[Any]:
        """Queue a unit; the future gets its result after the commit."""
        future = self._loop.create_future()
        self._jobs.put(Job(unit, future))
        return future

    def finish(self) -> None:
        """Run the queued units, then stop the thread, clean up the file and close it. Blocks."""
        self._jobs.put(None)
        self._thread.join()
        with contextlib.suppress(sqlite3.Error):  # the next process that opens the file cleans it up
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def _work(self) -> None:
        while not self._ending:
            self._poll()
            first = self._take(POLL_SECONDS if self.watching else IDLE_SECONDS)
            if first is not None:
                self._run_group(first)

    def _take(self, timeout: float | None = None) -> Job | None:
        """Return the next unit, immediately or within the given time; None if there is none."""
        try:
            job = self._jobs.get(block=timeout is not None, timeout=timeout)
        except Empty:
            return None
        self._ending = job is None
        return job

    def _waiting(self, most: int) -> Iterator[Job]:
        """Yield the units that wait now or arrive in the meantime."""
        while most > 0 and not self._ending and (job := self._take()) is not None:
            most -= 1
            yield job

    def _run_group(self, first: Job) -> None:
        """Run `first` and all waiting units in one transaction, and deliver their results."""
        group = [first]
        topics: Topics = set()
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            self._run_job(first, topics)
            for job in self._waiting(MAX_GROUP - 1):
                group.append(job)
                self._run_job(job, topics)
            self._cursor.execute("COMMIT")
            self._figures.committed(len(group))
        except sqlite3.Error as error:
            topics.clear()
            self._lose(group, error)
        self._call_loop(self._deliver, group, topics)

    def _run_job(self, job: Job, topics: Topics) -> None:
        """Run one unit inside its savepoint.

        Raises:
            sqlite3.Error: the whole transaction is lost.
        """
        if job.future.cancelled():
            return
        notified: Topics = set()
        self._figures.writes += 1
        self._cursor.execute("SAVEPOINT unit")
        try:
            job.result = run_unit(job.unit, SqliteTransaction(self._cursor, self._clock.now(), notified))
        except BaseException as error:  # noqa: BLE001 - any error belongs to the caller
            job.error = error
            self._figures.failed += 1
            self._cursor.execute("ROLLBACK TO unit")
        else:
            topics |= notified
        self._cursor.execute("RELEASE unit")

    def _lose(self, group: list[Job], cause: sqlite3.Error) -> None:
        """Deliver an error to every unit of a lost transaction; units that failed by themselves keep their own error.

        If another process holds the file, the units that wait behind the group would wait as long: they fail too.
        """
        self._figures.lose(str(cause))
        _log.error("transaction lost", error=str(cause), units=len(group))
        busy = isinstance(translated(cause), DatabaseBusy)
        if busy:
            group.extend(self._waiting(self._jobs.qsize()))
        for job in group:
            if job.error is None:
                job.error = DatabaseBusy() if busy else CommitFailed()
                job.error.__cause__ = cause
        self._recover()

    def _recover(self) -> None:
        """Clean up after a lost transaction, with a new connection if needed."""
        try:
            if self._connection.in_transaction:
                self._cursor.execute("ROLLBACK")
        except sqlite3.Error as error:
            _log.error("connection lost", error=str(error))
            self._connection.close()
            with contextlib.suppress(sqlite3.Error):  # the next group fails, and tries again
                self._connection = connect(self._path, self._busy_timeout)
                self._cursor = self._connection.cursor()

    def _deliver(self, group: list[Job], topics: Topics) -> None:
        for job in group:
            if job.future.done():
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)
        if topics:
            self._on_commit(topics)

    def _call_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            _log.warning("the event loop ended before its units did")

    def _poll(self) -> None:
        """Poll for commits of other processes."""
        if not self.watching or time.monotonic() < self._next_poll:
            return
        self._next_poll = time.monotonic() + POLL_SECONDS
        with contextlib.suppress(sqlite3.Error):  # the next group gets the error
            version = self._data_version()
            if version != self._seen_version:
                self._seen_version = version
                self._call_loop(self._on_commit, None)

    def _data_version(self) -> int:
        """Return a number that changes with every commit of another connection."""
        row: tuple[int] = self._connection.execute("PRAGMA data_version").fetchone()
        return row[0]


__all__ = ["IDLE_SECONDS", "MAX_GROUP", "POLL_SECONDS", "Job", "OnCommit", "Topics", "Writer"]
