"""The lifespan of an application: what it needs is opened when the server starts, and closed when the server stops."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

import structlog

from servicehost.http.body import Receive

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = structlog.get_logger("servicehost.http")


class NotOpened(RuntimeError):
    """The server sent a request without the lifespan events that come before it."""

    def __init__(self) -> None:
        super().__init__(
            "The application has not been started. Use a server with lifespan events, and do not turn them off."
        )


class LifespanApplication:
    """An ASGI application that exists between the start and the stop of the server.

    Args:
        open_: opens what the application needs and yields the application; everything is closed in its `finally`
            blocks. Called once, at the start of the server.
    """

    def __init__(self, open_: Callable[[], AbstractAsyncContextManager[ASGIApp]]) -> None:
        self._open = open_
        self._application: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._application is not None:
            await self._application(scope, receive, send)
        else:
            raise NotOpened

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        running = AsyncExitStack()
        try:
            self._application = await running.enter_async_context(self._open())
        except Exception as error:  # noqa: BLE001 - told to the server, which ends the process
            _log.exception("not started")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        try:
            await running.aclose()
        except Exception as error:  # noqa: BLE001 - told to the server, which ends the process
            _log.exception("not stopped cleanly")
            await send({"type": "lifespan.shutdown.failed", "message": str(error)})
            return
        await send({"type": "lifespan.shutdown.complete"})


__all__ = ["LifespanApplication", "NotOpened"]
