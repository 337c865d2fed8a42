"""HTTP byte by byte: servers in threads of this process, and literal requests."""

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import uvicorn
import uvloop

from servicehost.server import Server, ServerLimits

PATIENCE = 10.0
"""Seconds to wait for anything."""

Application = Callable[[MutableMapping[str, Any], Callable[..., Any], Callable[..., Any]], Any]
"""An ASGI application."""

Port = int
"""Where a server listens on this machine."""


@dataclass(frozen=True)
class RawAnswer:
    """A response as received.

    Attributes:
        status_line: first line.
        fields: header lines.
        body: body, as long as the header announces.
    """

    status_line: str
    fields: tuple[str, ...]
    body: bytes

    @property
    def status(self) -> int:
        """Status code."""
        return int(self.status_line.split(" ")[1])

    def header(self, name: str) -> str | None:
        """Return the value of a field, with its name in any casing; None if it is missing."""
        pairs = (field.partition(": ") for field in self.fields)
        return next((value for key, _, value in pairs if key.lower() == name.lower()), None)


class Connection:
    """A connection to a server."""

    def __init__(self, port: Port, source: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=(source, 0))
        self._arrived = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *lines: str, body: bytes = b"") -> None:
        """Send header lines, followed by a literal body."""
        self._socket.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1") + body)

    def send_bytes(self, content: bytes) -> None:
        """Send bytes."""
        self._socket.sendall(content)

    def answer(self) -> RawAnswer:
        """Return the next response."""
        head = self.until(b"\r\n\r\n").decode("latin-1")
        status_line, *fields = head.split("\r\n")[:-2]
        answer = RawAnswer(status_line, tuple(fields), b"")
        length = int(answer.header("Content-Length") or 0)
        while len(self._arrived) < length:
            self._receive()
        body, self._arrived = self._arrived[:length], self._arrived[length:]
        return RawAnswer(status_line, tuple(fields), body)

    def answer_head(self) -> RawAnswer:
        """Return the head of the next response, whose body comes later."""
        status_line, *fields = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")[:-2]
        return RawAnswer(status_line, tuple(fields), b"")

    def drip(self, part: bytes) -> bytes:
        """Send a part repeatedly until the server responds and closes the connection; return the response."""
        self._socket.settimeout(0.02)
        while True:
            with contextlib.suppress(TimeoutError):
                if not (arrived := self._socket.recv(65_536)):
                    return self._arrived
                self._arrived += arrived
            if not self._arrived:
                self._socket.sendall(part)
            else:
                self.half_close()

    def sent_until_blocked(self, content: bytes) -> int:
        """Return how much of a content the server reads before it stops."""
        self._socket.settimeout(1)
        sent = 0
        with contextlib.suppress(TimeoutError):
            while sent < len(content):
                sent += self._socket.send(content[sent : sent + 65_536])
        return sent

    def some(self) -> bytes:
        """Return the next bytes received."""
        self._receive()
        some, self._arrived = self._arrived, b""
        return some

    def silent(self, seconds: float) -> bool:
        """Whether nothing is received for a while."""
        self._socket.settimeout(seconds)
        try:
            self._receive()
        except TimeoutError:
            return True
        finally:
            self._socket.settimeout(PATIENCE)
        return False

    def rest(self) -> bytes:
        """Return everything until the server closes the connection."""
        parts, self._arrived = [self._arrived], b""
        with contextlib.suppress(ConnectionResetError):
            while arrived := self._socket.recv(65_536):
                parts.append(arrived)
        return b"".join(parts)

    def reset(self) -> None:
        """Close with a reset, so that the server learns that the client has gone."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def half_close(self) -> None:
        """Shut down sending, but keep reading."""
        self._socket.shutdown(socket.SHUT_WR)

    def until(self, mark: bytes) -> bytes:
        """Return everything up to and including a mark."""
        while mark not in self._arrived:
            self._receive()
        end = self._arrived.index(mark) + len(mark)
        found, self._arrived = self._arrived[:end], self._arrived[end:]
        return found

    def _receive(self) -> None:
        arrived = self._socket.recv(65_536)
        assert arrived, f"the server closed the connection behind {self._arrived!r}"
        self._arrived += arrived


def ask(port: Port, *lines: str, body: bytes = b"") -> RawAnswer:
    """Return the response to one request: request line and header fields, with Host and length added."""
    length = [f"Content-Length: {len(body)}"] if body else []
    with Connection(port) as connection:
        connection.send(*lines, f"Host: 127.0.0.1:{port}", *length, body=body)
        return connection.answer()


def until(happened: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    for _ in range(int(PATIENCE / 0.01)):
        if happened():
            return
        time.sleep(0.01)
    raise TimeoutError


@contextmanager
def uvicorn_with_h11(application: Application) -> Iterator[Port]:
    """Run a uvicorn server that keeps the case of header names until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(application, http="h11", lifespan="off", ws="none", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@contextmanager
def own_server(application: Application, limits: ServerLimits | None = None) -> Iterator[Port]:
    """Run the server of the installation until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: Port = listening.getsockname()[1]
        with own_server_on(listening, application, limits):
            yield port


@contextmanager
def own_server_on(
    listening: socket.socket, application: Application, limits: ServerLimits | None = None
) -> Iterator[None]:
    """Run the server of the installation on a listening socket, which may have connections waiting."""
    loop = uvloop.new_event_loop()
    server = Server(application, [listening], limits or ServerLimits())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(PATIENCE)
        yield
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(PATIENCE)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


__all__ = ["Connection", "Port", "RawAnswer", "ask", "own_server", "own_server_on", "until", "uvicorn_with_h11"]
