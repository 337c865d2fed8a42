"""Tests of limits per client: concurrent requests, bodies in memory, unsent responses."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import Event, ResponseReceived, StreamReset
from h2.settings import SettingCodes
from tests.support.raw_http import PATIENCE, Connection, Port, ask, own_server, until
from tests.support.talkative import Talkative

from servicehost.server import ServerLimits
from servicehost.server.accepting import Acceptor

pytestmark = pytest.mark.no_database

OTHER = "127.0.0.2"


@contextmanager
def serving(limits: ServerLimits) -> Iterator[tuple[Port, Talkative]]:
    """A server with these limits."""
    application = Talkative()
    with own_server(application, limits) as port:
        yield port, application


@contextmanager
def asking(port: Port, number: int, source: str = "127.0.0.1") -> Iterator[list[Connection]]:
    """Connections, each with a request to `/wait`."""
    with ExitStack() as stack:
        connections = [stack.enter_context(Connection(port, source)) for _ in range(number)]
        for connection in connections:
            connection.send("GET /wait HTTP/1.1", "Host: a")
        yield connections


def told(port: Port, source: str) -> int:
    """The status of a request from an address."""
    with Connection(port, source) as connection:
        connection.send("GET /told HTTP/1.1", "Host: a")
        return connection.answer().status


# --- requests of one client at a time ---


def test_requests_beyond_the_running_ones_wait() -> None:
    """The application works on two requests of a client at a time, in order of arrival, without delaying other clients."""
    with serving(ServerLimits(running_per_client=2)) as (port, application), asking(port, 2) as first:
        until(lambda: application.waiting == 2)
        with asking(port, 3) as later:
            assert (200, 2) == (told(port, OTHER), application.waiting)
            for number, connection in enumerate((*first, *later), start=1):
                application.release()
                assert b"waited" == connection.answer().body
                until(lambda number=number: application.waiting == min(5, number + 2))  # type: ignore[misc]


def test_a_trusted_proxy_runs_any_number() -> None:
    """Requests from a trusted proxy, which stands for many clients, are not limited."""
    limits = ServerLimits(running_per_client=1, trusted=["127.0.0.1"])
    with serving(limits) as (port, application), asking(port, 10):
        until(lambda: application.waiting == 10)
        application.release(10)


def test_a_client_that_is_gone_gives_up_its_turn() -> None:
    """A queued request is dropped when its connection closes, and later ones start."""
    with serving(ServerLimits(running_per_client=1)) as (port, application), asking(port, 1) as (running,):
        until(lambda: application.waiting == 1)
        with asking(port, 1) as (gone,):
            assert 200 == told(port, OTHER)
            gone.reset()
        with Connection(port) as behind:
            behind.send("GET /told HTTP/1.1", "Host: a")
            assert 200 == told(port, OTHER)
            application.release()

            assert (b"waited", 200, 1) == (running.answer().body, behind.answer().status, application.waiting)


def test_a_stream_does_not_hold_up_others() -> None:
    """A request counts as running only until its streamed response starts."""
    with serving(ServerLimits(running_per_client=1)) as (port, application), Connection(port) as stream:
        stream.send("GET /stream HTTP/1.1", "Host: a")
        stream.answer_head()

        assert 200 == told(port, "127.0.0.1")
        application.release(3)


def test_a_body_that_is_awaited_does_not_hold_up_others() -> None:
    """A request does not count as running while it waits for its body, and is queued again afterwards."""
    with serving(ServerLimits(running_per_client=1)) as (port, application), Connection(port) as slow:
        slow.send("POST /told HTTP/1.1", "Host: a", "Content-Length: 6", body=b"abc")
        assert 200 == told(port, "127.0.0.1")
        with asking(port, 1) as (running,):
            until(lambda: application.waiting == 1)
            slow.send_bytes(b"def")
            assert slow.silent(0.2)
            application.release()

            assert (b"waited", 200) == (running.answer().body, slow.answer().status)


# --- bodies ---


def begun(connection: Connection, size: int) -> None:
    """Send a body without its last byte."""
    connection.send("POST /told HTTP/1.1", "Host: a", f"Content-Length: {size + 1}", body=b"x" * size)


@pytest.mark.parametrize(
    ("limits", "sources"),
    [
        (ServerLimits(body_bytes_per_client=150_000), ("127.0.0.1", "127.0.0.1")),
        (ServerLimits(body_bytes=150_000), ("127.0.0.1", OTHER)),
    ],
)
def test_the_oldest_incomplete_body_gives_way(limits: ServerLimits, sources: tuple[str, str]) -> None:
    """If bodies exceed the memory limit, the request that has been incomplete longest is refused with 503."""
    with serving(limits) as (port, _), Connection(port, sources[0]) as first, Connection(port, sources[1]) as second:
        begun(first, 100_000)
        begun(second, 100_000)
        refused = first.answer()
        second.send_bytes(b"x")

        assert (503, "1", 200) == (refused.status, refused.header("Retry-After"), second.answer().status)


def test_bodies_of_other_clients_do_not_give_way() -> None:
    """Body bytes are counted separately for each client."""
    limits = ServerLimits(body_bytes_per_client=150_000)
    with serving(limits) as (port, _), Connection(port) as first, Connection(port, OTHER) as second:
        for connection in (first, second):
            begun(connection, 100_000)
        for connection in (first, second):
            connection.send_bytes(b"x")

            assert 200 == connection.answer().status


def test_answered_bodies_are_not_counted() -> None:
    """Answered and aborted requests no longer count."""
    with serving(ServerLimits(body_bytes_per_client=150_000)) as (port, application):
        for _ in range(10):
            assert 200 == ask(port, "POST /told HTTP/1.1", body=b"x" * 100_000).status
            with Connection(port) as given_up:
                given_up.send("POST /told HTTP/1.1", "Host: a", "Content-Length: 20001", body=b"x" * 20_000)
        assert 200 == ask(port, "POST /told HTTP/1.1", body=b"x" * 100_000).status
        assert [] == application.heard


# --- HTTP/2 ---


class Client:
    """An HTTP/2 client.

    Attributes:
        events: what the server has said.
    """

    def __init__(self, connection: Connection, window: int = 65_535) -> None:
        self.events: list[Event] = []
        self._connection = connection
        self._h2 = H2Connection(H2Configuration(client_side=True))
        self._h2.initiate_connection()
        self._h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: window})

    def get(self, path: str, *streams: int) -> None:
        """Send requests on these streams."""
        head = [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", path)]
        for stream in streams:
            self._h2.send_headers(stream, head, end_stream=True)
        self._connection.send_bytes(self._h2.data_to_send())

    def post(self, path: str, stream: int, part: bytes) -> None:
        """Send part of a body."""
        self._h2.send_headers(stream, [(":method", "POST"), (":scheme", "http"), (":authority", "a"), (":path", path)])
        for start in range(0, len(part), 16_000):
            self._h2.send_data(stream, part[start : start + 16_000])
        self._connection.send_bytes(self._h2.data_to_send())

    def reset(self, stream: int) -> None:
        """Cancel a request."""
        self._h2.reset_stream(stream)
        self._connection.send_bytes(self._h2.data_to_send())

    def first(self, kind: type[ResponseReceived] | type[StreamReset], stream: int) -> ResponseReceived | StreamReset:
        """The first event of this kind on a stream."""
        while True:
            for event in self.events:
                if isinstance(event, kind) and event.stream_id == stream:
                    return event
            self.events += self._h2.receive_data(self._connection.some())

    def answered(self, stream: int) -> bool:
        """Whether the response on a stream starts."""
        return isinstance(self.first(ResponseReceived, stream), ResponseReceived)

    def refused(self, stream: int) -> bool:
        """Whether a request is refused with `REFUSED_STREAM`."""
        reset = self.first(StreamReset, stream)
        return isinstance(reset, StreamReset) and reset.error_code == ErrorCodes.REFUSED_STREAM


def test_one_client_has_so_many_requests_over_http_2() -> None:
    """Requests of all connections of a client count together, including queued ones."""
    limits = ServerLimits(http2=True, requests_per_client=3, running_per_client=2)
    with serving(limits) as (port, application), Connection(port) as one, Connection(port) as two:
        Client(one).get("/wait", 1, 3, 5)
        until(lambda: application.waiting == 2)
        client = Client(two)
        client.get("/told", 1)
        refused = client.refused(1)
        with Connection(port, OTHER) as other:
            other_client = Client(other)
            other_client.get("/told", 1)

            assert refused
            assert other_client.answered(1)
        application.release(3)
        until(lambda: application.waiting == 3)


def test_requests_count_until_they_have_ended() -> None:
    """Closing the connection does not make room for more requests while the application still works on the old ones."""
    limits = ServerLimits(http2=True, requests_per_client=1)
    with serving(limits) as (port, application):
        with Connection(port) as gone:
            Client(gone).get("/stuck", 1)
            until(lambda: application.waiting == 1)
            gone.reset()
        assert 200 == told(port, OTHER)
        with Connection(port) as connection:
            client = Client(connection)
            client.get("/told", 1)

            assert client.refused(1)
        application.release()


def test_a_request_that_is_given_up_makes_room() -> None:
    """A cancelled request leaves the queue and no longer counts."""
    limits = ServerLimits(http2=True, requests_per_client=2, running_per_client=1)
    with serving(limits) as (port, application), Connection(port) as connection:
        client = Client(connection)
        client.get("/wait", 1, 3)
        until(lambda: application.waiting == 1)
        client.reset(3)
        client.get("/told", 5)
        client.get("/told", 7)
        assert client.refused(7)
        application.release()

        assert client.answered(5)
        assert 1 == application.waiting


def test_answers_that_wait_for_room_are_bounded() -> None:
    """If a megabyte of responses waits for the client's window, further requests of its connection are refused."""
    limits = ServerLimits(http2=True, running_per_client=8)
    with serving(limits) as (port, _), Connection(port) as one, Connection(port) as two:
        client, other = Client(one, window=0), Client(two)
        client.get("/large", *range(1, 81, 2))

        assert client.refused(79)
        assert client.answered(31)
        other.get("/told", 1)
        assert other.answered(1)


