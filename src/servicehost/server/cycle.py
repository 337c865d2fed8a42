"""One request and its answer, in the terms of ASGI that HTTP/1.1 and HTTP/2 share."""

from abc import abstractmethod
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from servicehost.server.incoming import ClientDisconnected, Event, Incoming

if TYPE_CHECKING:
    from servicehost.server.clients import Client
    from servicehost.server.shared import Shared


class RequestCycle(Incoming):
    """A request and its answer.

    Attributes:
        start: the event that started the answer.
        begun: whether some of the answer has been written.
    """

    __slots__ = ("begun", "start")

    def __init__(self, shared: "Shared", client: "Client", scope: MutableMapping[str, Any]) -> None:
        super().__init__(shared, client, scope)
        self.start: Event | None = None
        self.begun = False

    @property
    @abstractmethod
    def gone(self) -> bool:
        """Whether the client takes nothing more."""

    def part_to_write(self, event: Event) -> tuple[bytes, bool] | None:
        """The part of the body that an event sends, and whether more follows; None where nothing is to be written.

        Raises:
            ClientDisconnected: the client does not take the rest of a streamed answer.
            RuntimeError: the application breaks the rules of ASGI.
        """
        kind = event["type"]
        if kind == "http.response.start" and self.start is None:
            self.start = event
            return None
        if kind != "http.response.body" or self.start is None or self.answered:
            raise RuntimeError(f"{kind} is sent out of turn")
        more = event.get("more_body", False)
        if self.gone:
            self.answered = not more
            if more:
                raise ClientDisconnected("The client closed the connection.")
            return None
        return event.get("body", b""), more


__all__ = ["RequestCycle"]
