"""A request and its response in ASGI terms, common to HTTP/1.1 and HTTP/2."""

from abc import abstractmethod
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from servicehost.server.incoming import ClientDisconnected, Event, IncomingRequest

if TYPE_CHECKING:
    from servicehost.server.clients import ClientUsage
    from servicehost.server.shared import Shared


class RequestCycle(IncomingRequest):
    """A request and its response.

    Attributes:
        start: the event that started the response.
        begun: whether part of the response has been written.
    """

    __slots__ = ("begun", "start")

    def __init__(self, shared: "Shared", client: "ClientUsage", scope: MutableMapping[str, Any]) -> None:
        super().__init__(shared, client, scope)
        self.start: Event | None = None
        self.begun = False

    @property
    @abstractmethod
    def gone(self) -> bool:
        """Whether the client reads nothing more."""

    def part_to_write(self, event: Event) -> tuple[bytes, bool] | None:
        """The body part of an event, and whether more follows; None if there is nothing to write.

        Raises:
            ClientDisconnected: the client does not read the rest of a streamed response.
            RuntimeError: the application violates ASGI.
        """
        kind = event["type"]
        if kind == "http.response.start" and self.start is None:
            self.start = event
            return None
        if kind != "http.response.body" or self.start is None or self.answered:
            raise RuntimeError(f"{kind} is sent out of order")
        more = event.get("more_body", False)
        if self.gone:
            self.answered = not more
            if more:
                raise ClientDisconnected("The client closed the connection.")
            return None
        return event.get("body", b""), more


__all__ = ["RequestCycle"]
