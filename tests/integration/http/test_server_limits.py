"""Tests of limits on slow, silent and numerous clients. Times are short; nothing is measured."""

import asyncio
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvloop
from tests.support.raw_http import PATIENCE, Connection, Port, ask, own_server, own_server_on, until
from tests.support.talkative import Event, Receive, Send, Talkative

from servicehost.server import Server, ServerLimits

pytestmark = pytest.mark.no_database

SHORT = 0.2
HEAD = "POST /told HTTP/1.1"


@contextmanager
def serving(limits: ServerLimits) -> Iterator[tuple[Port, Talkative]]:
    """A server with these limits."""
    application = Talkative()
    with own_server(application, limits) as port:
        yield port, application


def status(answer: bytes) -> int | None:
    """The status of a response; None without one."""
    return int(answer.split(b" ", 2)[1]) if answer else None


@pytest.mark.parametrize(
    ("sent", "expected"), [(b"", None), (b"GET /told HTT", 408), (b"GET / HTTP/1.1\r\nX: y\r\n", 408)]
)
def test_a_head_must_come_in_time(sent: bytes, expected: int | None) -> None:
    """A silent connection is closed, and a partial head gets 408."""
    with serving(ServerLimits(head_time=SHORT)) as (port, _), Connection(port) as connection:
        connection.send_bytes(sent)

        assert expected == status(connection.rest())


def test_a_head_that_comes_in_drops() -> None:
    """The time limit applies to the whole head, not to each part."""
    with serving(ServerLimits(head_time=SHORT, linger_time=PATIENCE)) as (port, _), Connection(port) as connection:
        connection.send_bytes(b"GET /told HTTP/1.1\r\n")

        assert 408 == status(connection.drip(b"X: y\r\n"))


def test_a_second_head_must_come_in_time_too() -> None:
    """On a kept connection, the time of a head starts with its first byte."""
    with serving(ServerLimits(head_time=SHORT)) as (port, _), Connection(port) as connection:
        connection.send("GET /told HTTP/1.1", "Host: a")
        connection.answer()
        connection.send_bytes(b"GET ")

        assert 408 == status(connection.rest())


