"""Attacks by connections alone, against a real installation with default settings."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from h2.errors import ErrorCodes
from hpack import Encoder
from hyperframe.frame import GoAwayFrame, HeadersFrame, SettingsFrame
from tests.support.installation import Server, running

MANY = 1_500
"""More than a server with a backlog of 1,024 could hold when its connections stood in the way of new ones."""
HALF = b"POST /api/auth/credentials HTTP/1.1\r\nHost: a\r\nContent-Ty"
WITHOUT_BODY = (
    b"POST /api/auth/credentials HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a freshly installed server."""
    with running(tmp_path_factory.mktemp("installation")) as server:
        yield server


@pytest.mark.parametrize("sent", [b"", HALF, WITHOUT_BODY], ids=["silent", "half a head", "no body"])
@pytest.mark.parametrize("sources", [1, 20])
def test_many_connections_keep_nobody_out(server: Server, sent: bytes, sources: int) -> None:
    """While 1,500 connections are held open, from one address or from many, other clients are served."""
    host, port = server.netloc.split(":")
    with ExitStack() as open_ones:
        for number in range(MANY):
            source = (f"127.0.0.{2 + number % sources}", 0)
            connection = socket.create_connection((host, int(port)), timeout=30, source_address=source)
            open_ones.enter_context(connection).sendall(sent)

        assert 200 == server.get("/api/metadata", accept="text/html").status


def test_one_address_keeps_itself_answered(server: Server) -> None:
    """An address that holds 1,500 idle connections is still served."""
    host, port = server.netloc.split(":")
    with ExitStack() as open_ones:
        for _ in range(MANY):
            open_ones.enter_context(socket.create_connection((host, int(port)), timeout=30))

        assert 200 == server.get("/api/metadata", accept="text/html").status


def test_a_body_that_drips_is_ended(server: Server) -> None:
    """A body of one byte at a time gets a 408 in the format of the request, and its connection is closed."""
    host, port = server.netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=0.5) as connection:
        connection.sendall(WITHOUT_BODY.replace(b"Length: 10", b"Length: 1000"))
        answer = b""
        while not answer:
            connection.sendall(b" ")
            try:
                answer = connection.recv(65_536)
            except TimeoutError:
                continue
        connection.settimeout(30)
        while part := connection.recv(65_536):
            answer += part

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"RequestTimeout"' in answer


def test_http_2_is_not_spoken(server: Server) -> None:
    """By default the preface of HTTP/2 is rejected before anything else is read."""
    host, port = server.netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9))

        assert connection.recv(65_536).startswith(b"HTTP/1.1 505 ")


def test_a_header_bomb_over_http_2_keeps_nobody_out(tmp_path: Path) -> None:
    """With HTTP/2 enabled, streams of 3,900 indexed fields of 3.9 KB end their connection, and other clients are served."""
    encoder = Encoder()
    fields = [(":method", "POST"), (":scheme", "http"), (":authority", "a"), (":path", "/api/metadata")]
    sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SettingsFrame(0).serialize()
    for stream in range(1, 80, 2):
        block = encoder.encode([*fields, ("x", "y" * 3_900)]) + encoder.encode([("x", "y" * 3_900)]) * 3_899
        sent += HeadersFrame(stream, block, flags=["END_HEADERS", "END_STREAM"]).serialize()
    with running(tmp_path, {"server.http2": "true"}) as server:
        host, port = server.netloc.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(sent)
            answer = b""
            while part := connection.recv(65_536):
                answer += part

        assert GoAwayFrame(0, 0, ErrorCodes.ENHANCE_YOUR_CALM).serialize()[9 + 4 : 9 + 8] in answer
        assert 200 == server.get("/api/metadata", accept="text/html").status
