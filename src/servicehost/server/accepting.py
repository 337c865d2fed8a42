"""Accepts many connections in each iteration of the event loop.

libuv accepts one connection in an iteration. An iteration lasts as long as the requests answered in it, so one client
that opens many connections and sends many requests could keep all other clients waiting in the queue.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable
from typing import Any, Final

import structlog

_AT_ONCE: Final = 128
"""Connections accepted in one iteration; few enough to leave some for other server processes."""

_PAUSE: Final = 0.5
"""Seconds without accepting after the system has run out of files or memory for connections."""

_EXHAUSTED: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

_USER_TIMEOUT: Final[int | None] = getattr(socket, "TCP_USER_TIMEOUT", None)
"""Socket option, if the system has it."""

_log = structlog.get_logger("servicehost.server")

Factory = Callable[[Any], asyncio.Protocol]
"""Makes the protocol of a connection from the client's address."""


class Acceptor:
    """Accepts the connections of one listening socket."""

    def __init__(
        self, listening: socket.socket, factory: Factory, loop: asyncio.AbstractEventLoop, write_time: float
    ) -> None:
        """Prepare without accepting. Connections close if their client acknowledges nothing for `write_time` seconds."""
        self._write_time = max(1, round(write_time * 1_000))
        self._listening = listening
        self._factory = factory
        self._loop = loop
        self._opening: set[asyncio.Task[Any]] = set()
        self._resuming: asyncio.TimerHandle | None = None

    def start(self, backlog: int) -> None:
        """Listen, with a queue of `backlog` connections."""
        self._listening.settimeout(0)
        self._listening.listen(backlog)
        self._resume()

    def close(self) -> None:
        """Accept the connections in the queue, whose clients may have sent a request already, and close the socket."""
        if self._resuming is None:
            while self._accept() == _AT_ONCE:
                pass
        if self._resuming is not None:
            self._resuming.cancel()
        self._loop.remove_reader(self._listening)
        self._listening.close()

    async def opened(self) -> None:
        """Wait until every accepted connection is open."""
        while self._opening:
            await asyncio.wait(self._opening)

    def _resume(self) -> None:
        self._resuming = None
        self._loop.add_reader(self._listening, self._accept)

    def _accept(self) -> int:
        """Accept waiting connections; how many were taken from the queue, at most `_AT_ONCE`."""
        for number in range(_AT_ONCE):
            try:
                accepted, address = self._listening.accept()
            except BlockingIOError:
                return number
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._pause(error)
                    return number
                continue  # the client has disconnected
            self._open(accepted, address)
        return _AT_ONCE

    def _open(self, accepted: socket.socket, address: Any) -> None:
        accepted.settimeout(0)
        self._limit_unacknowledged(accepted)
        opening = self._loop.create_task(self._connect(accepted, address))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    def _limit_unacknowledged(self, accepted: socket.socket) -> None:
        """Limit the time for data that the system has accepted: the server cannot see whether it reaches the client."""
        if _USER_TIMEOUT is not None and accepted.family in (socket.AF_INET, socket.AF_INET6):
            with contextlib.suppress(OSError):  # the client has disconnected
                accepted.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, self._write_time)

    async def _connect(self, accepted: socket.socket, address: Any) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: self._factory(address), accepted)
        except OSError:
            accepted.close()

    def _pause(self, error: OSError) -> None:
        _log.error("accepting connections is suspended", reason=error.strerror, seconds=_PAUSE)
        self._loop.remove_reader(self._listening)
        self._resuming = self._loop.call_later(_PAUSE, self._resume)


__all__ = ["Acceptor", "Factory"]
