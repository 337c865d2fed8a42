"""The body of a request between the connection and the application."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from servicehost.contract.errors import ServiceUnavailable
from servicehost.server.bodies import FREE
from servicehost.server.plain import Refused

if TYPE_CHECKING:
    from servicehost.server.clients import ClientUsage
    from servicehost.server.shared import Shared

Event = MutableMapping[str, Any]
"""An ASGI event."""


class ClientDisconnected(OSError):
    """The client closed the connection before a streamed answer was complete."""


class IncomingRequest(ABC):
    """Buffers a request body until the application receives it. Base of HTTP/1.1 and HTTP/2 requests.

    Attributes:
        buffered: bytes that the application has not received yet.
        received: bytes of the body that have arrived.
        waited_since: start of the time allowed for the body; None while the client need not send.
        complete: whether the whole body has arrived.
        disconnected: whether the client sends no more data.
        scope: the ASGI scope.
        answered: whether the response is complete.
        task: the application's task; None until it is this request's turn.
        client: resources of the client that sent the request.
        working: whether it counts as running for its client.
        paused: whether the application must wait for its turn again once the body is complete.
        held: whether the body is counted.
    """

    __slots__ = (
        "_changed",
        "_delivered",
        "_error",
        "_parts",
        "_shared",
        "answered",
        "buffered",
        "client",
        "complete",
        "disconnected",
        "held",
        "paused",
        "received",
        "scope",
        "task",
        "waited_since",
        "working",
    )

    def __init__(self, shared: "Shared", client: "ClientUsage", scope: MutableMapping[str, Any]) -> None:
        self.scope = scope
        self.answered = False
        self.task: asyncio.Task[None] | None = None
        self.client = client
        self.working = False
        self.paused = False
        self.held = False
        self._shared = shared
        self.buffered = 0
        self.received = 0
        self.waited_since: float | None = None
        self.complete = False
        self.disconnected = False
        self._parts: list[bytes] = []
        self._delivered = False
        self._error: Exception | None = None
        self._changed: asyncio.Event | None = None

    def feed(self, part: bytes) -> None:
        """Add a part of the body."""
        self.received += len(part)
        self.buffered += len(part)
        self._parts.append(part)
        self._wake()

    def end(self) -> None:
        """Mark the body as complete."""
        self.complete = True
        if self.held:
            self._shared.hold(self)
        if self.paused and not self.answered:
            self.client.enter(self)
        else:
            self._wake()

    def proceed(self) -> bool:
        """Start the application, or resume it with the complete body; False if the request is refused instead."""
        if self.task is None:
            self._shared.start(self)
        else:
            self.paused = False
            self._wake()
        return True

    def on_application_end(self) -> None:
        """Release resources: the application has ended, or will not start."""
        self.client.end(self)
        if self.held:
            self._shared.release(self)

    def on_client_gone(self) -> None:
        """The client has disconnected. A request that has not started is dropped."""
        self.disconnect()
        if self.task is None and not self.answered:
            self.answered = True
            self.on_application_end()

    def hold(self, more: int = 0) -> None:
        """Count the body and `more` bytes after it, unless they are few."""
        if self.received + more > FREE and not self.answered and self._error is None:
            self._shared.hold(self, more)

    def evict(self) -> None:
        """Refuse the request to free memory for others."""
        self.break_off(
            ServiceUnavailable("The server is receiving too many bodies. Try again later, or send fewer at a time.")
        )

    def break_off(self, error: Exception) -> None:
        """Stop reading the body; the application's `receive` raises `error`."""
        self.fail(error)

    def fail(self, error: Exception) -> None:
        """Let the application's `receive` raise `error`."""
        self._error = error
        self._wake()

    def disconnect(self) -> None:
        """Note that the client sends no more data."""
        self.disconnected = True
        self._wake()

    def discard(self) -> None:
        """Discard the data that the application has not received."""
        self._parts.clear()
        self.buffered = 0

    async def receive(self) -> Event:
        """The next ASGI event of the request.

        Raises:
            Exception: the error passed to `fail`.
        """
        self.before_reading()
        while True:
            if self._error is not None:
                raise self._error
            if not (self.complete and self.paused) and (self._parts or (self.complete and not self._delivered)):
                return self._next_part()
            if self.disconnected and not (self.complete and self.paused):
                return {"type": "http.disconnect"}
            await self._connection_change()

    @abstractmethod
    async def send(self, event: Event) -> None:
        """Send the next event of the response."""

    @abstractmethod
    def answer_for_application(self, refused: Refused | None) -> None:
        """Send a plain response if the application has not started one; otherwise abort the response."""

    def before_reading(self) -> None:  # noqa: B027 - one subclass needs nothing here
        """Called before the application reads."""

    @abstractmethod
    def after_reading(self) -> None:
        """Called after the application has received the buffered data."""

    def is_late(self, now: float, grace: float, rate: int) -> bool:
        """Whether the body arrives more slowly than the minimum rate."""
        since = self.waited_since
        return since is not None and not self.complete and now > since + grace + self.received / rate

    def _next_part(self) -> Event:
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self.discard()
        self._delivered = self.complete
        self.after_reading()
        return {"type": "http.request", "body": body, "more_body": not self._delivered}

    async def _connection_change(self) -> None:
        if self._changed is None:
            self._changed = asyncio.Event()
        self._changed.clear()
        if not self.complete:
            self.paused = True
            self.client.release(self)
        await self._changed.wait()

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()


__all__ = ["ClientDisconnected", "Event", "IncomingRequest"]
