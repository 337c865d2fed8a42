"""Tests of HTTP/2: accepted requests, and limits against abuse."""

import contextlib
import json
import subprocess
from collections.abc import Iterator

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.settings import SettingCodes
from hpack import Encoder
from hyperframe.frame import (
    ContinuationFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
)
from tests.support.raw_http import Connection, Port, ask, own_server
from tests.support.talkative import Talkative

from servicehost.server import ServerLimits

pytestmark = pytest.mark.no_database

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEAD = [(":method", "GET"), (":scheme", "http"), (":authority", "example.com"), (":path", "/told")]


@pytest.fixture(scope="module")
def port() -> Iterator[Port]:
    """A server with HTTP/2 enabled."""
    with own_server(Talkative(), ServerLimits(http2=True, head_bytes=16_384, fields=50, body_grace=0.2)) as port:
        yield port


def curl(port: Port, path: str, *arguments: str) -> str:
    """The output of curl for a request over HTTP/2 without TLS."""
    url = f"http://127.0.0.1:{port}{path}"
    command = ["curl", "--silent", "--http2-prior-knowledge", "--max-time", "20", *arguments, url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def frames(port: Port, *sent: Frame) -> list[Frame]:
    """The server's response to raw frames, until it closes the connection."""
    with Connection(port) as connection:
        connection.send_bytes(PREFACE + SettingsFrame(0).serialize())
        with contextlib.suppress(OSError):  # once the server has heard enough
            for frame in sent:
                connection.send_bytes(frame.serialize())
        return read(connection.rest())


def read(answer: bytes) -> list[Frame]:
    """The frames of a response."""
    found = []
    while answer:
        frame, length = Frame.parse_frame_header(memoryview(answer[:9]))
        frame.parse_body(memoryview(answer[9 : 9 + length]))
        found.append(frame)
        answer = answer[9 + length :]
    return found


def ended_for(answer: list[Frame]) -> list[int]:
    """The codes with which the server ended the connection."""
    return [frame.error_code for frame in answer if isinstance(frame, GoAwayFrame)]


def headers_of(block: bytes, stream: int) -> list[Frame]:
    """The frames of a header block."""
    parts = [block[start : start + 16_000] for start in range(0, len(block), 16_000)]
    first = HeadersFrame(stream, parts[0])
    first.flags.add("END_STREAM")
    rest: list[Frame] = [ContinuationFrame(stream, part) for part in parts[1:]]
    (rest or [first])[-1].flags.add("END_HEADERS")
    return [first, *rest]


def test_a_request(port: Port) -> None:
    """The application receives the same as over HTTP/1; the authority is the Host field."""
    told = json.loads(curl(port, "/told/%41?q", "--data", "x" * 100_000))

    assert ("2", "POST", "/told/A", "q", 100_000) == (
        told["version"],
        told["method"],
        told["path"],
        told["query"],
        len(told["body"]),
    )
    assert ["host", f"127.0.0.1:{port}"] == told["headers"][0]


def test_answers_of_each_kind(port: Port) -> None:
    """Responses with large bodies, without a body, and application errors are sent."""
    code = ("--write-out", " %{http_code} %{http_version} %{size_download}", "--output", "/dev/null")
    paths = ["/large", "/empty", "/fails", "/silent", "/unread"]

    assert [" 200 2 33554432", " 204 2 0", " 500 2 53", " 500 2 51", " 413 2 8"] == [
        curl(port, path, *code) for path in paths
    ]


def test_http_1_beside_it(port: Port) -> None:
    """A connection without the preface is HTTP/1."""
    assert 200 == ask(port, "GET /told HTTP/1.1").status


def test_a_preface_in_pieces(port: Port) -> None:
    """The preface may arrive byte by byte, as may a request that starts like it."""
    with Connection(port) as connection:
        for byte in PREFACE + SettingsFrame(0).serialize():
            connection.send_bytes(bytes([byte]))
        assert b"\x00\x00" == connection.until(b"\x04")[:2]
    with Connection(port) as connection:
        for byte in b"PROPFIND /told HTTP/1.1\r\nHost: a\r\n\r\n":
            connection.send_bytes(bytes([byte]))
        assert 200 == connection.answer().status


def test_a_header_bomb_ends_its_connection(port: Port) -> None:
    """Compressed header fields beyond the limit are not unpacked, and other clients are answered meanwhile."""
    encoder = Encoder()
    block = encoder.encode([*HEAD, ("x", "y" * 3_900)]) + encoder.encode([("x", "y" * 3_900)]) * 3_899

    assert [ErrorCodes.ENHANCE_YOUR_CALM] == ended_for(frames(port, *headers_of(block, 1)))
    assert 200 == ask(port, "GET /told HTTP/1.1").status


def test_too_many_fields(port: Port) -> None:
    """The number of header fields is limited as in HTTP/1."""
    fields = [argument for number in range(51) for argument in ("--header", f"X-{number}: y")]

    assert "431" == curl(port, "/told", *fields, "--write-out", "%{http_code}", "--output", "/dev/null")


def test_rapid_resets_end_the_connection(port: Port) -> None:
    """Rapid cancellation of requests ends the connection."""
    encoder = Encoder()
    flood: list[Frame] = []
    for number in range(1, 4_001, 2):
        flood += [*headers_of(encoder.encode(HEAD), number), RstStreamFrame(number, 8)]

    assert [ErrorCodes.ENHANCE_YOUR_CALM] == ended_for(frames(port, *flood))


@pytest.mark.parametrize("frame", [PingFrame(0, b"12345678"), SettingsFrame(0)])
def test_floods_of_frames_end_the_connection(port: Port, frame: Frame) -> None:
    """A flood of frames without use ends the connection."""
    assert [ErrorCodes.ENHANCE_YOUR_CALM] == ended_for(frames(port, *[frame] * 20_000))


def test_endless_continuations_end_the_connection(port: Port) -> None:
    """A head that never ends is refused."""
    parts: list[Frame] = [HeadersFrame(1, b""), *[ContinuationFrame(1, b"")] * 200]

    assert ended_for(frames(port, *parts))


def test_a_slow_body_is_answered(port: Port) -> None:
    """A body that does not arrive is 408."""
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    client.send_headers(1, [(":method", "POST"), *HEAD[1:]])
    events: list[Event] = []
    with Connection(port) as connection:
        connection.send_bytes(client.data_to_send())
        while not any(isinstance(event, StreamEnded | StreamReset) for event in events):
            events += client.receive_data(connection.some())

    (answer,) = [event for event in events if isinstance(event, ResponseReceived)]
    assert b"408" == dict(answer.headers or ())[b":status"]
    assert any(isinstance(event, DataReceived) for event in events)


@pytest.mark.parametrize("limits", [ServerLimits(http2=True, head_time=0.2), ServerLimits(http2=True, idle_time=0.2)])
def test_an_idle_connection_is_closed(limits: ServerLimits) -> None:
    """A connection without requests ends after the time for the head, or between requests after the idle time."""
    with own_server(Talkative(), limits) as port, Connection(port) as connection:
        client = H2Connection(H2Configuration(client_side=True))
        client.initiate_connection()
        if limits.idle_time < 1:
            client.send_headers(1, HEAD, end_stream=True)
        connection.send_bytes(client.data_to_send())

        assert [ErrorCodes.NO_ERROR] == ended_for(read(connection.rest()))


def test_an_answer_without_room_is_broken_off() -> None:
    """A response is aborted if the client does not open its window within the write time."""
    with own_server(Talkative(), ServerLimits(http2=True, write_time=0.2)) as port, Connection(port) as connection:
        client = H2Connection(H2Configuration(client_side=True))
        client.initiate_connection()
        client.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 0})
        client.send_headers(1, HEAD, end_stream=True)
        connection.send_bytes(client.data_to_send())
        events: list[Event] = []
        while not any(isinstance(event, StreamReset) for event in events):
            events += client.receive_data(connection.some())

    (reset,) = [event for event in events if isinstance(event, StreamReset)]
    assert ErrorCodes.CANCEL == reset.error_code
