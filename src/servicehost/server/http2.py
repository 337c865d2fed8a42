"""A connection of HTTP/2, under the limits of HTTP/1 and a few more. h2 speaks the protocol.

Only clients that begin with the preface get here, and only where the limits allow HTTP/2.
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
from servicehost.server.clients import Client
from servicehost.server.outgoing import Outgoing
from servicehost.server.plain import Refused
from servicehost.server.shared import Shared
from servicehost.server.stream import Stream
from servicehost.server.target import decoded, origin_form

_WINDOW: Final = 1_048_576
"""Bytes of bodies that a client may send before the application reads any."""

_UNTAKEN: Final = 1_048_576
"""Bytes of answers that may wait for the client before more requests of the connection are refused."""

_SLICE: Final = 4_096
_CALM: Final = 1_000
"""Budget of frames without an answered request: each frame counts one, each cancelled request ten."""

_CALMED: Final = 100
"""Amount returned to the budget at each check of the times."""


class Http2(asyncio.Protocol):
    """One connection.

    Attributes:
        lost: whether the connection is closed.
        waiting_since: since when it has had no request; None while one is answered.
        h2: the state of the protocol.
        out: the writing side.
        waiting: bytes of answers for which the client has no room.
    """

    def __init__(self, shared: Shared, client: Client, transport: asyncio.Transport, common: dict[str, Any]) -> None:
        """Take over a connection whose client has sent the preface."""
        limits = shared.limits
        self.lost = False
        self.waiting_since: float | None = shared.loop.time()
        self.out = Outgoing(transport)
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
        self._unrest = 0
        self._ended = False
        self._deadline = shared.loop.time() + limits.head_time
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(_WINDOW)
        self.flush()

    # --- called by the transport ---

    def data_received(self, data: bytes) -> None:
        """Read frames, a few at a time, so that a flood of small ones is noticed early."""
        for start in () if self._ended else range(0, len(data), _SLICE):
            try:
                events = self.h2.receive_data(data[start : start + _SLICE])
            except ProtocolError:  # h2 has written why
                self._end()
                return
            for event in events:
                self._handle(event)
            if self._unrest > _CALM:
                self.h2.close_connection(ErrorCodes.ENHANCE_YOUR_CALM)
                self._end()
            if self._ended:
                return
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why does not matter
        """Tell everybody who waits."""
        self.lost = True
        self._shared.connections.close(self)
        self.out.resume()
        for stream in self._streams.values():
            stream.leave()

    def pause_writing(self) -> None:
        """The client is slower than the answers; what it sends would cause more."""
        self.out.pause()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client has caught up."""
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
        """Write what h2 wants to send."""
        if (data := self.h2.data_to_send()) and not self.lost:
            self.out.write(data)

    def answered(self, stream: Stream) -> None:
        """Forget a stream whose answer is complete, or broken off."""
        self._streams.pop(stream.id, None)
        self._unrest = max(0, self._unrest - 1)
        if self._streams:
            return
        self.waiting_since = now = self.now()
        self._deadline = now + self._shared.limits.idle_time
        if self._shared.ending:
            self.finish()

    @property
    def has_room(self) -> bool:
        """Whether the client has taken enough of the answers for another request to begin."""
        return self.waiting + self._transport.get_write_buffer_size() < _UNTAKEN

    def refuse(self, number: int) -> None:
        """Tell the client that nothing was done for a request."""
        self._unrest += 1
        with contextlib.suppress(ProtocolError):  # the client may have cancelled it
            self.h2.reset_stream(number, ErrorCodes.REFUSED_STREAM)
        self.flush()

    def rest(self) -> None:
        """Note that the application does not work on a request any more."""
        self._working -= 1

    # --- called by the server ---

    def check(self, now: float) -> None:
        """End what takes too long."""
        limits = self._shared.limits
        self._unrest = max(0, self._unrest - _CALMED)
        if self.out.stalled(now, limits.write_time) or (self._ended and now > self._deadline):
            self.abort()
        elif not self._streams and now > self._deadline:
            self.finish()
        for stream in tuple(self._streams.values()):
            if not stream.buffered and stream.late(now, limits.body_grace, limits.body_rate):
                stream.fail(RequestTimeout("The body arrived too slowly. Send it again over a faster connection."))
            elif stream.blocked_since is not None and now > stream.blocked_since + limits.write_time:
                stream.give_up()

    def finish(self) -> None:
        """Close the connection once the requests in flight are answered; at once if there are none."""
        if not self._streams and not self._ended:
            self.h2.close_connection()
            self._end()

    def abort(self) -> None:
        """Close it at once."""
        self._transport.abort()

    # --- inside ---

    def _end(self) -> None:
        """Say why, and close; what the client still sends is dropped, so that it can read the reason."""
        self._ended = True
        self._deadline = self.now() + self._shared.limits.linger_time
        self.flush()
        for stream in self._streams.values():
            stream.leave()
        self._transport.write_eof()

    def _handle(self, event: Event) -> None:
        match event:
            case RequestReceived():
                self._begin(event)
            case DataReceived(stream_id=int(number), data=bytes(part), flow_controlled_length=int(size)):
                self._unrest += not part
                self._feed(number, part, size)
            case StreamEnded(stream_id=int(number)):
                if stream := self._streams.get(number):
                    stream.end()
            case StreamReset(stream_id=int(number)):
                self._unrest += 10
                if stream := self._streams.get(number):
                    stream.leave()
                    self.answered(stream)
            case WindowUpdated():
                self._unrest += 1
                for stream in self._streams.values():
                    stream.resume()
            case ConnectionTerminated():
                self._end()
            case _:
                self._unrest += 1

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
