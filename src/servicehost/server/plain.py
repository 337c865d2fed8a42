"""Status lines, dates, and plain-text responses of the server itself."""

import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

STATUS_LINES: Final = {status.value: b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode()) for status in HTTPStatus}
"""Status lines by status code."""


class Refused(Exception):
    """A request that the server answers itself, without the application. The connection is closed afterwards.

    Attributes:
        status: the HTTP status.
        message: the reason and what to do next.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Dates:
    """Formats the current time for the Date field, once per second."""

    def __init__(self) -> None:
        self._second = 0
        self._field = b""

    def field(self) -> bytes:
        """The Date field with its line break."""
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._field = b"Date: %b\r\n" % formatdate(now, usegmt=True).encode()
        return self._field


def status_line(status: int) -> bytes:
    """The status line of a response."""
    return STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status


def plain_fields(refused: Refused) -> list[tuple[bytes, bytes]]:
    """The header fields of a plain response, except those about the connection."""
    fields = [
        (b"Content-Type", b"text/plain; charset=utf-8"),
        (b"Content-Length", b"%d" % (len(refused.message.encode()) + 1)),
        (b"X-Content-Type-Options", b"nosniff"),
    ]
    return [*fields, (b"Retry-After", b"1")] if refused.status in (429, 503) else fields


def plain_answer(refused: Refused, date: bytes) -> bytes:
    """A complete HTTP/1.1 response that closes the connection."""
    fields = b"".join(b"%b: %b\r\n" % field for field in plain_fields(refused))
    head = status_line(refused.status) + fields + date + b"Connection: close\r\n\r\n"
    return head + refused.message.encode() + b"\n"


__all__ = ["STATUS_LINES", "Dates", "Refused", "plain_answer", "plain_fields", "status_line"]
