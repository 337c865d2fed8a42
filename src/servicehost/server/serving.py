"""Serves an application from start to stop: `serve` for a complete program, and its single steps."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn

import structlog
import uvloop

from servicehost.server.limits import ServerLimits
from servicehost.server.listening import Server
from servicehost.server.shared import Application

GRACE: Final = 10.0
"""Seconds for the requests in flight after a signal to stop."""

MARGIN: Final = 10.0
"""Seconds for the application to stop after the last request."""


class StopTimes(NamedTuple):
    """Times of a stop.

    Attributes:
        pause: seconds in which requests are still accepted.
        grace: seconds for the requests in flight after that.
    """

    pause: float = 0.0
    grace: float = GRACE

    @property
    def promised(self) -> float:
        """Seconds from the signal to the end of the process, at most."""
        return self.pause + self.grace + MARGIN


_log = structlog.get_logger("servicehost.server")


class CannotListen(OSError):
    """The server cannot listen on the address."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Cannot listen on {host}, port {port}: {reason}. "
            "Stop the program that uses the port, or pass another host or port."
        )


def serve(
    application: Application,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    limits: ServerLimits | None = None,
    grace: float = GRACE,
) -> None:
    """Serve an ASGI application in this process until SIGINT or SIGTERM, then finish the requests in flight.

    Args:
        application: the application; its lifespan is started before the server listens.
        host: host name or address to listen on.
        port: port to listen on; 0 for a free port, which is logged.
        limits: limits of the server; if None, the defaults.
        grace: seconds for the requests in flight; a second signal ends them immediately.

    Raises:
        CannotListen: the port is in use, or the machine does not have the address.
        NotStarted: the application did not start.
    """
    with _listening(host, port) as listening, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(Server(application, [listening], limits or ServerLimits()), listening, grace))


async def _serve(server: Server, listening: socket.socket, grace: float) -> None:
    host, port = listening.getsockname()[:2]
    times = StopTimes(grace=grace)
    stop = stop_on_signal(times.promised, exit_at_once)
    await run_until(server, lambda: _log.info("serving", host=host, port=port), stop, times)


async def run_until(
    server: Server,
    ready: Callable[[], None],
    stop: asyncio.Event,
    times: StopTimes,
    stopping: Callable[[], None] | None = None,
) -> None:
    """Start the server, call `ready`, and stop the server once `stop` is set.

    Args:
        server: the server.
        ready: called when it accepts requests.
        stop: stops it when set.
        times: times of the stop.
        stopping: called when the stop begins, while requests are still accepted.

    Raises:
        NotStarted: the application did not start.
    """
    await server.start()
    ready()
    await stop.wait()
    if stopping is not None:
        stopping()
    await server.drain(times.pause)
    await server.stop(times.grace)


def stop_on_signal(promised: float, give_up: Callable[[], None]) -> asyncio.Event:
    """An event set by the first SIGINT or SIGTERM. `give_up` is called on the second one, or after `promised` seconds."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def handle() -> None:
        if stop.is_set():
            give_up()
        stop.set()
        _log.info("stopping", requests_in_flight="finished first", signal_again="ends at once")
        loop.call_later(promised, give_up)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, handle)
    return stop


def exit_at_once() -> NoReturn:
    """End the process without waiting for the requests in flight."""
    sys.stderr.write("Stopped with requests in flight.\n")
    sys.stderr.flush()
    os._exit(1)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family)
    except OSError as error:
        raise CannotListen(host, port, _reason(error)) from error
    listening.settimeout(0)
    return listening


def _reason(error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno is None:
        return error.strerror or str(error)
    return os.strerror(error.errno)  # the error's own text repeats the address


__all__ = ["GRACE", "MARGIN", "CannotListen", "StopTimes", "exit_at_once", "run_until", "serve", "stop_on_signal"]
