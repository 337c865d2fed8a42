"""Tests of compressed requests and responses."""

import gzip
import json
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import brotli  # type: ignore[import-untyped] # it says nothing of its types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.asgi import Answered, send
from tests.support.demo import BASIC, BEARER, COOKIE, demo_host

from servicehost.contract.errors import MalformedBody, PayloadTooLarge, UnsupportedMediaType
from servicehost.http.compression import LEAST, chosen_coding, deflate, inflate
from servicehost.http.settings import HostSettings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HOST = demo_host()
LONG = "x" * 2000
CODINGS: Final = ("gzip", "br", "zstd")


def raw_deflate(body: bytes) -> bytes:
    """Deflate without a header, in the form of .NET's DeflateStream."""
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


COMPRESS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.compress,
    "X-GZip": gzip.compress,
    "deflate": zlib.compress,
    " Deflate ": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("coding", COMPRESS)
async def test_requests(coding: str) -> None:
    """Requests may be compressed with any supported coding."""
    body = COMPRESS[coding](b'{"Name":"Sun"}')
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}

    assert "Hello, Sun" == (await send(HOST, "POST", "/api/greetings", headers=headers, body=body)).json["Result"]


async def test_compressed_form() -> None:
    """Forms may be compressed, although they are inspected before binding."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    answered = await send(HOST, "POST", "/api/greetings", headers=headers, body=gzip.compress(b"Name=Sun"))

    assert "Hello, Sun" == answered.json["Result"]


@pytest.mark.parametrize("coding", COMPRESS)
@given(body=st.binary(max_size=300))
def test_what_was_deflated_is_inflated(coding: str, body: bytes) -> None:
    """Any body survives compression and decompression."""
    assert body == inflate(COMPRESS[coding](body), coding, len(body))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@given(body=st.binary(max_size=60))
def test_other_bytes_are_refused(coding: str, body: bytes) -> None:
    """Any bytes are either decompressed or refused with a known error."""
    with suppress(MalformedBody, PayloadTooLarge):
        assert len(inflate(body, coding, 1000)) <= 1000


@pytest.mark.parametrize("coding", COMPRESS)
@pytest.mark.parametrize("spoil", [lambda body: body[:-1], lambda body: body + b"x", lambda body: body + body])
def test_too_little_and_too_much(coding: str, spoil: Callable[[bytes], bytes]) -> None:
    """Truncated bodies and trailing data are refused."""
    with pytest.raises(MalformedBody):
        inflate(spoil(COMPRESS[coding](b"a body")), coding, 1000)


@pytest.mark.parametrize("coding", COMPRESS)
def test_bombs(coding: str) -> None:
    """A body that decompresses to more than the limit is refused, at a cost in proportion to the limit."""
    bomb, limit = COMPRESS[coding](bytes(30_000_000)), 100_000
    tracemalloc.start()
    try:
        with pytest.raises(PayloadTooLarge):
            inflate(bomb, coding, limit)
        assert tracemalloc.get_traced_memory()[1] < 10 * limit
    finally:
        tracemalloc.stop()


async def test_bomb_over_http() -> None:
    """A body that decompresses to more than the limit is 413, like an uncompressed one."""
    host = demo_host(HostSettings(access_log=False, body_limit=1000))
    headers = {"Content-Encoding": "gzip"}
    answered = await send(host, "POST", "/api/Hello", headers=headers, body=gzip.compress(bytes(10_000)))

    assert 413 == answered.status


def test_huge_windows() -> None:
    """A body that requires a larger window than HTTP allows is refused."""
    engine = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})

    with pytest.raises(MalformedBody):
        inflate(engine.compress(b"a" * 100) + engine.flush(), "zstd", 1000)


@pytest.mark.parametrize("coding", ["compress", "gzip, gzip", "snappy"])
def test_other_codings(coding: str) -> None:
    """An unknown coding, or several codings, are 415 with the list of supported ones."""
    with pytest.raises(UnsupportedMediaType) as refused:
        inflate(b"body", coding, 1000)

    assert {"Accept-Encoding": "gzip, deflate, br, zstd"} == refused.value.headers


@pytest.mark.parametrize("coding", ["", "identity"])
def test_plain(coding: str) -> None:
    """The coding `identity` is accepted."""
    assert b"body" == inflate(b"body", coding, 1000)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip,deflate", "gzip"),
        ("GZIP;q=1.0, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *;q=0.1", "br"),
        ("identity", None),
        ("deflate", None),
        ("gzip;q=0", None),
        ("", None),
    ],
)
def test_choice(accept: str, expected: str | None) -> None:
    """The coding is the client's preference, or the fastest of equal ones."""
    assert expected == chosen_coding(accept)


