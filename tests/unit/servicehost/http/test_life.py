"""Tests of the host's start and end, its log, and what it does with connections that are no requests."""

from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog
from tests.support.asgi import scope_of, send
from tests.support.demo import BEARER, DemoAuthenticator, demo_catalog, demo_host

from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Message, Request, Route
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings
from servicehost.routing import RouteCollision


class Steps:
    """Hooks that note when they were awaited."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def open(self) -> None:
        """A start that works."""
        self.taken.append("open")

    async def close(self) -> None:
        """An end that works."""
        self.taken.append("close")

    async def fail(self) -> None:
        """Does not work."""
        self.taken.append("fail")
        raise OSError("no such database")


async def live(host: Host) -> list[MutableMapping[str, Any]]:
    """What a host says from start to end."""
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return events.pop(0)

    async def keep(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    await host({"type": "lifespan"}, receive, keep)
    return said


def host_with(steps: Steps, *, startup: tuple[str, ...] = (), shutdown: tuple[str, ...] = ()) -> Host:
    """A host with some of the steps as hooks."""
    return Host(
        demo_catalog(),
        WIRE_FORMATS,
        DemoAuthenticator(),
        startup=[getattr(steps, name) for name in startup],
        shutdown=[getattr(steps, name) for name in shutdown],
    )


async def test_hooks() -> None:
    """Hooks are awaited in order, before the first and after the last request."""
    steps = Steps()
    said = await live(host_with(steps, startup=("open",), shutdown=("close",)))

    assert [event["type"] for event in said] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert steps.taken == ["open", "close"]


async def test_failed_start() -> None:
    """A start that fails is told to the server with its reason."""
    with structlog.testing.capture_logs():
        said = await live(host_with(Steps(), startup=("fail",)))

    assert said[0] == {"type": "lifespan.startup.failed", "message": "no such database"}


async def test_failed_end() -> None:
    """Every hook of the end is awaited, even behind one that fails."""
    steps = Steps()
    with structlog.testing.capture_logs():
        said = await live(host_with(steps, shutdown=("fail", "close")))

    assert said[-1] == {"type": "lifespan.shutdown.failed", "message": "no such database"}
    assert steps.taken == ["fail", "close"]


async def test_access_log() -> None:
    """Each request is one entry, with who asked and without query or credentials."""
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
    """An installation may do without."""
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
    """There are none."""
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def keep(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    await demo_host()({"type": "websocket"}, receive, keep)

    assert said == [{"type": "websocket.close"}]


async def test_raw_applications() -> None:
    """What is no operation is handed on by its prefix."""

    async def files(scope: MutableMapping[str, Any], _receive: object, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    host = Host(demo_catalog(), WIRE_FORMATS, DemoAuthenticator(), raw={"/static/": files})

    assert (await send(host, "GET", "/static/a.css")).body == b"/static/a.css"
    assert (await send(host, "GET", "/statics")).status == 404


class Lists(Request[None]):
    """An operation whose name is its route."""

    routes = (Route("/lists"),)


def test_collision_at_start() -> None:
    """A host whose routes hide each other does not start."""

    async def handle(_message: Message, _call: object) -> None:
        return None

    service = Service(name="Demo", public_url="http://127.0.0.1", namespace="urn:demo", clr_namespace="Demo")
    with pytest.raises(RouteCollision):
        Host(Catalog(service, {Lists: handle}), WIRE_FORMATS, DemoAuthenticator())


async def test_path_without_its_encoded_form() -> None:
    """A server that does not hand over the encoded path is served too, and a percent sign stays one."""
    scope = scope_of("GET", "/api/greetings/100%25")
    del scope["raw_path"]
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def keep(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    await demo_host()(scope, receive, keep)

    assert said[1]["body"] == b'{"Result":"Hello, 100%","Count":0}'
