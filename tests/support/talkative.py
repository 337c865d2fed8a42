# ruff: noqa: ARG002
"""An ASGI application that reports its requests and responds in every way that ASGI allows, by path."""

import asyncio
import json
from collections.abc import Callable, MutableMapping
from typing import Any

Event = MutableMapping[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Event], Any]


class Talkative:
    """Responds by path. Its attributes may be read from any thread.

    Attributes:
        heard: types of the events that `/wait` received, and a word for each accepted part of `/large`.
        waiting: number of requests to `/wait` and `/stream` that have begun.
        ended: whether `/large` has ended in any way.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.waiting = 0
        self.ended = False
        self._go_on = asyncio.Semaphore(0)
        self._loop: asyncio.AbstractEventLoop | None = None

    def release(self, times: int = 1) -> None:
        """Let `/wait` respond, or `/stream` send its next part, the given number of times."""
        for _ in range(times):
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._go_on.release)

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Handle one request or the lifespan."""
        self._loop = asyncio.get_running_loop()
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        answer = getattr(self, scope["path"].strip("/").partition("/")[0] or "told", self.told)
        await answer(scope, receive, send)

    async def told(self, scope: Event, receive: Receive, send: Send) -> None:
        """Echo the request as JSON."""
        body = await whole(receive)
        told = {
            "method": scope["method"],
            "path": scope["path"],
            "raw_path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "version": scope["http_version"],
            "client": scope["client"][0],
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]],
            "body": body.decode("latin-1"),
        }
        await answered(send, 200, json.dumps(told).encode())

    async def unread(self, scope: Event, receive: Receive, send: Send) -> None:
        """Respond without reading the body."""
        await answered(send, 413, b"too much")

    async def empty(self, scope: Event, receive: Receive, send: Send) -> None:
        """Respond with 204 and a body that must not be sent."""
        await answered(send, 204, b"never")

    async def fields(self, scope: Event, receive: Receive, send: Send) -> None:
        """Respond with header fields that the server sends unchanged or not at all."""
        fields = [
            (b"X-Mixed-Case", b"1"),
            (b"Transfer-Encoding", b"gzip"),
            (b"Date", b"never"),
            (b"Set-Cookie", b"a=b"),
        ]
        await answered(send, 200, b"x", [*fields, (b"Set-Cookie", b"c=d")])

    async def split(self, scope: Event, receive: Receive, send: Send) -> None:
        """Respond with a line break in a header field."""
        await answered(send, 200, b"x", [(b"X-Split", b"a\r\nX-Injected: b")])

    async def short(self, scope: Event, receive: Receive, send: Send) -> None:
        """Send less than announced."""
        await answered(send, 200, b"x", [(b"Content-Length", b"5")])

    async def closes(self, scope: Event, receive: Receive, send: Send) -> None:
        """Respond, and ask to close the connection."""
        await answered(send, 200, b"x", [(b"Connection", b"close")])

    async def fails(self, scope: Event, receive: Receive, send: Send) -> None:
        """Fail before responding."""
        raise ValueError("secret")

    async def breaks(self, scope: Event, receive: Receive, send: Send) -> None:
        """Fail in the middle of the response."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError("secret")

    async def silent(self, scope: Event, receive: Receive, send: Send) -> None:
        """Return without a response."""

    async def wait(self, scope: Event, receive: Receive, send: Send) -> None:
        """Respond when released, or when the client disconnects."""
        self.waiting += 1
        leaving = asyncio.ensure_future(self._hear(receive))
        going = asyncio.ensure_future(self._go_on.acquire())
        await asyncio.wait([leaving, going], return_when=asyncio.FIRST_COMPLETED)
        for each in (leaving, going):
            each.cancel()
        await answered(send, 200, b"waited")

    async def _hear(self, receive: Receive) -> None:
        while self.heard[-1:] != ["http.disconnect"]:
            self.heard.append((await receive())["type"])

    async def stuck(self, scope: Event, receive: Receive, send: Send) -> None:
        """Respond when released, whether or not the client is connected."""
        await whole(receive)
        self.waiting += 1
        await self._go_on.acquire()
        await answered(send, 200, b"done")

    async def stream(self, scope: Event, receive: Receive, send: Send) -> None:
        """Send three parts, each when released."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", b"text/event-stream")]})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"part %d\n" % number, "more_body": True})
            self.waiting += not number
            await self._go_on.acquire()
        await send({"type": "http.response.body"})

    async def large(self, scope: Event, receive: Receive, send: Send) -> None:
        """Send 32 MiB in parts of 64 KiB; `heard` counts those that the server accepted."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            for _ in range(512):
                await send({"type": "http.response.body", "body": bytes(65_536), "more_body": True})
                self.heard.append("part")
            await send({"type": "http.response.body"})
        finally:
            self.ended = True


async def _live(receive: Receive, send: Send) -> None:
    for _ in range(2):
        event = await receive()
        await send({"type": event["type"] + ".complete"})


async def whole(receive: Receive) -> bytes:
    """Return the whole body, or the part received before the client disconnected."""
    body: bytes = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            return body


async def answered(send: Send, status: int, body: bytes, fields: list[tuple[bytes, bytes]] | None = None) -> None:
    """Send a complete response."""
    await send({"type": "http.response.start", "status": status, "headers": fields or []})
    await send({"type": "http.response.body", "body": body})


__all__ = ["Event", "Receive", "Send", "Talkative", "answered", "whole"]
