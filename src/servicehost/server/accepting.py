"""Accepting connections, many in each round of the event loop.

libuv accepts one connection in a round. A round is as long as the requests that are answered in it, so somebody who
opens many connections and sends many requests on some of them would keep every other client waiting in the queue.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable
from typing import Any, Final

import structlog

_AT_ONCE: Final = 128
"""Connections accepted in one round; few enough to leave some for the other server processes."""

_PAUSE: Final = 0.5
"""Seconds without accepting after the system has no file or memory for another connection."""

_EXHAUSTED: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

_USER_TIMEOUT: Final[int | None] = getattr(socket, "TCP_USER_TIMEOUT", None)
"""Option of the systems that have it."""

_log = structlog.get_logger("servicehost.server")

Factory = Callable[[Any], asyncio.Protocol]
"""Makes the protocol of a connection from the address of its client."""


class Acceptor:
    """Takes the connections of one listening socket."""

    def __init__(
        self, listening: socket.socket, factory: Factory, loop: asyncio.AbstractEventLoop, write_time: float
    ) -> None:
        """Accept nothing yet; a connection ends where the client acknowledges nothing for `write_time` seconds."""
        self._write_time = max(1, round(write_time * 1_000))
        self._listening = listening
        self._factory = factory
        self._loop = loop
        self._opening: set[asyncio.Task[Any]] = set()
        self._resuming: asyncio.TimerHandle | None = None

    def start(self, backlog: int) -> None:
        """Listen, with a queue of so many connections."""
        self._listening.settimeout(0)
        self._listening.listen(backlog)
        self._resume()

    def close(self) -> None:
        """Take no more, and close the socket; what waits in the queue is refused."""
        if self._resuming is not None:
            self._resuming.cancel()
        self._loop.remove_reader(self._listening)
        self._listening.close()

    def _resume(self) -> None:
        self._loop.add_reader(self._listening, self._accept)

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                accepted, address = self._listening.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._pause(error)
                    return
                continue  # the client has gone already
            self._open(accepted, address)

    def _open(self, accepted: socket.socket, address: Any) -> None:
        accepted.settimeout(0)
        self._limit_unacknowledged(accepted)
        opening = self._loop.create_task(self._connect(accepted, address))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    def _limit_unacknowledged(self, accepted: socket.socket) -> None:
        """Bound the time for what the system has taken of an answer: the server does not see whether it arrives."""
        if _USER_TIMEOUT is not None and accepted.family in (socket.AF_INET, socket.AF_INET6):
            with contextlib.suppress(OSError):  # the client has gone already
                accepted.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, self._write_time)

    async def _connect(self, accepted: socket.socket, address: Any) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: self._factory(address), accepted)
        except OSError:
            accepted.close()

    def _pause(self, error: OSError) -> None:
        _log.error("no connections are accepted for a while", reason=error.strerror, seconds=_PAUSE)
        self._loop.remove_reader(self._listening)
        self._resuming = self._loop.call_later(_PAUSE, self._resume)


__all__ = ["Acceptor", "Factory"]
