"""Tests of HTTP/1: accepted and refused requests, and the exact bytes of responses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.raw_http import Connection, Port, RawAnswer, ask, own_server
from tests.support.talkative import Talkative

from servicehost.server import ServerLimits

pytestmark = pytest.mark.no_database

LIMITS = ServerLimits(head_bytes=8_192, fields=20, target_bytes=2_048, linger_time=5)


@pytest.fixture(scope="module")
def port() -> Iterator[Port]:
    """A server around the talkative application."""
    with own_server(Talkative(), LIMITS) as port:
        yield port


def told(answer: RawAnswer) -> dict[str, Any]:
    """The requests that the application received."""
    assert 200 == answer.status, answer
    return dict(json.loads(answer.body))


def raw(port: Port, sent: bytes) -> bytes:
    """The response to these bytes, until the server closes the connection."""
    with Connection(port) as connection:
        connection.send_bytes(sent)
        return connection.rest()


def status(answer: bytes) -> int:
    """The status of the first response."""
    return int(answer.split(b" ", 2)[1])


def test_a_request_as_the_application_sees_it(port: Port) -> None:
    """Method, path, query, header fields and body reach the application unchanged; the path is decoded once."""
    seen = told(ask(port, "PUT /told/%C3%A9%252F+?a=%41&b HTTP/1.1", "X-Two: 1 \t", "x-two: 2", body=b"content"))

    assert {
        "method": "PUT",
        "path": "/told/é%2F+",
        "raw_path": "/told/%C3%A9%252F+",
        "query": "a=%41&b",
        "version": "1.1",
        "client": "127.0.0.1",
        "headers": [["x-two", "1"], ["x-two", "2"], ["host", f"127.0.0.1:{port}"], ["content-length", "7"]],
        "body": "content",
    } == seen


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [("http://a/told/x?y=z", "/told/x", "y=z"), ("HTTPS://a:1?q", "/", "q"), ("http://a", "/", "")],
)
def test_targets_in_absolute_form(port: Port, target: str, path: str, query: str) -> None:
    """Targets in absolute form, as sent to proxies, are accepted."""
    seen = told(ask(port, f"GET {target} HTTP/1.1"))

    assert (path, query) == (seen["path"], seen["query"])


def test_a_target_of_one_asterisk(port: Port) -> None:
    """OPTIONS may have the target `*`."""
    assert "*" == told(ask(port, "OPTIONS * HTTP/1.1"))["path"]


@pytest.mark.parametrize(
    ("expected", "sent"),
    [
        (400, b"GET / HTTP/1.1\n\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\nX: b\x00\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
        (400, b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"GET told HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"GET /told#here HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\nx"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nx"),
        (400, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nx"),
        (400, b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (501, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (417, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: a miracle\r\n\r\nx"),
        (501, b"FOO / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (501, b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"),
        (505, b"GET /\r\n\r\n"),
        (505, b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (400, b"GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        (501, b"\x16\x03\x01\x02\x00\x01\x00"),
        (414, b"GET /" + b"x" * 2_048 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20 + b"\r\n"),
        (431, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 8_192 + b"\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 8_192),
        (431, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"y" * 100_000),
    ],
)
def test_refused_heads(port: Port, expected: int, sent: bytes) -> None:
    """A malformed or oversized head gets one plain response, and the connection is closed."""
    answer = raw(port, sent)

    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert expected == status(answer)
    assert b"Connection: close" in lines
    assert b"Content-Length: %d" % len(body) in lines
    assert 1 == answer.count(b"HTTP/1.1 ")


def test_many_large_parts_of_a_head_are_refused_at_the_limit(port: Port) -> None:
    """An oversized head is refused before its end, however it is split."""
    with Connection(port) as connection:
        connection.send_bytes(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        for _ in range(9):
            connection.send_bytes(b"y" * 1_000)

        assert 431 == status(connection.rest())


def test_as_many_fields_as_may_be(port: Port) -> None:
    """A head of exactly the maximum size is accepted."""
    answer = ask(port, "GET /told HTTP/1.1", *["X: y"] * 19)

    assert 20 == len(told(answer)["headers"])


def test_connections_are_kept(port: Port) -> None:
    """HTTP/1.1 keeps the connection unless client or application closes it."""
    with Connection(port) as connection:
        for number in range(3):
            connection.send(f"GET /told/{number} HTTP/1.1", "Host: a")
            answer = connection.answer()
            assert (f"/told/{number}", None) == (told(answer)["path"], answer.header("Connection"))

        connection.send("GET /told HTTP/1.1", "Host: a", "Connection: close")
        assert "close" == connection.answer().header("Connection")
        assert b"" == connection.rest()


@pytest.mark.parametrize("wish", [[], ["Connection: close"]])
def test_http_1_0_closes(port: Port, wish: list[str]) -> None:
    """HTTP/1.0 closes the connection after the answer."""
    with Connection(port) as connection:
        connection.send("GET /told HTTP/1.0", *wish)

        assert "1.0" == told(connection.answer())["version"]
        assert b"" == connection.rest()


def test_http_1_0_may_keep(port: Port) -> None:
    """HTTP/1.0 keeps the connection on request, and the response confirms it."""
    with Connection(port) as connection:
        for _ in range(2):
            connection.send("GET /told HTTP/1.0", "Connection: keep-alive")
            assert "keep-alive" == connection.answer().header("Connection")


def test_many_requests_at_once_are_answered_in_order(port: Port) -> None:
    """Pipelined requests are answered in order."""
    with Connection(port) as connection:
        connection.send_bytes(b"".join(b"GET /told/%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(500)))

        assert [f"/told/{number}" for number in range(500)] == [told(connection.answer())["path"] for _ in range(500)]


def test_bodies_between_requests(port: Port) -> None:
    """The next request starts where a body ends, with and without chunks, however the bytes arrive."""
    plain = b"POST /told HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
    chunked = b"POST /told HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\ntwo\r\n0\r\nT: r\r\n\r\n"
    with Connection(port) as connection:
        connection.send_bytes((plain + chunked) * 3)
        for byte in plain + chunked:
            connection.send_bytes(bytes([byte]))

        seen = [told(connection.answer()) for _ in range(8)]

    assert ["one", "two"] * 4 == [each["body"] for each in seen]
    assert not any(name == "t" for each in seen for name, _ in each["headers"])


def test_a_request_after_one_that_closes_is_not_answered(port: Port) -> None:
    """Nothing is read after a request with `Connection: close`."""
    sent = b"GET /told HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /told HTTP/1.1\r\nHost: a\r\n\r\n"

    assert 1 == raw(port, sent).count(b"HTTP/1.1 200 OK")


def test_a_malformed_request_is_refused_after_the_answers_before_it(port: Port) -> None:
    """Responses keep their order, including errors."""
    answer = raw(port, b"GET /told HTTP/1.1\r\nHost: a\r\n\r\n" * 2 + b"nonsense\r\n\r\n")

    assert [b"200", b"200", b"501"] == [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
@pytest.mark.parametrize("body", [b"", b"body"])
def test_other_protocols_are_not_spoken(port: Port, upgrade: str, body: bytes) -> None:
    """A protocol upgrade is ignored, as HTTP allows, and the connection is kept."""
    with Connection(port) as connection:
        for _ in range(2):
            length = [f"Content-Length: {len(body)}"] if body else []
            wish = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {upgrade}", "HTTP2-Settings: AAMAAABk")
            connection.send("POST /told HTTP/1.1", "Host: a", *wish, *length, body=body)

            assert body.decode() == told(connection.answer())["body"]


def test_a_body_is_asked_for_once_the_application_reads_it(port: Port) -> None:
    """`100 Continue` is sent once, when the application reads."""
    with Connection(port) as connection:
        connection.send("POST /told HTTP/1.1", "Host: a", "Content-Length: 4", "Expect: 100-continue")
        assert "HTTP/1.1 100 Continue" == connection.answer().status_line
        connection.send_bytes(b"body")

        assert "body" == told(connection.answer())["body"]


def test_a_body_that_is_not_wanted_is_not_asked_for(port: Port) -> None:
    """If the application answers without reading, `100 Continue` is not sent and the connection is closed."""
    with Connection(port) as connection:
        connection.send("POST /unread HTTP/1.1", "Host: a", "Content-Length: 4", "Expect: 100-continue")

        assert (413, "close") == ((answer := connection.answer()).status, answer.header("Connection"))
        assert b"" == connection.rest()


def test_http_1_0_is_not_asked_to_continue(port: Port) -> None:
    """`100 Continue` is not sent to HTTP/1.0 clients."""
    with Connection(port) as connection:
        connection.send("POST /told HTTP/1.0", "Content-Length: 4", "Expect: 100-continue", body=b"body")

        assert "body" == told(connection.answer())["body"]


def test_an_early_answer_reaches_a_client_that_still_sends(port: Port) -> None:
    """A refusal reaches the client although it is still sending the body, and the connection is closed."""
    with Connection(port) as connection:
        connection.send("POST /unread HTTP/1.1", "Host: a", "Content-Length: 5000000", body=bytes(3_000_000))

        answer = connection.answer()

        assert (413, "close", b"too much") == (answer.status, answer.header("Connection"), answer.body)


def test_a_little_of_an_unread_body_is_read_away(port: Port) -> None:
    """The connection is kept after a small body that the application does not read."""
    with Connection(port) as connection:
        for _ in range(3):
            connection.send("POST /unread HTTP/1.1", "Host: a", "Content-Length: 6")
            answer = connection.answer()
            connection.send_bytes(b"unread")
            assert (413, None) == (answer.status, answer.header("Connection"))


def test_malformed_chunks(port: Port) -> None:
    """Malformed chunks are 400, and the connection is closed."""
    answer = raw(port, b"POST /told HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n")

    assert 400 == status(answer)
    assert b"are malformed" in answer


@pytest.mark.parametrize("waste", [b"1;" + b"x" * 300 + b"\r\ny\r\n", b"1;x\r\ny\r\n"])
def test_chunks_that_are_mostly_waste(port: Port, waste: bytes) -> None:
    """A body of chunk extensions and single bytes is 400 long before its end."""
    head = b"POST /told HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert 400 == status(raw(port, head + waste * 50_000))


def test_trailers_are_limited(port: Port) -> None:
    """A trailer may have as many fields as a head."""
    trailer = b"X: y\r\n" * 30
    head = b"POST /told HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert 400 == status(raw(port, head + b"0\r\n" + trailer + b"\r\n"))


@pytest.mark.parametrize("trailer", [b"X: y\r\n" * 10_000, b"X: " + b"y" * 60_000], ids=["many fields", "a long one"])
@pytest.mark.parametrize("body", [b"", b"30d40\r\n" + bytes(200_000) + b"\r\n"], ids=["alone", "after a large body"])
def test_trailers_are_refused_before_they_end(port: Port, body: bytes, trailer: bytes) -> None:
    """The size of a trailer is limited regardless of the body, and an oversized one is refused as it arrives."""
    head = b"POST /told HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert 400 == status(raw(port, head + body + b"0\r\n" + trailer))


def test_head_has_no_body(port: Port) -> None:
    """The response to HEAD has the length but no body."""
    with Connection(port) as connection:
        connection.send("HEAD /closes HTTP/1.1", "Host: a")

        assert b"Content-Length: 1" not in (rest := connection.rest())
        assert rest.endswith(b"\r\n\r\n")


def test_no_content_has_no_body(port: Port) -> None:
    """204 has neither a body nor a length, and the next response follows."""
    with Connection(port) as connection:
        for _ in range(2):
            connection.send("GET /empty HTTP/1.1", "Host: a")
            answer = connection.answer()
            assert (204, None, None) == (
                answer.status,
                answer.header("Content-Length"),
                answer.header("Transfer-Encoding"),
            )


def test_fields_of_an_answer(port: Port) -> None:
    """Names keep their casing, repeated fields stay separate, and the server sets framing and date."""
    answer = ask(port, "GET /fields HTTP/1.1")

    names = [field.partition(":")[0] for field in answer.fields]
    assert ["X-Mixed-Case", "Set-Cookie", "Set-Cookie", "Content-Length", "Date"] == names
    assert (answer.header("Date") or "").endswith(" GMT")


def test_line_breaks_in_answers_are_stopped(port: Port) -> None:
    """A field with a line break is an application error, not a second field."""
    answer = ask(port, "GET /split HTTP/1.1")

    assert (500, None) == (answer.status, answer.header("X-Injected"))


@pytest.mark.parametrize("path", ["fails", "silent"])
def test_an_application_that_does_not_answer(port: Port, path: str) -> None:
    """An application error is 500 without internals."""
    answer = ask(port, f"GET /{path} HTTP/1.1")

    assert 500 == answer.status
    assert b"secret" not in answer.body


@pytest.mark.parametrize("path", ["breaks", "short"])
def test_an_answer_that_is_not_complete(port: Port, path: str) -> None:
    """An incomplete response aborts the connection, so that it cannot pass for a complete one."""
    answer = raw(port, f"GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())

    assert not answer.endswith(b"0\r\n\r\n")
    assert 1 >= answer.count(b"HTTP/1.1")


def test_a_client_that_sends_no_more_is_answered(port: Port) -> None:
    """A client may close its sending side after the request and read the response."""
    with Connection(port) as connection:
        connection.send("GET /told HTTP/1.1", "Host: a")
        connection.half_close()

        assert connection.rest().startswith(b"HTTP/1.1 200 OK")
