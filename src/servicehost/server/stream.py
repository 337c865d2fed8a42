"""A request and response of HTTP/2, as an ASGI application sees them."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError

from servicehost.server.cycle import RequestCycle
from servicehost.server.incoming import Event
from servicehost.server.plain import Refused, plain_fields

if TYPE_CHECKING:
    from servicehost.server.clients import ClientUsage
    from servicehost.server.http2 import Http2
    from servicehost.server.shared import Shared

_OF_HTTP_1: Final = frozenset(
    {b"connection", b"date", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"}
)
_WITHOUT_BODY: Final = frozenset({204, 304})


class Stream(RequestCycle):
    """A request and its response over HTTP/2.

    Attributes:
        id: the stream number.
        blocked_since: start of the time without room for the response; None while there is room.
    """

    __slots__ = ("_bodiless", "_connection", "_owed", "_room", "blocked_since", "id")

    def __init__(
        self, shared: "Shared", client: "ClientUsage", connection: "Http2", number: int, scope: dict[str, Any]
    ) -> None:
        super().__init__(shared, client, scope)
        self.id = number
        self.blocked_since: float | None = None
        self._connection = connection
        self._bodiless = False
        self._owed = 0
        self._room = asyncio.Event()

    def proceed(self) -> bool:
        """Start or resume the application. Refuses a request that has not started if too many responses are waiting."""
        if self.task is None and not self._connection.has_room:
            self.refuse_stream()
            self._connection.request_released()
            return False
        return super().proceed()

    def on_application_end(self) -> None:
        """Release resources, and let the connection accept another request."""
        super().on_application_end()
        self._connection.request_released()

    def refuse_stream(self) -> None:
        """Tell the client that the request was not processed and may be sent again."""
        self._connection.refuse(self.id)
        self.disconnect()
        self._connection.answered(self)

    def take(self, part: bytes, size: int) -> None:
        """Add a part of the body that used `size` bytes of the flow-control window."""
        self._owed += size
        self.feed(part)

    def after_reading(self) -> None:
        """Return to the flow-control window what the application has read."""
        if self._owed and not (self._connection.lost or self.disconnected):
            self._connection.h2.acknowledge_received_data(self._owed, self.id)
            self._connection.flush()
        self._owed = 0

    def disconnect(self) -> None:
        """The client has cancelled the request."""
        super().disconnect()
        self.resume()

    def resume(self) -> None:
        """Note that the flow-control window may have grown."""
        self._room.set()

    async def send(self, event: Event) -> None:
        """Send the next part of the response; returns once the client has room for another part.

        Raises:
            ClientDisconnected: the client does not read the rest of a streamed response.
            RuntimeError: the application violates ASGI.
        """
        part = self.part_to_write(event)
        if part is None:
            return
        body, more = part
        if not self.begun:
            start: Any = self.start
            self._head(start["status"], start["headers"], None if more else len(body))
        await self._body(b"" if self._bodiless else body)
        if not more and not self.gone:
            self._finish()

    def answer_for_application(self, refused: Refused | None) -> None:
        """Send a plain response if the application has not started one; otherwise abort the response."""
        if self.gone:
            return
        if self.begun or refused is None:
            self._connection.h2.reset_stream(self.id, ErrorCodes.INTERNAL_ERROR)
            self._connection.flush()
            self._connection.answered(self)
        else:
            self.refuse(refused)

    def refuse(self, refused: Refused) -> None:
        """Send a plain response."""
        self._head(refused.status, plain_fields(refused), None)
        self._connection.h2.send_data(self.id, refused.message.encode() + b"\n")
        self._finish()

    def give_up(self) -> None:
        """Abort a response that has been blocked for too long."""
        self._connection.h2.reset_stream(self.id, ErrorCodes.CANCEL)
        self._connection.flush()
        self.disconnect()
        self._connection.answered(self)

    @property
    def gone(self) -> bool:
        """Whether the connection is lost or the client has cancelled the request."""
        return self._connection.lost or self.disconnected

    def _head(self, status: int, fields: Iterable[tuple[bytes, bytes]], length: int | None) -> None:
        sent = [(name.lower(), value) for name, value in fields]
        head = [(b":status", b"%d" % status), *(each for each in sent if each[0] not in _OF_HTTP_1)]
        self._bodiless = status in _WITHOUT_BODY or self.scope["method"] == "HEAD"
        if length is not None and not self._bodiless and not any(name == b"content-length" for name, _ in sent):
            head.append((b"content-length", b"%d" % length))
        self._connection.h2.send_headers(self.id, [*head, (b"date", self._connection.date())])
        self.begun = True

    async def _body(self, body: bytes) -> None:
        """Send the body as the client's window allows."""
        h2 = self._connection.h2
        while body and not self.gone:
            room = min(h2.local_flow_control_window(self.id), h2.max_outbound_frame_size)
            if room > 0:
                h2.send_data(self.id, body[:room])
                body = body[room:]
                self.blocked_since = None
                continue
            self.blocked_since = self.blocked_since or self._connection.now()
            self._connection.flush()
            await self._room_for(len(body))
        self._connection.flush()
        self.client.release(self)
        await self._connection.out.drained()

    async def _room_for(self, size: int) -> None:
        """Wait until the window may have grown; meanwhile other requests of the client can run."""
        self._connection.waiting += size
        self.client.release(self)
        self._room.clear()
        await self._room.wait()
        self._connection.waiting -= size

    def _finish(self) -> None:
        """End the response, and with it a request whose body is not read."""
        self.answered = True
        try:
            self._connection.h2.end_stream(self.id)
            if not self.complete:
                self._connection.h2.reset_stream(self.id, ErrorCodes.NO_ERROR)
        except ProtocolError:  # the client has cancelled it
            pass
        self.discard()
        self._connection.flush()
        self._connection.answered(self)


__all__ = ["Stream"]
