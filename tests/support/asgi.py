"""Sends requests directly to an ASGI application and collects the response."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec

Application = Callable[[MutableMapping[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]


@dataclass(frozen=True)
class Answered:
    """Response of an application.

    Attributes:
        status: status code.
        fields: header fields with lower-case names, in order.
        body: body.
    """

    status: int
    fields: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header field; None if it is missing."""
        return next((value for key, value in self.fields if key == name.lower()), None)

    def headers(self, name: str) -> list[str]:
        """Return all values of a header field."""
        return [value for key, value in self.fields if key == name.lower()]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return msgspec.json.decode(self.body)

    @property
    def status_of_error(self) -> dict[str, Any]:
        """Return the ResponseStatus of a JSON response, in any casing, with names in PascalCase."""
        found = self.json.get("ResponseStatus") or self.json["responseStatus"]
        return {name[:1].upper() + name[1:]: value for name, value in found.items()}


def scope_of(method: str, target: str, headers: Mapping[str, str] | Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the ASGI scope of a request; `target` is path and query. A Host field is added if missing."""
    raw, _, query = target.partition("?")
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if not any(name.lower() == "host" for name, _ in pairs):
        pairs.append(("Host", "testserver"))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": ("192.0.2.7", 50000),
        "server": ("127.0.0.1", 8000),
    }


async def send(
    application: Application,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    body: bytes | None = None,
    parts: Sequence[bytes] = (),
) -> Answered:
    """Send one request. `parts` are sent one by one without a length; a `body` has its length announced."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if body is not None:
        pairs.append(("Content-Length", str(len(body))))
    if parts:
        pairs.append(("Transfer-Encoding", "chunked"))
    arriving = list(parts) or [body or b""]
    events: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not arriving:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": arriving.pop(0), "more_body": bool(arriving)}

    async def keep(event: MutableMapping[str, Any]) -> None:
        events.append(event)

    await application(scope_of(method, target, pairs), receive, keep)
    start, *rest = events
    fields = [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]]
    return Answered(start["status"], fields, b"".join(event["body"] for event in rest))


__all__ = ["Answered", "Application", "scope_of", "send"]
