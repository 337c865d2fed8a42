"""A server: sockets, an application and the connections between them."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from servicehost.server.accepting import Acceptor
from servicehost.server.http1 import Http1
from servicehost.server.lifespan import Lifespan
from servicehost.server.limits import ServerLimits, raise_file_limit
from servicehost.server.shared import Application, Shared, address_of
from servicehost.server.sweeps import SweepSchedule


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

    async def stop(self) -> None:
        """Stop listening, close idle connections, finish the requests in flight, then stop the application."""
        self._shared.ending = True
        for acceptor in self._acceptors:
            acceptor.close()
        for connection in self._shared.connections:
            connection.finish()
        while tasks := [request.task for request in self._shared.running if request.task is not None]:
            await asyncio.wait(tasks)
        await self._shared.connections.empty()
        if self._sweeping is not None:
            self._sweeping.cancel()
        await self._lifespan.stop()

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
