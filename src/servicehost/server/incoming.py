"""The body of one request on its way from a connection to the application."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

Event = MutableMapping[str, Any]
"""An ASGI event."""


class ClientDisconnected(OSError):
    """The client closed the connection before a streamed answer was complete."""


class Incoming:
    """Keeps the parts of a body until the application receives them. The base of a request in HTTP/1.1 and HTTP/2.

    Attributes:
        buffered: bytes that the application has not received yet.
        received: bytes of the body that have arrived.
        waited_since: start of the time in which the body must arrive; None while the client need not send.
        complete: whether the whole body has arrived.
        disconnected: whether the client will send no more.
    """

    __slots__ = (
        "_delivered",
        "_error",
        "_news",
        "_parts",
        "buffered",
        "complete",
        "disconnected",
        "received",
        "waited_since",
    )

    def __init__(self) -> None:
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
        self._wake()

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
            if self._parts or (self.complete and not self._delivered):
                return self._next_part()
            if self._error is not None:
                raise self._error
            if self.disconnected:
                return {"type": "http.disconnect"}
            await self._news_of_connection()

    def before_reading(self) -> None:
        """Called when the application wants to read."""

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
        await self._news.wait()

    def _wake(self) -> None:
        if self._news is not None:
            self._news.set()


__all__ = ["ClientDisconnected", "Event", "Incoming"]
