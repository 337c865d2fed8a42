"""A server: sockets, an application and the connections between them."""

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import structlog

from servicehost.server.accepting import Acceptor
from servicehost.server.http1 import Http1
from servicehost.server.lifespan import Lifespan
from servicehost.server.limits import ServerLimits, raise_file_limit
from servicehost.server.shared import Application, Shared, address_of
from servicehost.server.sweeps import SweepSchedule

LAST_BYTES: Final = 1.0
"""Seconds in which the clients of requests that were cancelled may read their responses."""

ARRIVED: Final = 0.05
"""Seconds in which the server reads the requests that had been sent before it stopped listening."""

_log = structlog.get_logger("servicehost.server")


class Server:
    """Serves an application on bound sockets."""

    def __init__(self, application: Application, sockets: Sequence[socket.socket], limits: ServerLimits) -> None:
        self._application = application
        self._sockets = sockets
        self._limits = limits
        self._shared: Shared
        self._lifespan: Lifespan
        self._sweeps: SweepSchedule
        self._acceptors: list[Acceptor] = []
        self._sweeping: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Start the application, then listen.

        Raises:
            NotStarted: the application did not start.
        """
        loop = asyncio.get_running_loop()
        limits = replace(self._limits, connections=min(self._limits.connections, raise_file_limit()))
        self._shared = Shared(self._application, limits, loop)
        self._lifespan = Lifespan(self._application, self._shared.state)
        await self._lifespan.start()
        for each in self._sockets:
            acceptor = Acceptor(each, self._connection, loop, limits.write_time)
            acceptor.start(limits.backlog)
            self._acceptors.append(acceptor)
        self._sweeps = SweepSchedule(limits.sweep_every)
        self._sweep()

    @property
    def connections(self) -> int:
        """Number of open connections."""
        return len(self._shared.connections) if self._acceptors else 0

    @property
    def requests(self) -> int:
        """Number of requests that the application works on."""
        return len(self._shared.running) if self._acceptors else 0

    async def drain(self, seconds: float) -> None:
        """Serve for a number of seconds, and close each connection with its next response.

        Clients that use a connection then open another one, which a load balancer sends to another server.
        """
        self._shared.draining = True
        await asyncio.sleep(seconds)

    async def stop(self, grace: float | None = None) -> None:
        """Stop listening, close idle connections, finish the requests in flight, then stop the application.

        Args:
            grace: seconds for the requests in flight; those that take longer are cancelled. None waits for all.
        """
        self._shared.draining = True
        for acceptor in self._acceptors:
            acceptor.close()
            await acceptor.opened()
        await asyncio.sleep(ARRIVED)
        self._shared.ending = True
        for connection in self._shared.connections:
            connection.finish()
        try:
            async with asyncio.timeout(grace):
                await self._requests_finished()
                await self._shared.connections.empty()
        except TimeoutError:
            await self._cut_off()
        if self._sweeping is not None:
            self._sweeping.cancel()
        await self._lifespan.stop()

    async def _requests_finished(self) -> None:
        while tasks := [request.task for request in self._shared.running if request.task is not None]:
            await asyncio.wait(tasks)

    async def _cut_off(self) -> None:
        """Cancel the requests that are left, and close every connection, with a moment for the last bytes to be sent."""
        running = tuple(self._shared.running)
        _log.warning("requests were cut off", requests=len(running), connections=len(self._shared.connections))
        for request in running:
            if request.task is not None:
                request.task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_BYTES):
                await self._requests_finished()
                await self._shared.connections.empty()
        for connection in self._shared.connections:
            connection.abort()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_BYTES):
                await self._shared.connections.empty()

    def _connection(self, client: Any) -> Http1:
        return Http1(self._shared, address_of(client))

    def _sweep(self) -> None:
        """Check the deadlines of all connections periodically."""
        now = self._shared.loop.time()
        if self._sweeps.is_due(now):
            for connection in self._shared.connections:
                connection.check(now)
        self._sweeping = self._shared.loop.call_later(self._shared.limits.sweep_every, self._sweep)


__all__ = ["Server"]
