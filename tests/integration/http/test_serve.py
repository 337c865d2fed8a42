"""Tests of `serve` in a separate process: its errors, and its end by a signal."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from typing import Any

import pytest
import structlog
from tests.support.installation import PATIENCE, free_port

from servicehost.server import CannotListen, NotStarted, ServerLimits, serve

pytestmark = pytest.mark.no_database


class Told:
    """An application that records events and receives one request once it has started."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.steps: list[str] = []

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        """Handle one request, or the lifespan."""
        if scope["type"] != "lifespan":
            self.steps.append(scope["path"])
            os.kill(os.getpid(), signal.SIGTERM)  # while the request is in flight
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"answered"})
            return
        await receive()
        if self.broken:
            await send({"type": "lifespan.startup.failed", "message": "no such folder"})
            return
        self.steps.append("started")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.steps.append("stopped")
        await send({"type": "lifespan.shutdown.complete"})


HANGING = """
import asyncio, os, signal, sys
from servicehost.server import serve

async def hang(scope, receive, send):
    if scope["type"] == "http":
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()

serve(hang, port=int(sys.argv[1]), grace=0.1)
"""
"""A program whose application never answers, stopped while a request is in flight."""


def ask(port: int, answers: list[bytes], path: str = "/page") -> None:
    """Request a page as soon as the server listens, and keep the response until the connection is closed."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            connection = socket.create_connection(("127.0.0.1", port), PATIENCE)
        except ConnectionRefusedError:
            time.sleep(0.01)
            continue
        with connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answers.append(connection.makefile("rb").read())
        return


def test_until_a_signal() -> None:
    """The application starts, a request in flight is answered after the signal, and the application stops."""
    port, answers, application = free_port(), list[bytes](), Told()
    client = threading.Thread(target=ask, args=(port, answers), daemon=True)
    client.start()
    with structlog.testing.capture_logs() as entries:
        serve(application, port=port)
    client.join(PATIENCE)

    assert ["started", "/page", "stopped"] == application.steps
    assert answers[0].startswith(b"HTTP/1.1 200 ")
    assert answers[0].endswith(b"answered")
    assert {"event": "serving", "log_level": "info", "host": "127.0.0.1", "port": port} == entries[0]


def test_limits() -> None:
    """The given limits apply: an overlong target is refused without calling the application."""
    port, answers, application = free_port(), list[bytes](), Told()

    def ask_twice() -> None:
        ask(port, answers, "/a-path-that-is-too-long")
        ask(port, answers)

    client = threading.Thread(target=ask_twice, daemon=True)
    client.start()
    serve(application, port=port, limits=ServerLimits(target_bytes=8))
    client.join(PATIENCE)

    assert [b"414", b"200"] == [answer.split()[1] for answer in answers]
    assert ["started", "/page", "stopped"] == application.steps


def test_the_grace() -> None:
    """A request that is not answered within the grace is cancelled with 503, and the process ends in order."""
    port, answers = free_port(), list[bytes]()
    with subprocess.Popen([sys.executable, "-c", HANGING, str(port)], stderr=subprocess.PIPE, text=True) as process:
        try:
            ask(port, answers)
            told = process.communicate(timeout=PATIENCE)[1]
        finally:
            process.kill()

    assert (0, "") == (process.returncode, told)
    assert answers[0].startswith(b"HTTP/1.1 503 ")
    assert answers[0].endswith(b"The server stopped before the request was finished. Send it again.\n")


def test_a_free_port() -> None:
    """Port 0 is a free port, which is logged."""
    application = Told()
    with structlog.testing.capture_logs() as entries:
        client = threading.Thread(target=_ask_where_the_log_says, args=(entries,), daemon=True)
        client.start()
        serve(application, port=0)
    client.join(PATIENCE)

    assert ["started", "/page", "stopped"] == application.steps


def _ask_where_the_log_says(entries: list[MutableMapping[str, Any]]) -> None:
    end = time.monotonic() + PATIENCE
    while not entries and time.monotonic() < end:
        time.sleep(0.01)
    ask(entries[0]["port"], [])


def test_a_taken_port() -> None:
    """A port in use is an error with advice, and the application does not start."""
    application = Told()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotListen) as refused:
            serve(application, port=port)

    expected = (
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Stop the program that uses the port, or pass another host or port."
    )
    assert expected == str(refused.value)
    assert [] == application.steps


def test_an_unknown_host() -> None:
    """An unknown host name is the same kind of error."""
    with pytest.raises(CannotListen, match=r"^Cannot listen on no\.such\.host\.invalid, port 8080: "):
        serve(Told(), "no.such.host.invalid", 8080)


def test_an_application_that_does_not_start() -> None:
    """An application that fails to start is an error with its reason, and frees the port."""
    port = free_port()
    with pytest.raises(NotStarted, match=r"^no such folder$"):
        serve(Told(broken=True), port=port)

    socket.create_server(("127.0.0.1", port)).close()
