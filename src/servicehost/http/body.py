"""Reads request bodies up to the host's limit."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from servicehost.http.compression import body_too_large, inflate
from servicehost.http.headers import Headers

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
"""ASGI's `receive`, which returns the parts of a request."""

_LONGEST_LENGTH = 19
"""Digits of the largest Content-Length; Python refuses to parse numbers with thousands of digits."""

_WITHOUT_BODY = ("GET", "HEAD", "DELETE", "OPTIONS")


class ClientGone(Exception):
    """The client closed the connection before its request was complete, so no reply is possible."""


def may_have_body(method: str, headers: Headers) -> bool:
    """Whether the request may have a body. Avoids reading from the server, which costs time, for most GETs."""
    length = headers.fields.get(b"content-length")
    if length is not None:
        return length != b"0"
    return method not in _WITHOUT_BODY or b"transfer-encoding" in headers.fields


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    """The complete body, decompressed.

    Raises:
        PayloadTooLarge: the body exceeds `limit` bytes, also decompressed; the rest is not read.
        MalformedBody: the body does not match its Content-Encoding.
        UnsupportedMediaType: the Content-Encoding is not supported.
        ClientGone: the client disconnected.
    """
    announced = headers.fields.get(b"content-length", b"")
    if announced.isdigit() and (len(announced) > _LONGEST_LENGTH or int(announced) > limit):
        raise body_too_large(limit)
    event = await receive()
    if event["type"] == "http.request" and not event.get("more_body"):
        body: bytes = event.get("body", b"")
        if len(body) > limit:
            raise body_too_large(limit)
    else:
        body = await _read_rest(receive, event, limit)
    coding = headers.fields.get(b"content-encoding")
    return body if coding is None else inflate(body, coding.decode("latin-1"), limit)


async def _read_rest(receive: Receive, event: MutableMapping[str, Any], limit: int) -> bytes:
    body = bytearray()
    while True:
        if event["type"] != "http.request":
            raise ClientGone
        body += event.get("body", b"")
        if len(body) > limit:
            raise body_too_large(limit)
        if not event.get("more_body"):
            return bytes(body)
        event = await receive()


def replayed(body: bytes) -> Receive:
    """A `receive` function that returns a body that was read before."""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


__all__ = ["ClientGone", "Receive", "may_have_body", "read_body", "replayed"]
