"""One HTTP/1.1 request and its answer, as an ASGI application sees them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from servicehost.server.cycle import RequestCycle
from servicehost.server.incoming import Event
from servicehost.server.plain import Refused, plain_answer, status_line
from servicehost.server.reader import Head

if TYPE_CHECKING:
    from servicehost.server.clients import Client
    from servicehost.server.http1 import Http1
    from servicehost.server.shared import Shared

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_KEPT_BY_SERVER: Final = frozenset({b"connection", b"content-length", b"date", b"keep-alive", b"transfer-encoding"})
_WITHOUT_BODY: Final = frozenset({*range(100, 200), 204, 304})
_DRAINED: Final = 65_536
"""Bytes of an unread body that are read to keep a connection; beyond it is closed."""


class Exchange(RequestCycle):
    """A request and its answer.

    Attributes:
        keep_alive: whether the connection is kept after the answer.
        length: the length of the request's body; None for a chunked one.
    """

    __slots__ = ("_chunked", "_connection", "_expects", "_left", "keep_alive", "length")

    def __init__(self, shared: "Shared", client: "Client", connection: "Http1", head: Head) -> None:
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
        """Ask a client for the body that it keeps back until it is asked (`Expect: 100-continue`)."""
        if self._expects and not self.begun and not self.received and not self.gone:
            self._connection.write(_CONTINUE)
            self.waited_since = self._connection.now()
        self._expects = False

    def after_reading(self) -> None:
        """Let the connection read on."""
        if not self.complete:
            self._connection.read_on()

    async def send(self, event: Event) -> None:
        """Send the next part of the answer; returns once there is room for another.

        Raises:
            ClientDisconnected: the client does not take the rest of a streamed answer.
            RuntimeError: the application breaks the rules of ASGI.
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
        """Read no more from the connection; the application hears why."""
        self._connection.break_off(error)

    def answer_for_application(self, refused: Refused | None) -> None:
        """Answer plainly where the application has not begun to, else break the connection off."""
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
            self._connection.abort()  # the client would wait for the rest, or take the next answer for it
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
        """The head of the answer. Decides how the end of the body is told, and whether the connection is kept."""
        start: Any = self.start
        status: int = start["status"]
        length, lines = self._fields(start["headers"])
        if status in _WITHOUT_BODY or self.scope["method"] == "HEAD":
            self._chunked, self._left = False, 0
            if length is not None and status not in _WITHOUT_BODY:
                lines.append(b"Content-Length: %d\r\n" % length)
        else:
            self._frame(size if length is None and not more else length, lines)
        self.keep_alive = self.keep_alive and self._may_stay()
        if not self.keep_alive:
            lines.append(b"Connection: close\r\n")
        elif self.scope["http_version"] == "1.0":
            lines.append(b"Connection: keep-alive\r\n")
        head = b"".join((status_line(status), *lines, self._connection.date(), b"\r\n"))
        if not head.count(b"\n") == head.count(b"\r") == len(lines) + 3:
            raise RuntimeError("a header field of the answer has a line break")
        return head

    def _fields(self, fields: Iterable[tuple[bytes, bytes]]) -> tuple[int | None, list[bytes]]:
        """The length that the application gives, and the lines of the other fields; its framing is the server's."""
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

    def _may_stay(self) -> bool:
        """Whether the connection may be kept: the server does not end, and little of the body is still to come."""
        if not self._connection.stays:
            return False
        if self.complete:
            return True
        return not self._expects and self.length is not None and self.length - self.received <= _DRAINED


__all__ = ["Exchange"]
