"""Resources in use by one client: connections, requests and unfinished bodies, and the order of its requests."""

import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Protocol

from servicehost.server.bodies import Bodies
from servicehost.server.limits import ServerLimits

_UNLIMITED: Final = sys.maxsize


class Turn(Protocol):
    """A request that is served in turn with the others of its client.

    Attributes:
        working: whether it counts as running.
    """

    working: bool

    def go(self) -> bool:
        """Start, or go on, now that it is this request's turn; False if it has been refused instead."""


class Client:
    """A client: an IPv4 address or an IPv6 /64.

    A request counts as running while the application works on it: not while it waits for its body, nor after it has
    begun an answer in parts or waits for the client to take an answer. So a client that is slow holds up nobody.

    Attributes:
        connections: its open connections.
        requests: its requests that are running, waiting for their turn or being answered.
        bodies: the bodies of its requests.
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
        """Whether it has as many requests as it may have over HTTP/2."""
        return self.requests >= self._requests_limit

    def begin(self, request: Turn) -> None:
        """Start a new request now, or as soon as others have ended."""
        self.requests += 1
        self.enter(request)

    def enter(self, request: Turn) -> None:
        """Let a request go on now, or as soon as others have ended."""
        if self._running < self._running_limit:
            self._go(request)
        else:
            self._waiting[request] = None

    def release(self, request: Turn) -> None:
        """Count a request as running no longer, and let the next one go on."""
        if not request.working:
            self._waiting.pop(request, None)
            return
        request.working = False
        self._running -= 1
        while self._waiting and self._running < self._running_limit:
            self._go(self._waiting.popitem(last=False)[0])

    def end(self, request: Turn) -> None:
        """Forget a request."""
        self.requests -= 1
        self.release(request)
        self._forget_unused()

    def close(self, connection: object) -> None:
        """Forget a connection."""
        del self.connections[connection]
        self._forget_unused()

    def _forget_unused(self) -> None:
        """Requests may outlive their connection, and count until they have ended."""
        if not self.requests and not self.connections and self._forget is not None:
            self._forget()

    def _go(self, request: Turn) -> None:
        self._running += 1
        request.working = True
        if not request.go():
            self._running -= 1
            self.requests -= 1
            request.working = False


def client_of(limits: ServerLimits, forget: Callable[[], object]) -> Client:
    """A client with these limits; `forget` is called once it has neither connections nor requests."""
    return Client(
        _UNLIMITED if limits.requests_per_client is None else limits.requests_per_client,
        _UNLIMITED if limits.running_per_client is None else limits.running_per_client,
        limits.body_bytes_per_client,
        forget,
    )


def unlimited_client() -> Client:
    """All clients of the trusted proxies."""
    return Client(_UNLIMITED, _UNLIMITED, _UNLIMITED)


__all__ = ["Client", "Turn", "client_of", "unlimited_client"]