async def greet(headers: Mapping[str, str], name: str = LONG) -> Answered:
    """Ask for a greeting."""
    return await send(HOST, "GET", f"/api/greetings/{name}", headers=headers)


@pytest.mark.parametrize("coding", CODINGS)
async def test_answers(coding: str) -> None:
    """A large response is compressed, with its new length and `Vary`."""
    answered = await greet({"Accept-Encoding": coding})

    assert coding == answered.header("Content-Encoding")
    assert ["Accept", "Accept-Encoding"] == answered.headers("Vary")
    assert str(len(answered.body)) == answered.header("Content-Length")
    assert f"Hello, {LONG}" == json.loads(inflate(answered.body, coding, 10_000))["Result"]


async def test_small_answers_are_plain() -> None:
    """A response that fits in one packet is not compressed."""
    answered = await greet({"Accept-Encoding": "gzip"}, "Sun")

    assert answered.header("Content-Encoding") is None
    assert ["Accept"] == answered.headers("Vary")


async def test_clients_that_do_not_ask() -> None:
    """A client that does not accept a coding gets an uncompressed response, with `Vary`."""
    answered = await greet({})

    assert answered.header("Content-Encoding") is None
    assert ["Accept", "Accept-Encoding"] == answered.headers("Vary")


async def test_head() -> None:
    """HEAD has the same Content-Length as GET."""
    lengths = {
        (await send(HOST, method, f"/api/greetings/{LONG}", headers={"Accept-Encoding": "br"})).header("Content-Length")
        for method in ("GET", "HEAD")
    }

    assert 1 == len(lengths)


@pytest.mark.parametrize("target", ["/api/metadata", "/api/types/typescript", f"/api/greetings/{LONG}.html"])
async def test_pages_and_sources(target: str) -> None:
    """Documentation pages, generated sources and HTML responses are compressed."""
    assert "gzip" == (await send(HOST, "GET", target, headers={"Accept-Encoding": "gzip"})).header("Content-Encoding")


@pytest.mark.parametrize("credentials", [COOKIE, BASIC])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_cross_site_responses_are_not_compressed(credentials: dict[str, str], site: str) -> None:
    """A cross-site request with automatically attached credentials gets an uncompressed response."""
    headers = credentials | {"Accept-Encoding": "gzip", "Sec-Fetch-Site": site}

    assert (await greet(headers)).header("Content-Encoding") is None


@pytest.mark.parametrize(
    "headers", [COOKIE | {"Sec-Fetch-Site": "same-origin"}, BEARER | {"Sec-Fetch-Site": "cross-site"}]
)
async def test_others_may_be_compressed(headers: dict[str, str]) -> None:
    """Requests from own pages and requests with a bearer token get compressed responses."""
    assert "gzip" == (await greet(headers | {"Accept-Encoding": "gzip"})).header("Content-Encoding")


async def test_answers_that_set_cookies() -> None:
    """A response that contains a secret is not compressed."""
    body = json.dumps({"UserName": LONG}).encode()
    answered = await send(HOST, "POST", "/api/SignIn", headers={"Accept-Encoding": "gzip"}, body=body)

    assert len(answered.body) > LEAST
    assert answered.header("Content-Encoding") is None


async def test_large_bodies_are_compressed_too() -> None:
    """A very large response is compressed on a thread with the same result."""
    body = b"0123456789" * 50_000

    assert body == inflate(await deflate(body, "gzip"), "gzip", len(body))
