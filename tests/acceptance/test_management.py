"""Health, metrics and the stop of a real server, also with several processes."""

import base64
import http.client
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.support.installation import PATIENCE, Server, free_port, running

CLIENTS = 4
PAUSE = "300ms"


@dataclass(frozen=True)
class Managed:
    """A server with its management listener.

    Attributes:
        server: the server.
        port: port of the listener.
    """

    server: Server
    port: int

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page of the listener."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def total(self, name: str) -> float:
        """Return the sum of the samples of a metric."""
        families = text_string_to_metric_families(self.get("/metrics")[1])
        return sum(each.value for family in families for each in family.samples if each.name == name)

    def stop(self) -> None:
        """Send the signal to stop."""
        self.server.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait for the end of the process; return its exit code."""
        return self.server.process.wait(PATIENCE)


@contextmanager
def managed(folder: Path, **settings: str) -> Iterator[Managed]:
    """Run a server with a management listener."""
    port = free_port()
    given = {f"server.{name}": value for name, value in settings.items()}
    with running(folder, {"server.management": f"127.0.0.1:{port}", **given}) as server:
        yield Managed(server, port)


def until(happened: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    for _ in range(3_000):
        if happened():
            return
        threading.Event().wait(0.02)
    raise TimeoutError


def connected(server: Server, sent: bytes) -> socket.socket:
    """Open a connection and send some bytes."""
    parts = urlsplit(server.url)
    connection = socket.create_connection((parts.hostname, parts.port), PATIENCE)
    connection.sendall(sent)
    return connection


def test_a_stop_is_announced_before_the_server_stops_listening(tmp_path: Path) -> None:
    """During the pause it is not ready, still serves, and closes each connection with its response."""
    with managed(tmp_path, stop_pause="2s") as node:
        assert (200, "ready\n") == node.get("/health/ready")
        node.stop()
        until(lambda: node.get("/health/ready")[0] == 503)
        answer = node.server.get("/api/metadata")

        assert (503, "not ready: stopping\n") == node.get("/health/ready")
        assert (200, "close") == (answer.status, answer.headers["connection"])
        assert 0 == node.wait()


def test_a_stop_ends_in_time_with_open_connections_of_every_kind(tmp_path: Path) -> None:
    """Silent, half a head, half a body, between two requests, HTTP/2, and a client that does not read."""
    page = b"GET /api/metadata HTTP/1.1\r\nHost: x\r\n\r\n"
    half_a_body = b"POST /api/auth/credentials HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    kinds = {
        "silent": b"",
        "half a head": page[:20],
        "half a body": half_a_body,
        "between two requests": page,
        "not reading": 500 * page,
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]),
    }
    with managed(tmp_path, shutdown_grace="1s", http2="true") as node:
        connections = {kind: connected(node.server, sent) for kind, sent in kinds.items()}
        assert connections["between two requests"].recv(100).startswith(b"HTTP/1.1 200 ")
        until(lambda: node.total("http_server_open_connections") == len(kinds))
        node.stop()

        assert 0 == node.wait()
        refused = connections["half a body"].makefile("rb").read()
        for connection in connections.values():
            connection.close()
    assert refused.startswith(b"HTTP/1.1 503 ")


@pytest.mark.slow
def test_the_parent_serves_the_totals_of_all_processes(tmp_path: Path) -> None:
    """Counts of a process that was killed are kept, and a signal stops them all."""
    with managed(tmp_path, workers="2") as node:
        for _ in range(10):
            node.server.get("/api/metadata")
        before = node.total("http_server_requests_total")
        assert (200, "ready\n") == node.get("/health/ready")
        children = Path(f"/proc/{node.server.process.pid}/task/{node.server.process.pid}/children").read_text()
        commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_text() for pid in children.split()}
        os.kill(next(pid for pid, text in commands.items() if "spawn_main" in text), signal.SIGKILL)
        until(lambda: node.total("platform_api_event_loop_lag_seconds_count") > 0 and node.get("/health")[0] == 200)
        after = node.total("http_server_requests_total")
        node.stop()

        assert (10, 10, 0) == (before, after, node.wait())


class Balancer:
    """Sends requests to a server while it is ready, as a load balancer does, and counts the responses."""

    def __init__(self, node: Managed) -> None:
        self._node = node
        self._ready = threading.Event()
        self._ready.set()
        self.answered = 0
        self.lost: list[str] = []
        self._lock = threading.Lock()

    def watch(self) -> None:
        """Send nothing more once the server is not ready."""
        while self._node.get("/health/ready")[0] == 200:
            threading.Event().wait(0.01)
        self._ready.clear()

    def send(self) -> None:
        """Sign in again and again on a connection that is kept open, until the server is not ready."""
        assert self._node.server.operator is not None
        address, password = self._node.server.operator
        body = f'{{"UserName": "{address}", "Password": "{password}"}}'
        connection = http.client.HTTPConnection(self._node.server.netloc, timeout=PATIENCE)
        while self._ready.is_set():
            try:
                connection.request("POST", "/api/auth/credentials", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException) as error:
                status = 0
                with self._lock:
                    self.lost.append(repr(error))
            with self._lock:
                self.answered += status == 200
        connection.close()


def sessions(folder: Path) -> int:
    """Return the number of sessions that were stored."""
    with closing(sqlite3.connect(folder / "data.sqlite3")) as connection:
        number: int = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
        return number


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "stops"), [("1", 20), ("2", 5)])
def test_stops_under_load_lose_no_response(tmp_path: Path, workers: str, stops: int) -> None:
    """Every request that a load balancer sent is answered, and every change that was stored was told to its client."""
    for number in range(stops):
        folder = tmp_path / str(number)
        folder.mkdir()
        with managed(folder, stop_pause=PAUSE, workers=workers) as node, ThreadPoolExecutor(CLIENTS + 1) as threads:
            balancer = Balancer(node)
            running_clients = [threads.submit(balancer.send) for _ in range(CLIENTS)]
            watching = threads.submit(balancer.watch)
            until(lambda balancer=balancer: balancer.answered > 50)  # type: ignore[misc]
            node.stop()
            for each in (*running_clients, watching):
                each.result()
            exit_code = node.wait()

        assert (0, []) == (exit_code, balancer.lost)
        assert balancer.answered == sessions(folder)


def test_attempts_to_sign_in_are_counted_by_outcome(tmp_path: Path) -> None:
    """By a form and by Basic credentials; during a pause they are refused."""
    with managed(tmp_path) as node:
        assert node.server.operator is not None
        address, password = node.server.operator
        node.server.sign_in(address, password)
        wrong = base64.b64encode(f"{address}:wrong".encode()).decode()
        node.server.send("GET", "/api/contacts/own", None, {"Authorization": f"Basic {wrong}"})
        body = {"UserName": address, "Password": "wrong"}
        statuses = [node.server.post("/api/auth/credentials", body).status for _ in range(12)]
        families = text_string_to_metric_families(node.get("/metrics")[1])
        counted = {
            sample.labels["outcome"]: sample.value
            for family in families
            for sample in family.samples
            if sample.name == "platform_api_sign_ins_total"
        }

    assert {401, 429} == set(statuses)
    assert {"succeeded": 1, "failed": 1 + statuses.count(401), "refused": statuses.count(429)} == counted
