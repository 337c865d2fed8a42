"""A client that sends a request and then observes the server's follow-up work through tiny requests."""

import socket
import time
from dataclasses import dataclass
from itertools import count
from typing import Final, Self

from benchmarks.servers import PATIENCE, CannotMeasure
from benchmarks.timing.scenes import Asking, encoded
from platform_api.directory import ListName

PROBES: Final = ("answer", "next", "after", "slowest")
"""Measured times: of the request, of the next one, of all that follow, and of the slowest of these."""

_TINY: Final = f"/api/lists?ListIds={ListName.RECORD_STATUSES.id}"
_EXPECTED: Final = frozenset({200, 401})
_clients = count(1)


class Line:
    """A persistent connection to a server on a local port."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> tuple[float, int]:
        """Send a request; return the seconds until its response, and the status."""
        began = time.perf_counter()
        self._socket.sendall(request)
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        lower = head.lower()
        length = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        while len(body) < length:
            body += self._receive()
        return time.perf_counter() - began, int(head[9:12])

    def _until(self, mark: bytes) -> bytes:
        arrived = b""
        while mark not in arrived:
            arrived += self._receive()
        return arrived

    def _receive(self) -> bytes:
        arrived = self._socket.recv(65_536)
        if not arrived:
            raise CannotMeasure("The server closed the connection.")
        return arrived


@dataclass(frozen=True)
class Client:
    """Sends requests on one connection and probes on another.

    Attributes:
        asking: connection for the requests.
        probing: connection for the tiny requests that follow.
        token: token of signed requests.
        follow: number of tiny requests after each request.
        rest: seconds to wait before the next sample, so that the server completes its work.
    """

    asking: Line
    probing: Line
    token: str
    follow: int
    rest: float

    def sample(self, asking: Asking) -> tuple[float, ...]:
        """Return the times of `PROBES` for one request.

        Raises:
            CannotMeasure: the server rejected the request, so its times reveal nothing.
        """
        taken, status = self.asking.ask(self._post(asking))
        if status not in _EXPECTED:
            raise CannotMeasure(f"{asking.path} returned {status}. Disable all limits in the settings.")
        tiny = self._get(_TINY)
        after = [self.probing.ask(tiny)[0] for _ in range(self.follow)]
        time.sleep(self.rest)
        return taken, after[0], sum(after), max(after)

    def _post(self, asking: Asking) -> bytes:
        body = encoded(asking)
        return self._head("POST", asking.path, signed=asking.signed, length=len(body)) + body

    def _get(self, path: str) -> bytes:
        return self._head("GET", path, signed=True)

    def _head(self, method: str, path: str, *, signed: bool, length: int | None = None) -> bytes:
        number = next(_clients)
        lines = [f"{method} {path} HTTP/1.1", "Host: platform-api.example", "Accept: application/json"]
        if signed:
            lines.append(f"Authorization: Bearer {self.token}")
        else:  # a new client address for each request, since the requests of one client are limited
            lines.append(f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        if length is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {length}"]
        return "\r\n".join([*lines, "", ""]).encode()


__all__ = ["PROBES", "Client", "Line"]
