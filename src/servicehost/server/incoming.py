"""The body of one request on its way from a connection to the application."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from servicehost.contract.errors import ServiceUnavailable
from servicehost.server.bodies import FREE
from servicehost.server.plain import Refused

if TYPE_CHECKING:
    from servicehost.server.clients import Client
    from servicehost.server.shared import Shared

Event = MutableMapping[str, Any]
"""An ASGI event."""


class ClientDisconnected(OSError):
    """The client closed the connection before a streamed answer was complete."""


class Incoming(ABC):
    """Keeps the parts of a body until the application receives them. The base of a request in HTTP/1.1 and HTTP/2.

    Attributes:
        buffered: bytes that the application has not received yet.
        received: bytes of the body that have arrived.
        waited_since: start of the time in which the body must arrive; None while the client need not send.
        complete: whether the whole body has arrived.
        disconnected: whether the client will send no more.
        scope: the ASGI scope.
        answered: whether the answer is complete.
        task: the application at work; None until it is this request's turn.
        client: the client that sent it.
        working: whether it counts as running for its client.
        resting: whether the application has to wait for its turn again once the body is complete.
        held: whether its body is counted.
    """

    __slots__ = (
        "_delivered",
        "_error",
        "_news",
        "_parts",
        "_shared",
        "answered",
        "buffered",
        "client",
        "complete",
        "disconnected",
        "held",
        "received",
        "resting",
        "scope",
        "task",
        "waited_since",
        "working",
    )

    def __init__(self, shared: "Shared", client: "Client", scope: MutableMapping[str, Any]) -> None:
        self.scope = scope
        self.answered = False
        self.task: asyncio.Task[None] | None = None
        self.client = client
        self.working = False
        self.resting = False
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
        self._news: asyncio.Event | None = None

    def feed(self, part: bytes) -> None:
        """Add a part."""
        self.received += len(part)
        self.buffered += len(part)
        self._parts.append(part)
        self._wake()

    def end(self) -> None:
        """Note that the body is complete."""
        self.complete = True
        if self.held:
            self._shared.hold(self)
        if self.resting and not self.answered:
            self.client.enter(self)
        else:
            self._wake()

    def go(self) -> bool:
        """Start the application, or let it go on with the complete body; False if the request is refused instead."""
        if self.task is None:
            self._shared.start(self)
        else:
            self.resting = False
            self._wake()
        return True

    def over(self) -> None:
        """The application has ended, or will not begin."""
        self.client.end(self)
        if self.held:
            self._shared.release(self)

    def leave(self) -> None:
        """Note that the client is gone; what has not begun is not begun."""
        self.disconnect()
        if self.task is None and not self.answered:
            self.answered = True
            self.over()

    def hold(self, more: int = 0) -> None:
        """Count the body, and bytes that have arrived behind it, unless it is small."""
        if self.received + more > FREE and not self.answered and self._error is None:
            self._shared.hold(self, more)

    def give_way(self) -> None:
        """Refuse the request, so that others can be completed."""
        self.break_off(
            ServiceUnavailable("Too many bodies are arriving at once. Send it again later, or fewer at a time.")
        )

    def break_off(self, error: Exception) -> None:
        """Read no more of the body; the application hears why."""
        self.fail(error)

    def fail(self, error: Exception) -> None:
        """Raise an error where the application receives the rest of the body."""
        self._error = error
        self._wake()

    def disconnect(self) -> None:
        """Note that the client will send no more."""
        self.disconnected = True
        self._wake()

    def discard(self) -> None:
        """Forget what the application has not received."""
        self._parts.clear()
        self.buffered = 0

    async def receive(self) -> Event:
        """The next event of the request, as ASGI defines it.

        Raises:
            Exception: the error that `fail` was given.
        """
        self.before_reading()
        while True:
            if self._error is not None:
                raise self._error
            if not (self.complete and self.resting) and (self._parts or (self.complete and not self._delivered)):
                return self._next_part()
            if self.disconnected and not (self.complete and self.resting):
                return {"type": "http.disconnect"}
            await self._news_of_connection()

    @abstractmethod
    async def send(self, event: Event) -> None:
        """Send the next event of the answer."""

    @abstractmethod
    def answer_for_application(self, refused: Refused | None) -> None:
        """Answer plainly where the application has not begun to, else break the answer off."""

    def before_reading(self) -> None:  # noqa: B027 - one of the two needs nothing here
        """Called when the application wants to read."""

    @abstractmethod
    def after_reading(self) -> None:
        """Called when the application has taken what was buffered."""

    def late(self, now: float, grace: float, rate: int) -> bool:
        """Whether less of the body has arrived than the minimum rate asks for."""
        since = self.waited_since
        return since is not None and not self.complete and now > since + grace + self.received / rate

    def _next_part(self) -> Event:
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self.discard()
        self._delivered = self.complete
        self.after_reading()
        return {"type": "http.request", "body": body, "more_body": not self._delivered}

    async def _news_of_connection(self) -> None:
        if self._news is None:
            self._news = asyncio.Event()
        self._news.clear()
        if not self.complete:
            self.resting = True
            self.client.release(self)
        await self._news.wait()

    def _wake(self) -> None:
        if self._news is not None:
            self._news.set()


__all__ = ["ClientDisconnected", "Event", "Incoming"]
