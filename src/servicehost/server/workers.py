"""Worker processes that serve on one socket: started, replaced if they end, and stopped together.

The socket is shared, so a connection goes to a process that is free. A worker stops when its parent ends for any
reason, because the pipe between them closes.
"""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

import structlog

_PAUSE: Final = 1.0
"""Seconds before a worker that failed to start is started again."""

Work = Callable[..., None]
"""Main function of a worker process. Its last argument is its end of a pipe, to which it sends once it is serving."""

_log = structlog.get_logger("servicehost.server")


class WorkerFailed(Exception):
    """A worker did not start."""


class _Worker:
    """A worker process.

    Attributes:
        process: the process.
        served: set once the worker reports that it serves, or has closed the pipe.
        ended: set once the process has ended.
    """

    def __init__(self, process: BaseProcess, pipe: Connection) -> None:
        self.process = process
        self.served = asyncio.Event()
        self.ended = asyncio.Event()
        self._pipe = pipe
        loop = asyncio.get_running_loop()
        loop.add_reader(pipe.fileno(), self._on_message)
        loop.add_reader(process.sentinel, self._end)

    @property
    def serves(self) -> bool:
        """Whether the worker is serving."""
        return self.served.is_set() and not self.ended.is_set()

    def _on_message(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pipe.fileno())
        self.served.set()

    def _end(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self.process.sentinel)
        loop.remove_reader(self._pipe.fileno())
        self.process.join()
        self._pipe.close()
        self.ended.set()
        self.served.set()


class Workers:
    """Keeps a number of worker processes running."""

    def __init__(self, count: int, work: Work, arguments: tuple[Any, ...]) -> None:
        """Describe the worker processes.

        Args:
            count: the number of processes.
            work: the main function of each; must be importable by name.
            arguments: its arguments; must be picklable.
        """
        self._count = count
        self._work = work
        self._arguments = arguments
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []

    async def run(self, ready: Callable[[], None], stop: asyncio.Event, grace: float) -> bool:
        """Run until `stop` is set; returns whether every worker ended within `grace`.

        Args:
            ready: called once every worker is serving.
            stop: stops the workers when set.
            grace: seconds in which they must end.

        Raises:
            WorkerFailed: a worker did not start.
        """
        self._workers = [self._start() for _ in range(self._count)]
        for worker in self._workers:
            await worker.served.wait()
        failed = not all(worker.serves for worker in self._workers) and not stop.is_set()
        if not failed:
            ready()
            keepers = [asyncio.create_task(self._keep(place, stop)) for place in range(self._count)]
            await stop.wait()
            for keeper in keepers:
                keeper.cancel()
        ended = await self._end(grace)
        if failed:
            raise WorkerFailed
        return ended

    def kill(self) -> None:
        """Kill the workers."""
        for worker in self._workers:
            worker.process.kill()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=self._work, args=(*self._arguments, theirs))
        process.start()
        theirs.close()
        return _Worker(process, ours)

    async def _keep(self, place: int, stop: asyncio.Event) -> None:
        """Replace a worker whenever it ends."""
        while not stop.is_set():
            worker = self._workers[place]
            await worker.ended.wait()
            _log.error("a worker ended and is replaced", exit_code=worker.process.exitcode)
            self._workers[place] = replacement = self._start()
            await replacement.served.wait()
            if not replacement.serves:
                await asyncio.sleep(_PAUSE)

    async def _end(self, grace: float) -> bool:
        for worker in self._workers:
            worker.process.terminate()
        endings = [asyncio.create_task(worker.ended.wait()) for worker in self._workers]
        _, late = await asyncio.wait(endings, timeout=grace)
        if late:
            self.kill()
            await asyncio.wait(late)
        return not late


def serve_until_parent_ends(pipe: Connection, stop: asyncio.Event) -> Callable[[], None]:
    """In a worker: ignore Ctrl-C, which the parent handles, and stop when the parent ends.

    Returns a function that tells the parent that the worker is serving.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.get_running_loop().add_reader(pipe.fileno(), stop.set)
    return lambda: pipe.send_bytes(b"serving")


__all__ = ["WorkerFailed", "Workers", "serve_until_parent_ends"]