def test_bodies_over_http_2_give_way_too() -> None:
    """The oldest incomplete body of a client is refused with 503; a complete one is not."""
    limits = ServerLimits(http2=True, body_bytes_per_client=50_000)
    with serving(limits) as (port, application), Connection(port) as connection, Connection(port) as one:
        client = Client(connection)
        one.send("POST /stuck HTTP/1.1", "Host: a", "Content-Length: 30000", body=b"x" * 30_000)
        until(lambda: application.waiting == 1)
        client.post("/told", 1, b"x" * 30_000)
        answer = client.first(ResponseReceived, 1)

        assert isinstance(answer, ResponseReceived)
        assert b"503" == dict(answer.headers or ())[b":status"]
        application.release()
        assert b"done" == one.answer().body


# --- what the system holds ---


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system has no such option")
def test_the_system_gives_up_answers_that_nobody_takes() -> None:
    """Data in the system's buffers must also be acknowledged within the write time."""

    class Noting(asyncio.Protocol):
        def __init__(self, noted: asyncio.Future[int]) -> None:
            self._noted = noted

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            option = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            self._noted.set_result(option)

    async def accepting(listening: socket.socket, noted: asyncio.Future[int]) -> int:
        acceptor = Acceptor(listening, lambda _: Noting(noted), asyncio.get_running_loop(), 1.5)
        acceptor.start(1)
        with socket.create_connection(listening.getsockname()):
            option = await asyncio.wait_for(noted, PATIENCE)
        acceptor.close()
        return option

    async def main() -> int:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            return await accepting(listening, asyncio.get_running_loop().create_future())

    assert 1_500 == asyncio.run(main())
