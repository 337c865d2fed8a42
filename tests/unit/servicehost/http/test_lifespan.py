"""Tests of the host's lifespan, its access log, and connections other than HTTP requests."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import structlog
from tests.support.asgi import scope_of, send
from tests.support.demo import BEARER, DemoAuthenticator, demo_host

from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Message, Request, Route
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.http.app import Host
from servicehost.http.lifespan import ASGIApp, LifespanApplication, NotOpened
from servicehost.http.settings import HostSettings
from servicehost.routing import RouteCollision

START, STOP = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}


async def live(application: ASGIApp) -> list[MutableMapping[str, Any]]:
    """Send the lifespan events of a server to an application, and return its answers."""
    events, said = [START, STOP], list[MutableMapping[str, Any]]()

    async def receive() -> MutableMapping[str, Any]:
        return dict(events.pop(0))

    async def keep(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    await application({"type": "lifespan"}, receive, keep)
    return said


async def test_a_host_alone_starts_and_stops() -> None:
    """A host alone handles the lifespan events of a server."""
    assert [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}] == await live(demo_host())


async def test_an_application_is_open_for_one_server_at_a_time() -> None:
    """A second lifespan fails with advice; the first goes on serving."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Host]:
        yield demo_host()

    application = LifespanApplication(opened)
    events: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    said: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    lifespan = asyncio.create_task(call(application, {"type": "lifespan"}, events.get, said.put))
    await events.put(START)
    await said.get()

    message = "The application is already open. Create one application for each server."
    assert [{"type": "lifespan.startup.failed", "message": message}] == await live(application)
    assert 401 == (await send(application, "GET", "/api/me")).status
    await events.put(STOP)
    assert {"type": "lifespan.shutdown.complete"} == await said.get()
    await lifespan


async def test_an_application_lives_between_start_and_stop() -> None:
    """The opener is entered before the first request and exited after the last one."""
    steps: list[object] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[Host]:
        steps.append("open")
        yield demo_host()
        steps.append("close")

    application = LifespanApplication(opened)
    events: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    said: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    lifespan = asyncio.create_task(call(application, {"type": "lifespan"}, events.get, said.put))
    await events.put(START)
    steps.append(await said.get())
    steps.append((await send(application, "GET", "/api/me")).status)
    await events.put(STOP)
    steps.append(await said.get())
    await lifespan

    complete = {"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}
    assert ["open", complete[0], 401, "close", complete[1]] == steps


async def call(application: ASGIApp, scope: MutableMapping[str, Any], receive: Any, send_event: Any) -> None:
    """Call an application."""
    await application(scope, receive, send_event)


def raise_error() -> None:
    """Raise an error, as opening a database may."""
    raise OSError("no such database")


async def test_failed_start() -> None:
    """A failed start closes opened resources and is reported to the server with its reason."""
    steps: list[str] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[Host]:
        async with AsyncExitStack() as running:
            running.callback(steps.append, "close")
            raise_error()
            yield demo_host()

    with structlog.testing.capture_logs():
        said = await live(LifespanApplication(opened))

    assert [{"type": "lifespan.startup.failed", "message": "no such database"}] == said
    assert ["close"] == steps


async def test_failed_end() -> None:
    """A failed stop is reported to the server after all other resources were closed."""
    steps: list[str] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[Host]:
        async with AsyncExitStack() as running:
            running.callback(steps.append, "close")
            yield demo_host()
            raise_error()

    with structlog.testing.capture_logs():
        said = await live(LifespanApplication(opened))

    assert {"type": "lifespan.shutdown.failed", "message": "no such database"} == said[-1]
    assert ["close"] == steps


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_request_outside_the_lifespan(when: str) -> None:
    """A request before the start or after the stop raises an error that states the cause."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Host]:
        yield demo_host()

    application = LifespanApplication(opened)
    if when == "after":
        await live(application)

    with pytest.raises(NotOpened, match="lifespan events"):
        await send(application, "GET", "/api/me")


async def test_access_log() -> None:
    """The access log has one entry for each request, with the user and without query or credentials."""
    host = demo_host(HostSettings())
    with structlog.testing.capture_logs() as entries:
        answered = await send(host, "GET", "/api/me?Token=secret", headers=BEARER)

    entry = entries[0]
    assert entry.pop("ms") >= 0
    assert entry == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/api/me",
        "status": 200,
        "request_id": answered.header("X-Request-Id"),
        "user_id": "member",
    }


async def test_access_log_can_be_off() -> None:
    """The access log can be disabled."""
    with structlog.testing.capture_logs() as entries:
        await send(demo_host(HostSettings(access_log=False)), "GET", "/api/me", headers=BEARER)

    assert entries == []


async def test_client_that_goes_away() -> None:
    """Nothing is logged as an error when the client leaves in the middle of its request, or sends malformed chunks.

    Servers say the same of both, so there is an answer, which only the second kind hears.
    """
    events: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return events.pop(0)

    async def keep(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    with structlog.testing.capture_logs() as entries:
        await demo_host()(scope_of("POST", "/api/Hello"), receive, keep)

    assert said[0]["status"] == 400
    assert [entry for entry in entries if entry["log_level"] == "error"] == []


async def test_websockets_are_refused() -> None:
    """WebSocket connections are refused."""
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def keep(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    await demo_host()({"type": "websocket"}, receive, keep)

    assert said == [{"type": "websocket.close"}]


class Lists(Request[None]):
    """An operation whose name is its route."""

    routes = (Route("/lists"),)


def test_collision_at_start() -> None:
    """A host with colliding routes does not start."""

    async def handle(_message: Message, _call: object) -> None:
        return None

    service = Service(name="Demo", public_url="http://127.0.0.1", namespace="urn:demo", clr_namespace="Demo")
    with pytest.raises(RouteCollision):
        Host(Catalog(service, {Lists: handle}), WIRE_FORMATS, DemoAuthenticator())


async def test_path_without_its_encoded_form() -> None:
    """Servers that provide only a decoded path are supported, and percent signs are preserved."""
    scope = scope_of("GET", "/api/greetings/100%25")
    del scope["raw_path"]
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def keep(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    await demo_host()(scope, receive, keep)

    assert said[1]["body"] == b'{"Result":"Hello, 100%","Count":0}'
