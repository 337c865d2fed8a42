"""Reading a request body, no further than the host wants to."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from servicehost.contract.errors import PayloadTooLarge
from servicehost.http.headers import Headers

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
"""How ASGI hands over the parts of a request."""

_WITHOUT_BODY = ("GET", "HEAD", "DELETE", "OPTIONS")


class ClientGone(Exception):
    """The client closed the connection before its request was whole; nobody is there to be answered."""


def may_have_body(method: str, headers: Headers) -> bool:
    """Whether there may be anything to read: asking the server costs, and most GETs have nothing."""
    length = headers.fields.get(b"content-length")
    if length is not None:
        return length != b"0"
    return method not in _WITHOUT_BODY or b"transfer-encoding" in headers.fields


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    """The whole body.

    Raises:
        PayloadTooLarge: it is larger than `limit` bytes; found out without reading on.
        ClientGone: the client went away.
    """
    announced = headers.fields.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)
    event = await receive()
    if event["type"] == "http.request" and not event.get("more_body"):
        whole: bytes = event.get("body", b"")
        if len(whole) > limit:
            raise _too_large(limit)
        return whole
    return await _read_on(receive, event, limit)


async def _read_on(receive: Receive, event: MutableMapping[str, Any], limit: int) -> bytes:
    body = bytearray()
    while True:
        if event["type"] != "http.request":
            raise ClientGone
        body += event.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        if not event.get("more_body"):
            return bytes(body)
        event = await receive()


def _too_large(limit: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"The body is larger than {limit} bytes. Send less at once.")


__all__ = ["ClientGone", "Receive", "may_have_body", "read_body"]
