"""Resources in use by one client: connections, requests and unfinished bodies, and the queue of its requests."""

import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Protocol

from servicehost.server.bodies import Bodies
from servicehost.server.limits import ServerLimits

_UNLIMITED: Final = sys.maxsize


class Turn(Protocol):
    """A request that runs in turn with the client's other requests.

    Attributes:
        working: whether it counts as running.
    """

    working: bool

    def proceed(self) -> bool:
        """Start or continue, because it is the request's turn; False if it was refused instead."""


class ClientUsage:
    """Resources of a client: an IPv4 address or an IPv6 /64.

    A request counts as running while the application works on it, but not while it waits for its body or for the client
    to read, and not once it streams its response. A slow client therefore delays no other client.

    Attributes:
        connections: open connections.
        requests: requests that are running, queued or being answered.
        bodies: body bytes in memory.
    """

    __slots__ = (
        "_forget",
        "_requests_limit",
        "_running",
        "_running_limit",
        "_waiting",
        "bodies",
        "connections",
        "requests",
    )

    def __init__(
        self, requests: int, running: int, body_bytes: int, forget: Callable[[], object] | None = None
    ) -> None:
        self.connections: dict[Any, None] = {}
        self.requests = 0
        self.bodies = Bodies(body_bytes)
        self._requests_limit = requests
        self._running_limit = running
        self._forget = forget
        self._running = 0
        self._waiting: OrderedDict[Turn, None] = OrderedDict()

    @property
    def full(self) -> bool:
        """Whether it has reached its number of HTTP/2 requests."""
        return self.requests >= self._requests_limit

    def begin(self, request: Turn) -> None:
        """Start a new request now, or queue it."""
        self.requests += 1
        self.enter(request)

    def enter(self, request: Turn) -> None:
        """Continue a request now, or queue it."""
        if self._running < self._running_limit:
            self._go(request)
        else:
            self._waiting[request] = None

    def release(self, request: Turn) -> None:
        """Stop counting a request as running, and start the next one in the queue."""
        if not request.working:
            self._waiting.pop(request, None)
            return
        request.working = False
        self._running -= 1
        while self._waiting and self._running < self._running_limit:
            self._go(self._waiting.popitem(last=False)[0])

    def end(self, request: Turn) -> None:
        """Remove a request."""
        self.requests -= 1
        self.release(request)
        self._forget_unused()

    def close(self, connection: object) -> None:
        """Remove a connection."""
        del self.connections[connection]
        self._forget_unused()

    def _forget_unused(self) -> None:
        """Discard the client once nothing is in use. Requests may outlive their connection and count until they end."""
        if not self.requests and not self.connections and self._forget is not None:
            self._forget()

    def _go(self, request: Turn) -> None:
        self._running += 1
        request.working = True
        if not request.proceed():
            self._running -= 1
            self.requests -= 1
            request.working = False


def client_of(limits: ServerLimits, forget: Callable[[], object]) -> ClientUsage:
    """Resources of a client with these limits; `forget` is called once there are no connections or requests."""
    return ClientUsage(
        _UNLIMITED if limits.requests_per_client is None else limits.requests_per_client,
        _UNLIMITED if limits.running_per_client is None else limits.running_per_client,
        limits.body_bytes_per_client,
        forget,
    )


def unlimited_client() -> ClientUsage:
    """Resources without limits, shared by all clients behind trusted proxies."""
    return ClientUsage(_UNLIMITED, _UNLIMITED, _UNLIMITED)


__all__ = ["ClientUsage", "Turn", "client_of", "unlimited_client"]
