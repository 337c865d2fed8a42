"""Running the server: granian around the application, until somebody stops it.

One server process is this very process, so that a signal, a crash or a debugger meets the whole server and nothing is
left behind. Several of them are granian's worker processes, each of which loads the settings for itself.
"""

import asyncio
import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import structlog
import uvloop
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from platform_api.refusals import Refusal
from platform_api.settings import Settings, replaced

APPLICATION: Final = "platform_api.app:create_app"
"""What worker processes load; called without arguments."""

POLL_SECONDS: Final = 0.02
_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to knock, not where to listen

Application = Callable[[MutableMapping[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]
"""An ASGI application."""


class PortTaken(Refusal):
    """Another program listens at the address already."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        super().__init__(
            f"Port {port} on {host} is in use. Stop the program that uses it, or choose another port: "
            f"platform-api serve --port {port + 1 if port < 65535 else 8000}"
        )


class NoSuchAddress(Refusal):
    """This machine cannot listen at the address."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Cannot listen at {host}, port {port}: {reason}. Set server.host to an address of this machine."
        )


class ServerFailed(Refusal):
    """The application did not start, or its event loop ended; the log says why."""


@contextmanager
def claimed_port(settings: Settings) -> Iterator[Settings]:
    """The settings with a port that is ours until the end of the `with`: the one that is set, or a free one for 0.

    It is tried here because granian shares a port with whoever allows that, so two servers would take turns.

    Raises:
        PortTaken: somebody listens there, or is about to.
        NoSuchAddress: there is no such address here.
    """
    with _held(settings.server.host, settings.server.port) as holder:
        yield replaced(settings, "server", port=holder.getsockname()[1])


def run(settings: Settings, create: Callable[[Settings], Application], ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight; `ready` is called once it answers.

    Raises:
        ServerFailed: the application did not start, or ended by itself.
    """
    threading.Thread(target=_when_answering, args=(settings, ready), daemon=True).start()
    if settings.server.workers > 1:
        _run_workers(settings)
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run_here(settings, create(settings)))


async def _run_here(settings: Settings, application: Application) -> None:
    server = Server(
        application,
        address=_resolved(settings.server.host)[1],
        port=settings.server.port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=1024,
        **_logging(settings),
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, server, settings)
    try:
        await server.serve()
    except Exception as error:
        raise ServerFailed("The application did not start; the log above says why.") from error
    if not server.interrupt_signal:
        raise ServerFailed("The server ended by itself; the log above says why.")


def _stop(server: Server, settings: Settings) -> None:
    """The first signal asks politely, the second does not."""
    if server.interrupt_signal:
        _give_up()
    server.stop()
    structlog.get_logger(__name__).info("stopping", requests_in_flight="finished first", signal_again="stops at once")
    asyncio.get_running_loop().call_later(settings.server.shutdown_grace.total_seconds(), _give_up)


def _give_up() -> None:
    """End at once. Nothing that was answered is lost: every answer follows its commit."""
    sys.stderr.write("Stopped with requests in flight.\n")
    sys.stderr.flush()
    os._exit(1)


def _run_workers(settings: Settings) -> None:
    Granian(
        APPLICATION,
        address=_resolved(settings.server.host)[1],
        port=settings.server.port,
        interface=Interfaces.ASGI,
        factory=True,
        websockets=False,
        workers=settings.server.workers,
        workers_kill_timeout=max(1, int(settings.server.shutdown_grace.total_seconds())),
        respawn_failed_workers=True,
        **_logging(settings),
    ).serve()


def _logging(settings: Settings) -> dict[str, Any]:
    """Granian keeps quiet but for errors, and hands them to the handlers that are there."""
    level = LogLevels.debug if settings.logging.level == "debug" else LogLevels.error
    return {"log_level": level, "log_dictconfig": {"incremental": True, "handlers": {}, "loggers": {}}}


def _when_answering(settings: Settings, ready: Callable[[], None]) -> None:
    host = _LOOPBACK.get(settings.server.host, settings.server.host)
    pause = threading.Event()
    while not pause.wait(POLL_SECONDS):
        if _answers(host, settings.server.port):
            ready()
            return


def _answers(host: str, port: int) -> bool:
    """Whether a server answers there. What it is sent is no HTTP, so granian itself refuses it and nothing is logged."""
    try:
        with socket.create_connection((host, port), timeout=30) as connection:
            connection.sendall(b"?\r\n\r\n")
            return connection.recv(1) != b""
    except OSError:
        return False


def _held(host: str, port: int) -> socket.socket:
    """A socket that keeps the port from everybody but granian, and takes no connections itself."""
    try:
        holder = socket.socket(_resolved(host)[0], socket.SOCK_STREAM)
        try:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind((host, port))
            # From here on shared as granian shares it, and no longer as a server does that comes after another.
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        except OSError:
            holder.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from error
        raise NoSuchAddress(host, port, error.strerror or str(error)) from error
    return holder


def _resolved(host: str) -> tuple[socket.AddressFamily, str]:
    """Family and numeric address; granian listens at numeric ones only."""
    family, _, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return family, str(address[0])


__all__ = ["Application", "NoSuchAddress", "PortTaken", "ServerFailed", "claimed_port", "run"]
