"""A request and response of HTTP/1.1, as an ASGI application sees them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from servicehost.server.cycle import RequestCycle
from servicehost.server.incoming import Event
from servicehost.server.plain import Refused, plain_answer, status_line
from servicehost.server.reader import Head

if TYPE_CHECKING:
    from servicehost.server.clients import ClientUsage
    from servicehost.server.http1 import Http1
    from servicehost.server.shared import Shared

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_KEPT_BY_SERVER: Final = frozenset({b"connection", b"content-length", b"date", b"keep-alive", b"transfer-encoding"})
_WITHOUT_BODY: Final = frozenset({*range(100, 200), 204, 304})
_DRAINED: Final = 65_536
"""Maximum bytes of an unread body that are read to keep the connection; for more, the connection is closed."""


class Http1Exchange(RequestCycle):
    """A request and its response over HTTP/1.1.

    Attributes:
        keep_alive: whether the connection is kept after the response.
        length: length of the request body; None for a chunked body.
    """

    __slots__ = ("_chunked", "_connection", "_expects", "_left", "keep_alive", "length")

    def __init__(self, shared: "Shared", client: "ClientUsage", connection: "Http1", head: Head) -> None:
        super().__init__(shared, client, head.scope)
        self.keep_alive = head.keep_alive
        self.length = head.length
        self._connection = connection
        self._expects = head.expects
        self._chunked = False
        self._left: int | None = None

    @property
    def gone(self) -> bool:
        """Whether the connection is lost."""
        return self._connection.lost

    def before_reading(self) -> None:
        """Send `100 Continue` if the client waits for it before sending the body."""
        if self._expects and not self.begun and not self.received and not self.gone:
            self._connection.write(_CONTINUE)
            self.waited_since = self._connection.now()
        self._expects = False

    def after_reading(self) -> None:
        """Resume reading from the connection."""
        if not self.complete:
            self._connection.process_buffered()

    async def send(self, event: Event) -> None:
        """Send the next part of the response; returns once there is room for another part.

        Raises:
            ClientDisconnected: the client does not read the rest of a streamed response.
            RuntimeError: the application violates ASGI.
        """
        part = self.part_to_write(event)
        if part is None:
            return
        body, more = part
        self._write(body, more=more)
        if more:
            self.client.release(self)
            await self._connection.drained()

    def break_off(self, error: Exception) -> None:
        """Stop reading the body; the application's `receive` raises `error`."""
        self._connection.break_off(error)

    def answer_for_application(self, refused: Refused | None) -> None:
        """Send a plain response if the application has not started one; otherwise abort the connection."""
        if self.gone:
            return
        if self.begun or refused is None:
            self._connection.abort()
            return
        self.answered, self.keep_alive = True, False
        self._connection.write(plain_answer(refused, self._connection.date()))
        self._connection.answered(self)

    def _write(self, body: bytes, *, more: bool) -> None:
        head = b"" if self.begun else self._head(len(body), more=more)
        self.begun = True
        self._connection.write(head + self._framed(body, more=more))
        if more:
            return
        self.answered = True
        if self._left:
            self._connection.abort()  # the client would wait for the rest, or mistake the next response for it
            return
        self._connection.answered(self)

    def _framed(self, body: bytes, *, more: bool) -> bytes:
        if self._chunked:
            chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            return chunk if more else chunk + b"0\r\n\r\n"
        if self._left is not None:
            body = body[: self._left]
            self._left -= len(body)
        return body

    def _head(self, size: int, *, more: bool) -> bytes:
        """The head of the response. Decides how the body is framed and whether the connection is kept."""
        start: Any = self.start
        status: int = start["status"]
        length, lines = self._fields(start["headers"])
        if status in _WITHOUT_BODY or self.scope["method"] == "HEAD":
            self._chunked, self._left = False, 0
            if length is not None and status not in _WITHOUT_BODY:
                lines.append(b"Content-Length: %d\r\n" % length)
        else:
            self._frame(size if length is None and not more else length, lines)
        self.keep_alive = self.keep_alive and self._may_keep_alive()
        if not self.keep_alive:
            lines.append(b"Connection: close\r\n")
        elif self.scope["http_version"] == "1.0":
            lines.append(b"Connection: keep-alive\r\n")
        head = b"".join((status_line(status), *lines, self._connection.date(), b"\r\n"))
        if not head.count(b"\n") == head.count(b"\r") == len(lines) + 3:
            raise RuntimeError("a header field of the response contains a line break")
        return head

    def _fields(self, fields: Iterable[tuple[bytes, bytes]]) -> tuple[int | None, list[bytes]]:
        """The content length and the lines of the other fields; framing fields of the application are dropped."""
        length, lines = None, []
        for name, value in fields:
            key = name.lower()
            if key not in _KEPT_BY_SERVER:
                lines.append(name + b": " + value + b"\r\n")
            elif key == b"content-length":
                length = int(value)
            elif key == b"connection" and value.lower() == b"close":
                self.keep_alive = False
        return length, lines

    def _frame(self, length: int | None, lines: list[bytes]) -> None:
        self._left = length
        self._chunked = length is None and self.scope["http_version"] != "1.0"
        if self._chunked:
            lines.append(b"Transfer-Encoding: chunked\r\n")
        elif length is None:
            self.keep_alive = False
        else:
            lines.append(b"Content-Length: %d\r\n" % length)

    def _may_keep_alive(self) -> bool:
        """Whether the connection may be kept: the server is not stopping, and little of the body is outstanding."""
        if not self._connection.keeps_alive:
            return False
        if self.complete:
            return True
        return not self._expects and self.length is not None and self.length - self.received <= _DRAINED


__all__ = ["Http1Exchange"]