@pytest.mark.parametrize("framing", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
def test_a_body_must_come_at_a_rate(framing: str) -> None:
    """A body below the minimum rate gets 408, and the connection is closed."""
    limits = ServerLimits(body_grace=SHORT, body_rate=1_000_000, linger_time=PATIENCE)
    with serving(limits) as (port, _), Connection(port) as connection:
        connection.send(HEAD, "Host: a", framing)

        assert 408 == status(connection.drip(b"1\r\nx\r\n"))


def test_a_body_at_the_rate_takes_as_long_as_it_needs() -> None:
    """A body above the minimum rate may take longer than the grace."""
    with serving(ServerLimits(body_grace=SHORT, body_rate=1)) as (port, _), Connection(port) as connection:
        connection.send(HEAD, "Host: a", "Content-Length: 40")
        for _ in range(8):
            connection.send_bytes(b"stead")
            time.sleep(SHORT / 4)

        assert 200 == connection.answer().status


def test_a_body_that_was_not_asked_for_is_not_late() -> None:
    """The rate does not apply to a client that waits for `100 Continue`."""
    with serving(ServerLimits(body_grace=SHORT)) as (port, application), Connection(port) as connection:
        connection.send("POST /stream HTTP/1.1", "Host: a", "Content-Length: 4", "Expect: 100-continue")
        connection.answer_head()
        time.sleep(3 * SHORT)
        application.release(3)

        assert connection.rest().endswith(b"0\r\n\r\n")


def test_an_idle_connection_is_closed() -> None:
    """A connection is kept between requests for the idle time."""
    with serving(ServerLimits(idle_time=SHORT)) as (port, _), Connection(port) as connection:
        connection.send("GET /told HTTP/1.1", "Host: a")
        connection.answer()

        assert b"" == connection.rest()


def test_a_stream_is_not_idle() -> None:
    """A streamed response may pause for longer than every time limit."""
    limits = ServerLimits(head_time=SHORT, body_grace=SHORT, idle_time=SHORT, write_time=SHORT)
    with serving(limits) as (port, application), Connection(port) as connection:
        connection.send("GET /stream HTTP/1.1", "Host: a")
        assert "chunked" == connection.answer_head().header("Transfer-Encoding")
        time.sleep(4 * SHORT)
        application.release(3)

        assert b"7\r\npart 0\n\r\n7\r\npart 1\n\r\n7\r\npart 2\n\r\n0\r\n\r\n" == connection.until(b"0\r\n\r\n")


def test_a_client_that_does_not_read_is_cut_off() -> None:
    """If the client does not read, the application waits, and the connection ends after the write time."""
    with serving(ServerLimits(write_time=SHORT)) as (port, application), Connection(port) as connection:
        connection.send("GET /large HTTP/1.1", "Host: a")
        until(lambda: application.ended)

        assert 0 < len(application.heard) < 512


def test_a_client_that_reads_slowly_gets_everything() -> None:
    """A client that reads slowly but steadily gets the whole response."""
    with serving(ServerLimits(write_time=1)) as (port, _), Connection(port) as connection:
        connection.send("GET /large HTTP/1.0")

        assert 512 * 65_536 < len(connection.rest())


def test_the_application_hears_that_the_client_is_gone() -> None:
    """A request in flight is notified when its connection closes."""
    with serving(ServerLimits()) as (port, application):
        with Connection(port) as connection:
            connection.send("GET /wait HTTP/1.1", "Host: a")
            until(lambda: application.waiting == 1)

        until(lambda: application.heard == ["http.request", "http.disconnect"])


def test_a_body_that_nobody_reads_is_not_buffered() -> None:
    """The server does not read a body faster than the application."""
    with serving(ServerLimits()) as (port, application), Connection(port) as connection:
        connection.send("POST /stream HTTP/1.1", "Host: a", "Content-Length: 100000000")
        until(lambda: application.waiting == 1)

        assert connection.sent_until_blocked(bytes(100_000_000)) < 50_000_000
        application.release(3)


@contextmanager
def held(port: Port, number: int, source: str = "127.0.0.1") -> Iterator[list[Connection]]:
    """Connections, each with a request in flight."""
    with ExitStack() as stack:
        connections = [stack.enter_context(Connection(port, source)) for _ in range(number)]
        for connection in connections:
            connection.send("GET /wait HTTP/1.1", "Host: a")
        yield connections


def test_one_client_has_so_many_connections() -> None:
    """Excess connections of one address are refused with 429; those of another are served."""
    with serving(ServerLimits(connections_per_client=3)) as (port, application), held(port, 3):
        until(lambda: application.waiting == 3)
        refused = ask(port, "GET /told HTTP/1.1")
        with Connection(port, "127.0.0.2") as other:
            other.send("GET /told HTTP/1.1", "Host: a")

            assert (429, "1", 200) == (refused.status, refused.header("Retry-After"), other.answer().status)
        application.release()


def test_a_trusted_proxy_has_any_number() -> None:
    """Connections from a trusted proxy are not limited."""
    limits = ServerLimits(connections_per_client=3, trusted=["127.0.0.0/31"])
    with serving(limits) as (port, application), held(port, 10):
        until(lambda: application.waiting == 10)

        assert 200 == ask(port, "GET /told HTTP/1.1").status
        application.release()


def test_all_clients_have_so_many_connections() -> None:
    """If every connection has a request in flight, another connection is refused with 503."""
    with serving(ServerLimits(connections=3)) as (port, application), held(port, 3):
        until(lambda: application.waiting == 3)
        refused = ask(port, "GET /told HTTP/1.1")

        assert (503, "1") == (refused.status, refused.header("Retry-After"))
        application.release()


@pytest.mark.parametrize("limits", [ServerLimits(connections=3), ServerLimits(connections_per_client=3)])
@pytest.mark.parametrize("sent", [b"", b"GET /told HT", b"POST /told HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"])
def test_connections_without_a_whole_request_make_room(limits: ServerLimits, sent: bytes) -> None:
    """Connections without a complete request are closed to make room for new ones."""
    with serving(limits) as (port, application), held(port, 1) as (working,), ExitStack() as stack:
        until(lambda: application.waiting == 1)
        for _ in range(20):
            stack.enter_context(Connection(port)).send_bytes(sent)

        assert 200 == ask(port, "GET /told HTTP/1.1").status
        application.release()
        assert b"waited" == working.answer().body


class Counting:
    """Answers every request, and records the iteration of the event loop in which it started.

    Attributes:
        rounds: the rounds until now.
        begun: the round of each request.
        all_begun: set when as many have begun as are expected.
    """

    def __init__(self, expected: int) -> None:
        self.rounds = 0
        self.all_begun = asyncio.Event()
        self._expected = expected
        self.begun: list[int] = []

    def tick(self) -> None:
        """Count this iteration and the following ones until all requests have started."""
        self.rounds += 1
        if not self.all_begun.is_set():
            asyncio.get_running_loop().call_soon(self.tick)

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Handle one request, or the lifespan."""
        if scope["type"] == "lifespan":
            for part in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{part}.complete"})
            return
        self.begun.append(self.rounds)
        if len(self.begun) == self._expected:
            self.all_begun.set()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


async def _begun(listening: socket.socket, number: int) -> list[int]:
    application = Counting(number)
    server = Server(application, [listening], ServerLimits(trusted=["127.0.0.1"]))
    application.tick()
    await server.start()
    await asyncio.wait_for(application.all_begun.wait(), PATIENCE)
    await server.stop()
    return application.begun


def test_waiting_connections_are_accepted_together() -> None:
    """Many queued connections are accepted in one iteration of the event loop."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening, ExitStack() as clients:
        for _ in range(100):
            client = clients.enter_context(Connection(listening.getsockname()[1]))
            client.send("GET / HTTP/1.1", "Host: a")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            begun = runner.run(_begun(listening, 100))

    assert 10 > max(begun) - min(begun)


def test_clients_that_are_gone_before_they_are_accepted_leave_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """A connection that its client has already reset is dropped, and the next one is served."""
    application = Talkative()
    with socket.create_server(("127.0.0.1", 0)) as listening, caplog.at_level("ERROR"):
        port = listening.getsockname()[1]
        for _ in range(10):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with own_server_on(listening, application):
            assert 200 == ask(port, "GET /told HTTP/1.1").status

    assert [] == caplog.records
