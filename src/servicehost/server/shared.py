"""State shared by the connections of a server."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from servicehost.contract.errors import ServiceError
from servicehost.server.bodies import Bodies
from servicehost.server.connections import ConnectionCounter
from servicehost.server.incoming import ClientDisconnected, Event, IncomingRequest
from servicehost.server.limits import ServerLimits
from servicehost.server.plain import Dates, Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI application."""

Address = tuple[str, int]
"""Address and port of one end of a connection."""

_ASGI = {"version": "3.0", "spec_version": "2.4"}

_log = structlog.get_logger("servicehost.server")


class Shared:
    """The application, the limits and the open connections of a server.

    Attributes:
        draining: whether each response closes its connection, because the server will stop listening.
        ending: whether the server has stopped listening, and closes each connection that has no request.
    """

    __slots__ = (
        "application",
        "bodies",
        "connections",
        "dates",
        "draining",
        "ending",
        "limits",
        "loop",
        "running",
        "state",
    )

    def __init__(self, application: Application, limits: ServerLimits, loop: asyncio.AbstractEventLoop) -> None:
        self.application = application
        self.limits = limits
        self.loop = loop
        self.connections = ConnectionCounter(limits)
        self.bodies = Bodies(limits.body_bytes)
        self.dates = Dates()
        self.draining = False
        self.ending = False
        self.running: set[IncomingRequest] = set()
        self.state: dict[str, Any] = {}

    def scope(self, client: Address, server: Address) -> dict[str, Any]:
        """Scope entries common to all requests of a connection."""
        return {
            "type": "http",
            "asgi": _ASGI,
            "scheme": "http",
            "root_path": "",
            "client": client,
            "server": server,
            "state": self.state,
        }

    def start(self, request: IncomingRequest) -> None:
        """Start the application for a request."""
        self.running.add(request)
        request.task = self.loop.create_task(self._run(request))

    def hold(self, request: IncomingRequest, more: int = 0) -> None:
        """Count the body bytes of a request in memory; at the limit, refuse the oldest incomplete request."""
        request.held = True
        for bodies in (request.client.bodies, self.bodies):
            bodies.hold(request, request.received + more)
            while bodies.exceeded and (oldest := bodies.oldest()) is not None:
                self.release(oldest)
                oldest.evict()

    def release(self, request: IncomingRequest) -> None:
        """Stop counting a body."""
        request.held = False
        request.client.bodies.release(request)
        self.bodies.release(request)

    async def _run(self, request: IncomingRequest) -> None:
        try:
            await self.application(request.scope, request.receive, request.send)
            refused = _SILENT
        except ClientDisconnected:
            refused = None
        except asyncio.CancelledError:
            refused = _STOPPED
        except ServiceError as error:
            refused = Refused(error.status, error.message)
        except Exception:  # noqa: BLE001 - a failing application must not end the server
            _log.exception("application failed", path=request.scope["path"])
            refused = _FAILED
        finally:
            self.running.discard(request)
            request.on_application_end()
        if not request.answered:
            request.answer_for_application(refused)


_FAILED = Refused(500, "Something went wrong on the server. Try again later.")
_STOPPED = Refused(503, "The server stopped before the request was finished. Send it again.")
_SILENT = Refused(500, "The application sent no response. Try again later.")


def address_of(name: Any) -> Address:
    """Host and port of a socket address; IPv4 addresses are written as such on IPv6 sockets too."""
    host = str(name[0])
    if host.startswith("::ffff:") and "." in host:
        host = host.removeprefix("::ffff:")
    return host, int(name[1])


__all__ = ["Address", "Application", "Receive", "Scope", "Send", "Shared", "address_of"]
