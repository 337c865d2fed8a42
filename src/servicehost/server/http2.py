"""HTTP/2 connections, with the limits of HTTP/1 and a few more. h2 implements the protocol.

Used only for clients that start with the HTTP/2 preface, and only if the limits allow HTTP/2.
"""

import asyncio
import contextlib
from typing import Any, Final

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RequestReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from servicehost.contract.errors import RequestTimeout
from servicehost.server.clients import ClientUsage
from servicehost.server.plain import Refused
from servicehost.server.shared import Shared
from servicehost.server.stream import Stream
from servicehost.server.target import decoded, origin_form
from servicehost.server.writer import ConnectionWriter

_WINDOW: Final = 1_048_576
"""Body bytes that a client may send before the application reads any."""

_MAX_UNSENT: Final = 1_048_576
"""Unsent response bytes of a connection beyond which its further requests are refused."""

_SLICE: Final = 4_096
_FRAME_BUDGET: Final = 1_000
"""Frame budget without an answered request: each frame costs one, each cancelled request ten."""

_BUDGET_REFILL: Final = 100
"""Amount returned to the budget at each deadline check."""


class Http2(asyncio.Protocol):
    """A connection of HTTP/2.

    Attributes:
        lost: whether the connection is closed.
        waiting_since: start of the time without a request; None while one is being answered.
        h2: the protocol state.
        out: the writing side.
        waiting: response bytes that the client's window has no room for.
    """

    def __init__(
        self, shared: Shared, client: ClientUsage, transport: asyncio.Transport, common: dict[str, Any]
    ) -> None:
        """Take over a connection whose client has sent the preface."""
        limits = shared.limits
        self.lost = False
        self.waiting_since: float | None = shared.loop.time()
        self.out = ConnectionWriter(transport)
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        values = {
            SettingCodes.MAX_CONCURRENT_STREAMS: limits.streams,
            SettingCodes.MAX_HEADER_LIST_SIZE: limits.head_bytes,
        }
        self.h2.local_settings = Settings(client=False, initial_values=values)
        self.h2.decoder.max_header_list_size = limits.head_bytes
        self.waiting = 0
        self._shared = shared
        self._client = client
        self._transport = transport
        self._common = common
        self._streams: dict[int, Stream] = {}
        self._working = 0
        self._spent = 0
        self._ended = False
        self._deadline = shared.loop.time() + limits.head_time
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(_WINDOW)
        self.flush()

    # --- called by the transport ---

    def data_received(self, data: bytes) -> None:
        """Read frames in small portions, to detect a flood of small frames early."""
        for start in () if self._ended else range(0, len(data), _SLICE):
            try:
                events = self.h2.receive_data(data[start : start + _SLICE])
            except ProtocolError:  # h2 has queued the reason for the client
                self._end()
                return
            for event in events:
                self._handle(event)
            if self._spent > _FRAME_BUDGET:
                self.h2.close_connection(ErrorCodes.ENHANCE_YOUR_CALM)
                self._end()
            if self._ended:
                return
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the reason does not matter
        """Notify the waiting requests."""
        self.lost = True
        self._shared.connections.close(self)
        self.out.resume()
        for stream in self._streams.values():
            stream.on_client_gone()

    def pause_writing(self) -> None:
        """The client reads more slowly than responses are written; stop reading, since requests would add to them."""
        self.out.pause()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client has read enough to continue."""
        self.out.resume()
        if not self.lost:
            self._transport.resume_reading()

    # --- called by the streams ---

    def now(self) -> float:
        """The time of the loop."""
        return self._shared.loop.time()

    def date(self) -> bytes:
        """The value of the Date field."""
        return self._shared.dates.field()[len(b"Date: ") : -2]

    def flush(self) -> None:
        """Write the data that h2 has queued."""
        if (data := self.h2.data_to_send()) and not self.lost:
            self.out.write(data)

    def answered(self, stream: Stream) -> None:
        """Remove a stream whose response is complete or was aborted."""
        self._streams.pop(stream.id, None)
        self._spent = max(0, self._spent - 1)
        if self._streams:
            return
        self.waiting_since = now = self.now()
        self._deadline = now + self._shared.limits.idle_time
        if self._shared.draining:
            self.finish()

    @property
    def has_room(self) -> bool:
        """Whether the client has read enough of the responses for another request to start."""
        return self.waiting + self._transport.get_write_buffer_size() < _MAX_UNSENT

    def refuse(self, number: int) -> None:
        """Refuse a request and tell the client that it was not processed."""
        self._spent += 1
        with contextlib.suppress(ProtocolError):  # the client may have cancelled it
            self.h2.reset_stream(number, ErrorCodes.REFUSED_STREAM)
        self.flush()

    def request_released(self) -> None:
        """Count a request as no longer worked on by the application."""
        self._working -= 1

    # --- called by the server ---

    def check(self, now: float) -> None:
        """End the connection or requests whose deadlines have passed."""
        limits = self._shared.limits
        self._spent = max(0, self._spent - _BUDGET_REFILL)
        if self.out.stalled(now, limits.write_time) or (self._ended and now > self._deadline):
            self.abort()
        elif not self._streams and now > self._deadline:
            self.finish()
        for stream in tuple(self._streams.values()):
            if not stream.buffered and stream.is_late(now, limits.body_grace, limits.body_rate):
                stream.fail(RequestTimeout("The body arrived too slowly. Send it again over a faster connection."))
            elif stream.blocked_since is not None and now > stream.blocked_since + limits.write_time:
                stream.give_up()

    def finish(self) -> None:
        """Close the connection once the requests in flight are answered; immediately if there are none."""
        if not self._streams and not self._ended:
            self.h2.close_connection()
            self._end()

    def abort(self) -> None:
        """Close the connection immediately."""
        self._transport.abort()

    # --- inside ---

    def _end(self) -> None:
        """Send the reason and close; further data from the client is discarded, so that it can read the reason."""
        self._ended = True
        self._deadline = self.now() + self._shared.limits.linger_time
        self.flush()
        for stream in self._streams.values():
            stream.on_client_gone()
        self._transport.write_eof()

    def _handle(self, event: Event) -> None:
        match event:
            case RequestReceived():
                self._begin(event)
            case DataReceived(stream_id=int(number), data=bytes(part), flow_controlled_length=int(size)):
                self._spent += not part
                self._feed(number, part, size)
            case StreamEnded(stream_id=int(number)):
                if stream := self._streams.get(number):
                    stream.end()
            case StreamReset(stream_id=int(number)):
                self._spent += 10
                if stream := self._streams.get(number):
                    stream.on_client_gone()
                    self.answered(stream)
            case WindowUpdated():
                self._spent += 1
                for stream in self._streams.values():
                    stream.resume()
            case ConnectionTerminated():
                self._end()
            case _:
                self._spent += 1

    def _begin(self, event: RequestReceived) -> None:
        number = event.stream_id or 0
        if self._working >= self._shared.limits.streams or self._client.full or self._shared.ending:
            self.refuse(number)
            return
        self.waiting_since = None
        try:
            scope = self._scope(event.headers)
        except Refused as refused:
            with contextlib.suppress(ProtocolError):
                Stream(self._shared, self._client, self, number, {"method": ""}).refuse(refused)
            return
        stream = self._streams[number] = Stream(self._shared, self._client, self, number, scope)
        stream.waited_since = self.now()
        self._working += 1
        self._client.begin(stream)

    def _feed(self, number: int, part: bytes, size: int) -> None:
        stream = self._streams.get(number)
        if stream is None:
            self.h2.acknowledge_received_data(size, number)
        else:
            stream.take(part, size)
            stream.hold()

    def _scope(self, headers: Any) -> dict[str, Any]:
        pseudo = {name: value for name, value in headers if name[:1] == b":"}
        fields = [(name, value) for name, value in headers if name[:1] != b":"]
        if len(fields) > self._shared.limits.fields:
            raise Refused(431, f"The request has more than {self._shared.limits.fields} header fields. Send fewer.")
        if (authority := pseudo.get(b":authority")) is not None:
            fields = [(b"host", authority), *((name, value) for name, value in fields if name != b"host")]
        method, target = pseudo[b":method"].decode("latin-1"), pseudo.get(b":path", b"")
        if len(target) > self._shared.limits.target_bytes:
            raise Refused(414, f"The request target is longer than {self._shared.limits.target_bytes} bytes. Use POST.")
        raw_path, _, query = origin_form(method, target).partition(b"?")
        return {
            **self._common,
            "http_version": "2",
            "method": method,
            "path": decoded(raw_path),
            "raw_path": raw_path,
            "query_string": query,
            "headers": fields,
        }


__all__ = ["Http2"]
