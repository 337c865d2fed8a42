"""State shared by the connections of a server."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from servicehost.contract.errors import ServiceError
from servicehost.server.bodies import Bodies
from servicehost.server.connections import Connections
from servicehost.server.incoming import ClientDisconnected, Event, Incoming
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
    """The application and the limits of a server, and its open connections."""

    __slots__ = ("application", "bodies", "connections", "dates", "ending", "limits", "loop", "running", "state")

    def __init__(self, application: Application, limits: ServerLimits, loop: asyncio.AbstractEventLoop) -> None:
        self.application = application
        self.limits = limits
        self.loop = loop
        self.connections = Connections(limits)
        self.bodies = Bodies(limits.body_bytes)
        self.dates = Dates()
        self.ending = False
        self.running: set[Incoming] = set()
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

    def start(self, request: Incoming) -> None:
        """Let the application answer a request."""
        self.running.add(request)
        request.task = self.loop.create_task(self._run(request))

    def hold(self, request: Incoming, more: int = 0) -> None:
        """Count what is held of a request's body; where that is too much, the oldest incomplete one gives way."""
        request.held = True
        for bodies in (request.client.bodies, self.bodies):
            bodies.hold(request, request.received + more)
            while bodies.exceeded and (oldest := bodies.oldest()) is not None:
                self.release(oldest)
                oldest.give_way()

    def release(self, request: Incoming) -> None:
        """Count a body no longer."""
        request.held = False
        request.client.bodies.release(request)
        self.bodies.release(request)

    async def _run(self, request: Incoming) -> None:
        try:
            await self.application(request.scope, request.receive, request.send)
            refused = _SILENT
        except ClientDisconnected:
            refused = None
        except ServiceError as error:
            refused = Refused(error.status, error.message)
        except Exception:  # noqa: BLE001 - an application that fails must not end the server
            _log.exception("application failed", path=request.scope["path"])
            refused = _FAILED
        finally:
            self.running.discard(request)
            request.over()
        if not request.answered:
            request.answer_for_application(refused)


_FAILED = Refused(500, "Something went wrong on the server. Try again later.")
_SILENT = Refused(500, "The application gave no answer. Try again later.")


def address_of(name: Any) -> Address:
    """Host and port of a socket address; an IPv4 address is written as such on IPv6 sockets too."""
    host = str(name[0])
    if host.startswith("::ffff:") and "." in host:
        host = host.removeprefix("::ffff:")
    return host, int(name[1])


__all__ = ["Address", "Application", "Receive", "Scope", "Send", "Shared", "address_of"]
