"""The pages of the management listener, as an ASGI application."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from platform_api.management import exposition
from platform_api.management.values import Report

_OK, _NOT_FOUND, _NOT_ALLOWED, _UNAVAILABLE = 200, 404, 405, 503
_TEXT, _JSON = "text/plain; charset=utf-8", "application/json"
_PATHS = "/health/live, /health/ready, /health, /metrics"


class Reporting(Protocol):
    """A source of reports: a process, or several."""

    async def health(self) -> Report:
        """The report without metrics."""

    async def metrics(self) -> Report:
        """The report with metrics."""


class _Page(NamedTuple):
    status: int
    content_type: str
    body: bytes


_Handler: TypeAlias = Callable[[str], Coroutine[Any, Any, _Page]]
"""Value of `Accept` -> page."""


class ManagementEndpoints:
    """Serves the reports of `source`."""

    def __init__(self, source: Reporting) -> None:
        self._source = source
        self._handlers: Mapping[str, _Handler] = {
            "/health/live": self._live,
            "/health/ready": self._ready,
            "/health": self._health,
            "/metrics": self._metrics,
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection event of the server."""
        if scope["type"] == "lifespan":
            await _live_and_die(receive, send)
        elif scope["type"] == "http":
            page = await self._page(scope)
            headers = [(b"content-type", page.content_type.encode()), (b"cache-control", b"no-store")]
            if page.status == _NOT_ALLOWED:
                headers.append((b"allow", b"GET, HEAD"))
            if page.status == _UNAVAILABLE:
                headers.append((b"retry-after", b"1"))
            headers.append((b"content-length", str(len(page.body)).encode()))
            await send({"type": "http.response.start", "status": page.status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else page.body})

    async def _page(self, scope: Mapping[str, Any]) -> _Page:
        handler = self._handlers.get(scope["path"])
        if handler is None:
            return _Page(_NOT_FOUND, _TEXT, f"There is no such page. Use one of: {_PATHS}\n".encode())
        if scope["method"] not in ("GET", "HEAD"):
            return _Page(_NOT_ALLOWED, _TEXT, b"Use GET.\n")
        return await handler(dict(scope["headers"]).get(b"accept", b"").decode("latin-1"))

    async def _live(self, _accept: str) -> _Page:
        """200 while the process answers at all."""
        return _Page(_OK, _TEXT, b"live\n")

    async def _ready(self, _accept: str) -> _Page:
        """200 while the process should get requests; otherwise 503 with the reason."""
        report = await self._source.health()
        text = "ready" if report.ready else f"not ready: {report.reason}"
        return _Page(_OK if report.ready else _UNAVAILABLE, _TEXT, f"{text}\n".encode())

    async def _health(self, _accept: str) -> _Page:
        """All parts; 503 while the process is not ready."""
        report = await self._source.health()
        return _Page(_OK if report.ready else _UNAVAILABLE, _JSON, exposition.health_text(report))

    async def _metrics(self, accept: str) -> _Page:
        body, content_type = exposition.metrics_text(await self._source.metrics(), accept)
        return _Page(_OK, content_type, body)


async def _live_and_die(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


__all__ = ["ManagementEndpoints", "Reporting"]
