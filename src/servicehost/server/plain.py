"""Status lines, dates, and the plain answers that the server itself gives where no application can."""

import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

STATUS_LINES: Final = {status.value: b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode()) for status in HTTPStatus}
"""Status lines of the registered statuses."""


class Refused(Exception):
    """A request that the server answers itself, because no application can; the connection is closed after it.

    Attributes:
        status: the status of the answer.
        message: what is wrong and what to do next.
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
    """The status line of an answer."""
    return STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status


def plain_fields(refused: Refused) -> list[tuple[bytes, bytes]]:
    """The header fields of a plain answer, without those of the connection."""
    fields = [
        (b"Content-Type", b"text/plain; charset=utf-8"),
        (b"Content-Length", b"%d" % (len(refused.message.encode()) + 1)),
        (b"X-Content-Type-Options", b"nosniff"),
    ]
    return [*fields, (b"Retry-After", b"1")] if refused.status in (429, 503) else fields


def plain_answer(refused: Refused, date: bytes) -> bytes:
    """A whole HTTP/1.1 answer that closes the connection."""
    fields = b"".join(b"%b: %b\r\n" % field for field in plain_fields(refused))
    head = status_line(refused.status) + fields + date + b"Connection: close\r\n\r\n"
    return head + refused.message.encode() + b"\n"


__all__ = ["STATUS_LINES", "Dates", "Refused", "plain_answer", "plain_fields", "status_line"]
