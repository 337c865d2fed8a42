"""Lifespan of an application: resources are opened when the server starts and closed when it stops."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import structlog

from servicehost.http.body import Receive

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = structlog.get_logger("servicehost.http")


class NotOpened(RuntimeError):
    """A request arrived before the lifespan event that starts the application."""

    def __init__(self) -> None:
        super().__init__("The application has not been started. Use a server that sends lifespan events.")


class AlreadyOpened(RuntimeError):
    """A second lifespan began while the application was open."""

    def __init__(self) -> None:
        super().__init__("The application is already open. Create one application for each server.")


class LifespanApplication:
    """An ASGI application that is opened when the server starts and closed when it stops.

    Args:
        opener: makes an async context manager that yields the application, such as a `Host`. It is entered before the
            first request and exited after the last one.
    """

    def __init__(self, opener: Callable[[], AbstractAsyncContextManager[ASGIApp]]) -> None:
        self._opener = opener
        self._application: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event of the server."""
        if scope["type"] == "lifespan":
            await live(self._opened(), receive, send)
        elif self._application is None:
            raise NotOpened
        else:
            await self._application(scope, receive, send)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[None]:
        if self._application is not None:
            raise AlreadyOpened
        async with self._opener() as application:
            self._application = application
            try:
                yield
            finally:
                self._application = None


async def live(resources: AbstractAsyncContextManager[object], receive: Receive, send: Send) -> None:
    """Handle the lifespan events of a server: enter `resources` at its start, and exit them at its stop.

    A failure is logged and reported to the server, which ends the process.
    """
    await receive()
    async with AsyncExitStack() as opened:
        try:
            await opened.enter_async_context(resources)
        except Exception as error:  # noqa: BLE001 - reported to the server
            _log.exception("not started")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        try:
            await opened.aclose()
        except Exception as error:  # noqa: BLE001 - reported to the server
            _log.exception("not stopped cleanly")
            await send({"type": "lifespan.shutdown.failed", "message": str(error)})
            return
        await send({"type": "lifespan.shutdown.complete"})


__all__ = ["ASGIApp", "AlreadyOpened", "LifespanApplication", "NotOpened", "Scope", "Send", "live"]
