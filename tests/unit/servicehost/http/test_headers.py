"""Tests of header fields, cookies and request ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import cookie_parser

from servicehost.http.headers import Headers, cookies_of, sane_request_id


def test_values_by_name() -> None:
    """Values are found by lower-case name."""
    headers = Headers([(b"accept", b"a/b"), (b"host", b"example.com")])

    assert headers["accept"] == "a/b"
    assert headers.get("host") == "example.com"
    assert headers.get("cookie") is None
    assert headers.get("cookie", "none") == "none"
    assert dict(headers) == {"accept": "a/b", "host": "example.com"}
    assert "host" in headers
    assert "cookie" not in headers
    assert len(headers) == 2


def test_repeated_fields_are_joined() -> None:
    """The values of a repeated field are joined; cookies have their own separator."""
    headers = Headers([(b"accept", b"a/b"), (b"accept", b"c/d"), (b"cookie", b"x=1"), (b"cookie", b"y=2")])

    assert headers["accept"] == "a/b, c/d"
    assert headers["cookie"] == "x=1; y=2"


@pytest.mark.parametrize(
    ("fields", "expected"), [([(b"ab", b"cde")], 9), ([(b"ab", b"cde"), (b"ab", b"")], 15), ([], 0)]
)
def test_size(fields: list[tuple[bytes, bytes]], expected: int) -> None:
    """The size is that of all sent fields, including repeated ones."""
    assert expected == Headers(fields).size


def test_later_fields_are_counted_and_not_kept() -> None:
    """Fields beyond the maximum number are counted but not kept, repeated or not."""
    repeated = Headers([(b"x", b"1")] * 5, most=2)
    different = Headers([(b"a", b"1"), (b"b", b"2"), (b"c", b"3")], most=2)

    assert ({b"x": b"1, 1"}, 5, 30) == (repeated.fields, repeated.count, repeated.size)
    assert ({b"a": b"1", b"b": b"2"}, 3, 18) == (different.fields, different.count, different.size)


@pytest.mark.parametrize("quoted", ["\\\\", '\\"', "\\101"])
def test_escapes_in_a_cookie_are_read_in_one_pass(quoted: str) -> None:
    """A megabyte of escapes is read in linear time; quadratic time would be many minutes."""
    times = 1_000_000 // len(quoted)
    meant = "A" if quoted.endswith("1") else quoted[1]

    assert {"a": meant * times} == cookies_of(Headers([(b"cookie", f'a="{quoted * times}"'.encode())]))


@given(st.text(st.sampled_from('ab01237\\"; =')))
def test_cookies_are_read_as_the_framework_reads_them(field: str) -> None:
    """Quotes, escapes and malformed pairs are read in the same way as by Starlette."""
    assert cookie_parser(field) == cookies_of(Headers([(b"cookie", field.encode())]))


def test_cookies_survive_junk() -> None:
    """Malformed pairs that a published client makes from dates do not affect other cookies."""
    header = b"ss-id=abc; ss-opt=temp; 28 Nov 2026 17:00:00 GMT=null; ss-tok=stale; ss-reftok=good; ="

    cookies = cookies_of(Headers([(b"cookie", header)]))

    assert [cookies[name] for name in ("ss-id", "ss-opt", "ss-tok", "ss-reftok")] == ["abc", "temp", "stale", "good"]


def test_no_cookies() -> None:
    """A request without the field has no cookies."""
    assert cookies_of(Headers([])) == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b"0193a1b2-0000-7000-8000-000000000001", "0193a1b2-0000-7000-8000-000000000001"),
        (b"short", None),
        (b"x" * 65, None),
        (b"with blank inside", None),
        (b"line\nbreak-inside", None),
        (b"0193a1b2-0000\n", None),
    ],
)
def test_request_id(given: bytes, expected: str | None) -> None:
    """A client's request id is used if it is safe in logs and header fields."""
    assert expected == sane_request_id(Headers([(b"x-request-id", given)]))
