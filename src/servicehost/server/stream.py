"""One HTTP/2 request and its answer, as an ASGI application sees them."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError

from servicehost.server.incoming import ClientDisconnected, Event, Incoming
from servicehost.server.plain import Refused, plain_fields

if TYPE_CHECKING:
    from servicehost.server.http2 import Http2

_OF_HTTP_1: Final = frozenset(
    {b"connection", b"date", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"}
)
_WITHOUT_BODY: Final = frozenset({204, 304})


class Stream(Incoming):
    """A request and its answer.

    Attributes:
        id: the number of the stream.
        scope: the ASGI scope.
        answered: whether the answer is complete.
        task: the application at work.
        blocked_since: since when the client has had no room for the answer; None while it has.
    """

    __slots__ = (
        "_begun",
        "_bodiless",
        "_connection",
        "_owed",
        "_room",
        "_start",
        "answered",
        "blocked_since",
        "id",
        "scope",
        "task",
    )

    def __init__(self, connection: "Http2", number: int, scope: dict[str, Any]) -> None:
        super().__init__()
        self.id = number
        self.scope: Any = scope
        self.answered = False
        self.task: asyncio.Task[None] | None = None
        self.blocked_since: float | None = None
        self._connection = connection
        self._start: Event | None = None
        self._begun = False
        self._bodiless = False
        self._owed = 0
        self._room = asyncio.Event()

    def take(self, part: bytes, size: int) -> None:
        """Add a part of the body that took `size` bytes of the flow-control window."""
        self._owed += size
        self.feed(part)

    def after_reading(self) -> None:
        """Let the client send as much again as the application has read."""
        if self._owed and not (self._connection.lost or self.disconnected):
            self._connection.h2.acknowledge_received_data(self._owed, self.id)
            self._connection.flush()
        self._owed = 0

    def disconnect(self) -> None:
        """Note that the client has given the request up."""
        super().disconnect()
        self.resume()

    def resume(self) -> None:
        """Note that the flow-control window may have grown."""
        self._room.set()

    async def send(self, event: Event) -> None:
        """Send the next part of the answer; returns once the client has room for another.

        Raises:
            ClientDisconnected: the client does not take the rest of a streamed answer.
            RuntimeError: the application breaks the rules of ASGI.
        """
        kind = event["type"]
        if kind == "http.response.start" and self._start is None:
            self._start = event
            return
        if kind != "http.response.body" or self._start is None or self.answered:
            raise RuntimeError(f"{kind} is sent out of turn")
        more = event.get("more_body", False)
        if self._gone:
            self.answered = not more
            if more:
                raise ClientDisconnected("The client closed the connection.")
            return
        body = event.get("body", b"")
        if not self._begun:
            self._head(self._start["status"], self._start["headers"], None if more else len(body))
        await self._body(b"" if self._bodiless else body)
        if not more and not self._gone:
            self._finish()

    def answer_for_application(self, refused: Refused | None) -> None:
        """Answer plainly where the application has not begun to, else break the answer off."""
        if self._gone:
            return
        if self._begun or refused is None:
            self._connection.h2.reset_stream(self.id, ErrorCodes.INTERNAL_ERROR)
            self._connection.flush()
            self._connection.answered(self)
        else:
            self.refuse(refused)

    def refuse(self, refused: Refused) -> None:
        """Answer plainly."""
        self._head(refused.status, plain_fields(refused), None)
        self._connection.h2.send_data(self.id, refused.message.encode() + b"\n")
        self._finish()

    def give_up(self) -> None:
        """Break off an answer that the client has had no room for."""
        self._connection.h2.reset_stream(self.id, ErrorCodes.CANCEL)
        self._connection.flush()
        self.disconnect()
        self._connection.answered(self)

    @property
    def _gone(self) -> bool:
        return self._connection.lost or self.disconnected

    def _head(self, status: int, fields: Iterable[tuple[bytes, bytes]], length: int | None) -> None:
        sent = [(name.lower(), value) for name, value in fields]
        head = [(b":status", b"%d" % status), *(each for each in sent if each[0] not in _OF_HTTP_1)]
        self._bodiless = status in _WITHOUT_BODY or self.scope["method"] == "HEAD"
        if length is not None and not self._bodiless and not any(name == b"content-length" for name, _ in sent):
            head.append((b"content-length", b"%d" % length))
        self._connection.h2.send_headers(self.id, [*head, (b"date", self._connection.date())])
        self._begun = True

    async def _body(self, body: bytes) -> None:
        """Send as much as the client has room for, until nothing is left."""
        h2 = self._connection.h2
        while body and not self._gone:
            room = min(h2.local_flow_control_window(self.id), h2.max_outbound_frame_size)
            if room > 0:
                h2.send_data(self.id, body[:room])
                body = body[room:]
                self.blocked_since = None
                continue
            self.blocked_since = self.blocked_since or self._connection.now()
            self._connection.flush()
            self._room.clear()
            await self._room.wait()
        self._connection.flush()
        await self._connection.out.drained()

    def _finish(self) -> None:
        """End the answer, and with it a request whose body nobody reads."""
        self.answered = True
        try:
            self._connection.h2.end_stream(self.id)
            if not self.complete:
                self._connection.h2.reset_stream(self.id, ErrorCodes.NO_ERROR)
        except ProtocolError:  # the client has just given it up
            pass
        self.discard()
        self._connection.flush()
        self._connection.answered(self)


__all__ = ["Stream"]
