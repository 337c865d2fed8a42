"""What the connections of a server share."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

import structlog

from servicehost.contract.errors import ServiceError
from servicehost.server.connections import Connections
from servicehost.server.incoming import ClientDisconnected, Event
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


class Answering(Protocol):
    """A request that an application answers.

    Attributes:
        scope: the ASGI scope.
        answered: whether the answer is complete.
        task: the application at work.
    """

    scope: Scope
    answered: bool
    task: asyncio.Task[None] | None

    async def receive(self) -> Event:
        """The next event of the request."""

    async def send(self, event: Event) -> None:
        """Send the next event of the answer."""

    def answer_for_application(self, refused: Refused | None) -> None:
        """Answer plainly where the application has not begun to, else break the answer off."""


class Shared:
    """The application and the limits of a server, and its open connections."""

    __slots__ = ("application", "connections", "dates", "ending", "limits", "loop", "running", "state")

    def __init__(self, application: Application, limits: ServerLimits, loop: asyncio.AbstractEventLoop) -> None:
        self.application = application
        self.limits = limits
        self.loop = loop
        self.connections = Connections(limits)
        self.dates = Dates()
        self.ending = False
        self.running: set[Answering] = set()
        self.state: dict[str, Any] = {}

    def scope(self, client: Address, server: Address) -> dict[str, Any]:
        """What the scopes of all requests of a connection have in common."""
        return {
            "type": "http",
            "asgi": _ASGI,
            "scheme": "http",
            "root_path": "",
            "client": client,
            "server": server,
            "state": self.state,
        }

    def start(self, request: Answering) -> None:
        """Let the application answer a request."""
        self.running.add(request)
        request.task = self.loop.create_task(self._run(request))

    async def _run(self, request: Answering) -> None:
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


__all__ = ["Address", "Answering", "Application", "Receive", "Scope", "Send", "Shared", "address_of"]
