"""Run of the server until it is stopped.

A single server process is this process, so that signals and debuggers reach the whole server and no process is left
behind. With several, this process starts the others and replaces those that die, and does not serve itself.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import uvloop

from platform_api.foundation.metrics import Family, gauge
from platform_api.foundation.refusals import Refusal
from platform_api.installation import logs
from platform_api.installation.settings import Settings, replaced
from platform_api.management import Monitor, ProcessReports, reporting, serving
from servicehost.server import Application, NotStarted, Server, ServerLimits
from servicehost.server.serving import StopTimes, exit_at_once, run_until, stop_on_signal
from servicehost.server.workers import WorkerFailed, Workers, serve_until_parent_ends

Create = Callable[[Settings, Monitor], Application]
"""Builds the application, on which the monitor reports. With several processes, it must be importable by its name."""

_HARD_FIELDS: Final = 2
"""Header fields that the server accepts, as a multiple of `server.header_count`: the application refuses in its formats."""


_BODIES: Final = 16
"""Bodies of the greatest size that one client may at least send at once."""


class PortTaken(Refusal):
    """Another program uses the port."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        super().__init__(
            f"Port {port} on {host} is in use. Stop the program that uses it, or choose another port: "
            f"platform-api serve --port {port + 1 if port < 65535 else 8000}"
        )


class NoSuchAddress(Refusal):
    """This machine does not have the address."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Cannot listen at {host}, port {port}: {reason}. Set server.host to an address of this machine."
        )


class ServerFailed(Refusal):
    """The application did not start, or its event loop ended; the log says why."""


@contextmanager
def claimed_port(settings: Settings) -> Iterator[Settings]:
    """Reserve the port until the end of the `with`: the one that is set, or a free one for 0; yields settings with it.

    It is reserved before the first start creates anything, so that a taken port is reported first.

    Raises:
        PortTaken: another program uses or has reserved the port.
        NoSuchAddress: this machine does not have the address.
    """
    with _held(settings.server.host, settings.server.port) as holder:
        yield replaced(settings, "server", port=holder.getsockname()[1])


def run(settings: Settings, create: Create, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight; `ready` is called when the server accepts requests.

    Raises:
        ServerFailed: the application did not start.
    """
    serving = _run_workers if settings.server.workers > 1 else _run_here
    with (
        _listening(settings.server.host, settings.server.port) as listening,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(serving(settings, create, listening, ready))


def limits_of(settings: Settings) -> ServerLimits:
    """The limits of the server in the settings."""
    server = settings.server
    return ServerLimits(
        head_bytes=server.header_limit + server.target_limit,
        fields=_HARD_FIELDS * server.header_count,
        target_bytes=server.target_limit,
        head_time=server.head_time.total_seconds(),
        body_grace=server.body_grace.total_seconds(),
        body_rate=server.body_rate,
        idle_time=server.idle_time.total_seconds(),
        write_time=server.write_time.total_seconds(),
        connections=server.connections,
        connections_per_client=server.connections_per_client,
        requests_per_client=server.requests_per_client,
        running_per_client=server.running_per_client,
        body_bytes=max(ServerLimits.body_bytes, _BODIES * server.body_limit),
        body_bytes_per_client=max(ServerLimits.body_bytes_per_client, _BODIES * server.body_limit),
        trusted=server.trusted_proxies,
        http2=server.http2,
    )


async def _run_here(settings: Settings, create: Create, listening: socket.socket, ready: Callable[[], None]) -> None:
    monitor, times = Monitor(), stop_times(settings)
    stop = stop_on_signal(times.promised, exit_at_once)
    async with serving(monitor, settings.management.address):
        await _serve(settings, create, listening, monitor, ready, stop)


async def _run_workers(settings: Settings, create: Create, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Run the server processes, and serve their totals until they have ended.

    They pause by themselves before they stop listening, because a service manager may send the signal to each of them.
    """
    with TemporaryDirectory(prefix="platform-api-") as folder:
        workers = Workers(settings.server.workers, _work, (settings, create, listening, Path(folder)))
        reports = ProcessReports(Path(folder))

        def give_up() -> None:
            workers.kill()
            exit_at_once()

        # A worker ends by itself in the promised time; one that hangs is killed a little later.
        most = stop_times(settings).promised + 1
        stop = stop_on_signal(most, give_up)
        announcing = asyncio.create_task(_announce_stop(reports, stop))
        async with serving(reports, settings.management.address):
            try:
                ended = await workers.run(ready, stop, most)
            except WorkerFailed as error:
                raise ServerFailed("The application did not start; the log above says why.") from error
            finally:
                announcing.cancel()
    if not ended:
        exit_at_once()


async def _announce_stop(reports: ProcessReports, stop: asyncio.Event) -> None:
    await stop.wait()
    reports.stop()


def _work(settings: Settings, create: Create, listening: socket.socket, folder: Path, parent: Connection) -> None:
    """One of several server processes."""
    logs.configure(settings.logging.level, settings.logging.format)
    with (
        contextlib.suppress(ServerFailed),  # the parent logs it, and starts another one
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_work_here(settings, create, listening, folder, parent))


async def _work_here(
    settings: Settings, create: Create, listening: socket.socket, folder: Path, parent: Connection
) -> None:
    monitor = Monitor()
    stop = stop_on_signal(stop_times(settings).promised, exit_at_once)
    ready = serve_until_parent_ends(parent, stop)
    async with reporting(monitor, folder):
        await _serve(settings, create, listening, monitor, ready, stop)


async def _serve(
    settings: Settings,
    create: Create,
    listening: socket.socket,
    monitor: Monitor,
    ready: Callable[[], None],
    stop: asyncio.Event,
) -> None:
    server = Server(create(settings, monitor), [listening], limits_of(settings))
    monitor.add(partial(_server_metrics, server))
    try:
        await run_until(server, ready, stop, stop_times(settings), monitor.stop)
    except NotStarted as error:
        raise ServerFailed("The application did not start; the log above says why.") from error


def stop_times(settings: Settings) -> StopTimes:
    """The times of a stop in the settings."""
    return StopTimes(settings.management.stop_pause.total_seconds(), settings.server.shutdown_grace.total_seconds())


def _server_metrics(server: Server) -> Iterable[Family]:
    yield gauge("http_server_active_requests", "Requests that are being worked on.", (), {(): server.requests})
    yield gauge("http_server_open_connections", "Open connections of clients.", (), {(): server.connections})


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on the reserved port, shared by the server processes."""
    with socket.socket(_resolved(host)[0], socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind((host, port))
        listening.settimeout(0)
        yield listening


def _held(host: str, port: int) -> socket.socket:
    """A socket that reserves the port for the server, and accepts no connections."""
    try:
        holder = socket.socket(_resolved(host)[0], socket.SOCK_STREAM)
        try:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind((host, port))
            # From here on, only sockets with SO_REUSEPORT share the port; a server that starts later cannot.
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
    """Family and numeric address."""
    family, _, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return family, str(address[0])


__all__ = ["Create", "NoSuchAddress", "PortTaken", "ServerFailed", "claimed_port", "limits_of", "run", "stop_times"]
