"""One request and its answer, in the terms of ASGI that HTTP/1.1 and HTTP/2 share."""

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from servicehost.server.incoming import ClientDisconnected, Event, Incoming


class RequestCycle(Incoming, ABC):
    """A request and its answer.

    Attributes:
        scope: the ASGI scope.
        answered: whether the answer is complete.
        task: the application at work.
        start: the event that started the answer.
        begun: whether some of the answer has been written.
    """

    __slots__ = ("answered", "begun", "scope", "start", "task")

    def __init__(self, scope: Any) -> None:
        super().__init__()
        self.scope = scope
        self.answered = False
        self.task: asyncio.Task[None] | None = None
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
