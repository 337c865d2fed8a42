"""The one thread that writes: units of a group share a transaction, and one wait for the disk.

While a COMMIT waits for the disk, the next units queue up; they all go into the next transaction. Each runs inside a
SAVEPOINT, so that one that fails undoes only itself; none learns its result before the COMMIT.
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
from platform_api.database.sqlite.transaction import SqliteTransaction, connect, run_unit, translated
from platform_api.database.transaction import Unit

_log = structlog.get_logger(__name__)

MAX_GROUP = 256
"""Units that share one transaction at most, so that the first of them does not wait for ever."""

POLL_SECONDS = 0.05
"""How often the commits of other processes are looked for while somebody listens."""

IDLE_SECONDS = 1.0
"""How often an idle writer looks whether somebody listens."""

Topics = set[str]
OnCommit = Callable[[Topics | None], None]
"""Told on the event loop of the topics of a commit; of None when another process has committed."""


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
        on_commit: told of each commit.
        busy_timeout: seconds to wait for another process that writes.
    """

    def __init__(
        self, path: Path, loop: asyncio.AbstractEventLoop, clock: Clock, on_commit: OnCommit, busy_timeout: float
    ) -> None:
        self._path = path
        self._loop = loop
        self._clock = clock
        self._on_commit = on_commit
        self._busy_timeout = busy_timeout
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._ending = False
        self._connection = connect(path, busy_timeout)
        self._cursor = self._connection.cursor()
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
        with contextlib.suppress(sqlite3.Error):  # whoever opens the file next tidies it
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
        """The next unit: at once, or within the time given; None if there is none."""
        try:
            job = self._jobs.get(block=timeout is not None, timeout=timeout)
        except Empty:
            return None
        self._ending = job is None
        return job

    def _waiting(self, most: int) -> Iterator[Job]:
        """The units that wait now or come meanwhile."""
        while most > 0 and not self._ending and (job := self._take()) is not None:
            most -= 1
            yield job

    def _run_group(self, first: Job) -> None:
        """Run `first` and whatever waits behind it in one transaction, and give each its result."""
        group = [first]
        topics: Topics = set()
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            self._run_job(first, topics)
            for job in self._waiting(MAX_GROUP - 1):
                group.append(job)
                self._run_job(job, topics)
            self._cursor.execute("COMMIT")
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
        self._cursor.execute("SAVEPOINT unit")
        try:
            job.result = run_unit(job.unit, SqliteTransaction(self._cursor, self._clock.now(), notified))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the caller
            job.error = error
            self._cursor.execute("ROLLBACK TO unit")
        else:
            topics |= notified
        self._cursor.execute("RELEASE unit")

    def _lose(self, group: list[Job], cause: sqlite3.Error) -> None:
        """Give every unit of a lost transaction an error; those that had failed by themselves keep their own.

        When another process holds the file, whoever waits behind the group would wait as long: they are told, too.
        """
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
        """End what is left of a lost transaction, if need be with a new connection."""
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
        """Tell of the commits of other processes, now and then."""
        if not self.watching or time.monotonic() < self._next_poll:
            return
        self._next_poll = time.monotonic() + POLL_SECONDS
        with contextlib.suppress(sqlite3.Error):  # the next group hears of it
            version = self._data_version()
            if version != self._seen_version:
                self._seen_version = version
                self._call_loop(self._on_commit, None)

    def _data_version(self) -> int:
        """A number that changes with every commit of another connection."""
        row: tuple[int] = self._connection.execute("PRAGMA data_version").fetchone()
        return row[0]


__all__ = ["IDLE_SECONDS", "MAX_GROUP", "POLL_SECONDS", "Job", "OnCommit", "Topics", "Writer"]
