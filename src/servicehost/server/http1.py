"""HTTP/1.0 and 1.1 connections: requests are read one after another and answered in order."""

import asyncio
from collections import deque
from typing import Any, Final, cast

from servicehost.contract.errors import MalformedBody, RequestTimeout
from servicehost.server.clients import ClientUsage
from servicehost.server.http1_exchange import Http1Exchange
from servicehost.server.http2 import Http2
from servicehost.server.incoming import IncomingRequest
from servicehost.server.plain import Refused, plain_answer
from servicehost.server.reader import Head, RequestReader
from servicehost.server.shared import Address, Shared, address_of
from servicehost.server.writer import ConnectionWriter

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""First bytes of a client that uses HTTP/2 without negotiation."""

_HIGH_WATER: Final = 65_536
_TOO_SLOW: Final = "The body arrived too slowly. Send it again over a faster connection."
_HEAD_TOO_SLOW: Final = "The head of the request arrived too slowly. Send it again over a faster connection."


class Http1(asyncio.Protocol):
    """A connection of HTTP/1.0 or 1.1.

    A request is read only after the previous ones are answered, so pipelining gives no advantage over other clients.
    Data that has already arrived is kept, and reading from the socket pauses.

    Attributes:
        lost: whether the connection is closed.
        waiting_since: start of the time without a complete request; None while one is being answered.
    """

    def __init__(self, shared: Shared, client: Address) -> None:
        self.lost = False
        self.waiting_since: float | None = None
        self._shared = shared
        self._address = client
        self._client: ClientUsage
        self._reader: RequestReader
        self._transport: asyncio.Transport
        self._out: ConnectionWriter
        self._common: dict[str, Any] = {}
        self._may_be_http2 = shared.limits.http2
        self._pending = b""
        self._position = 0
        self._paused_at: float | None = None
        self._deaf = False
        self._head_begun = False
        self._running: Http1Exchange | None = None
        self._queue: deque[Http1Exchange] = deque()
        self._refused: Refused | None = None
        self._closing = False
        self._deadline = 0.0

    # --- called by the transport ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or refuse it with a response."""
        self._transport = cast("asyncio.Transport", transport)
        self._out = ConnectionWriter(self._transport)
        self._common = self._shared.scope(self._address, address_of(transport.get_extra_info("sockname")))
        self._reader = RequestReader(self._shared.limits, self._common, self._begin, self._end)
        self.waiting_since = now = self.now()
        self._deadline = now + self._shared.limits.head_time
        try:
            self._client = self._shared.connections.open(self, self._address[0])
        except Refused as refused:
            if self._shared.connections.open_refused(self):
                self._refuse(refused)
            else:
                self.abort()

    def data_received(self, data: bytes) -> None:
        """Read requests from the received data."""
        if self._deaf:
            return
        self._pending = self._pending[self._position :] + data if self._pending else data
        self._position = 0
        if self._may_be_http2 and self._is_http2():
            return
        self.process_buffered()

    def eof_received(self) -> bool:
        """The client sends no more data. It may still read, so complete requests are answered."""
        if self._reader.arriving is not None:
            self._reader.arriving.disconnect()
        if self._running is None or self._closing:
            return False
        self._running.disconnect()
        self._deaf = True
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the reason does not matter
        """Notify the waiting requests."""
        self.lost = True
        self._shared.connections.close(self)
        self._out.resume()
        if self._running is not None:
            self._running.on_client_gone()
        for request in self._queue:  # not started yet
            self._shared.release(request)

    def pause_writing(self) -> None:
        """The client reads more slowly than the response is written."""
        self._out.pause()

    def resume_writing(self) -> None:
        """The client has read enough to continue."""
        self._out.resume()
        if self._running is None and not self._closing:
            self._next()
            self.process_buffered()

    # --- called by the requests ---

    def now(self) -> float:
        """The time of the loop."""
        return self._shared.loop.time()

    def date(self) -> bytes:
        """The Date header field."""
        return self._shared.dates.field()

    @property
    def keeps_alive(self) -> bool:
        """Whether the client may send another request."""
        return not (self._shared.draining or self._deaf)

    def write(self, data: bytes) -> None:
        """Write bytes of a response."""
        self._out.write(data)

    async def drained(self) -> None:
        """Wait until the client has read most of the written data."""
        await self._out.drained()

    def answered(self, request: Http1Exchange) -> None:
        """Continue after the response of the running request."""
        self._running = None
        request.discard()
        if not request.keep_alive:
            self._end_connection(all_read=request.complete and not self._pending)
        elif not self._out.full:
            self._next()
            if self._pending:
                self.process_buffered()

    def process_buffered(self) -> None:
        """Process the received data, as far as there is room."""
        while self._position < len(self._pending) and not self._deaf:
            if self._blocked():
                self._pause()
                self._hold()
                return
            try:
                self._position = self._reader.read(self._pending, self._position)
            except Refused as refused:
                self._refuse(refused)
            except MalformedBody as error:
                self.break_off(error)
        self._pending, self._position = b"", 0
        self._hold()
        if self._paused_at is not None:
            self._resume()
        if self._reader.head_bytes and self._running is None and not self._head_begun:
            self._head_begun = True
            self._deadline = self.now() + self._shared.limits.head_time

    def break_off(self, error: Exception) -> None:
        """Stop reading a malformed or slow body; the application's `receive` raises `error`."""
        self._deaf = True
        if (arriving := self._reader.arriving) is not None:
            arriving.fail(error)
            if self._running is None:  # no request reads it
                self._transport.close()

    # --- called by the server ---

    def check(self, now: float) -> None:
        """Close the connection, or answer 408, if the client is too slow."""
        limits = self._shared.limits
        if self._out.stalled(now, limits.write_time) or (self._closing and now > self._deadline):
            self.abort()
            return
        arriving = self._reader.arriving
        if arriving is not None:
            if self._paused_at is None and arriving.is_late(now, limits.body_grace, limits.body_rate):
                self.break_off(RequestTimeout(_TOO_SLOW))
        elif self._running is None and not self._closing and now > self._deadline:
            if self._reader.head_bytes:
                self._refuse(Refused(408, _HEAD_TOO_SLOW))
            else:
                self._transport.close()

    def finish(self) -> None:
        """Close the connection once the requests in flight are answered; immediately if there are none."""
        if self._running is None and not self._closing:
            self._transport.close()

    def abort(self) -> None:
        """Close the connection immediately."""
        self._transport.abort()

    # --- inside ---

    def _begin(self, head: Head) -> IncomingRequest:
        request = Http1Exchange(self._shared, self._client, self, head)
        if head.length != 0 and not head.expects:
            request.waited_since = self.now()
        if self._running is None:
            self._run(request)
        else:
            self._queue.append(request)
        return request

    def _run(self, request: Http1Exchange) -> None:
        self._running = request
        self._head_begun = False
        self._client.begin(request)

    def _end(self, request: IncomingRequest) -> None:
        request.end()
        self.waiting_since = None
        if self._running is None:
            self._next()

    def _is_http2(self) -> bool:
        """Whether the first bytes are, or may become, the HTTP/2 preface, in which case HTTP/2 takes over."""
        if len(self._pending) < len(PREFACE):
            return PREFACE.startswith(self._pending)
        self._may_be_http2 = False
        if not self._pending.startswith(PREFACE):
            return False
        other = Http2(self._shared, self._client, self._transport, self._common)
        self._shared.connections.replace(self, other)
        self._transport.set_protocol(other)
        other.data_received(self._pending)
        return True

    def _blocked(self) -> bool:
        arriving = self._reader.arriving
        if arriving is not None:
            return arriving.buffered >= _HIGH_WATER
        return self._running is not None

    def _next(self) -> None:
        """Start the next request; without one, answer an unreadable request, or wait."""
        if self._queue:
            self._run(self._queue.popleft())
        elif self._refused is not None:
            self._refuse(self._refused)
        elif self._shared.ending and self._reader.arriving is None:
            self._transport.close()
        elif self._reader.arriving is None:
            self.waiting_since = now = self.now()
            self._deadline = now + self._shared.limits.idle_time

    def _refuse(self, refused: Refused) -> None:
        """Answer an unreadable request after the requests before it, and close the connection."""
        self._deaf = True
        if self._running is not None:
            self._refused = refused
            return
        self._out.write(plain_answer(refused, self.date()))
        self._end_connection(all_read=False)

    def _hold(self) -> None:
        """Count the bytes in memory: of the arriving request, or those behind the running one."""
        request = self._reader.arriving or self._running
        if request is not None:
            request.hold(len(self._pending) - self._position)

    def _end_connection(self, *, all_read: bool) -> None:
        """Close the connection after the last response.

        Further data from the client is discarded for a while: closing a connection with unread data resets it, and the
        client may lose the response.
        """
        self._closing = self._deaf = True
        if all_read or self._transport.is_closing():
            self._transport.close()
            return
        self._deadline = self.now() + self._shared.limits.linger_time
        self._transport.write_eof()
        self._resume()

    def _pause(self) -> None:
        if self._paused_at is None:
            self._paused_at = self.now()
            self._transport.pause_reading()

    def _resume(self) -> None:
        """Resume reading from the socket; the pause does not count towards the rate of a body."""
        if self._paused_at is None or self.lost:
            return
        arriving = self._reader.arriving
        if arriving is not None and arriving.waited_since is not None:
            arriving.waited_since += self.now() - self._paused_at
        self._paused_at = None
        self._transport.resume_reading()


__all__ = ["PREFACE", "Http1"]
