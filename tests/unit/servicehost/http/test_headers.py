"""Tests of header fields, cookies and request ids."""

import pytest

from servicehost.http.headers import Headers, cookies_of, sane_request_id


def test_values_by_name() -> None:
    """Values are found by lower-cased name."""
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
    """A field that is sent several times is one value; cookies have a separator of their own."""
    headers = Headers([(b"accept", b"a/b"), (b"accept", b"c/d"), (b"cookie", b"x=1"), (b"cookie", b"y=2")])

    assert headers["accept"] == "a/b, c/d"
    assert headers["cookie"] == "x=1; y=2"


@pytest.mark.parametrize(
    ("fields", "expected"), [([(b"ab", b"cde")], 9), ([(b"ab", b"cde"), (b"ab", b"")], 15), ([], 0)]
)
def test_size(fields: list[tuple[bytes, bytes]], expected: int) -> None:
    """The size is that of the fields as they were sent, repeated ones included."""
    assert expected == Headers(fields).size


def test_cookies_survive_junk() -> None:
    """The pairs that a published client makes of dates do not spoil the real cookies."""
    header = b"ss-id=abc; ss-opt=temp; 28 Nov 2026 17:00:00 GMT=null; ss-tok=stale; ss-reftok=good; ="

    cookies = cookies_of(Headers([(b"cookie", header)]))

    assert [cookies[name] for name in ("ss-id", "ss-opt", "ss-tok", "ss-reftok")] == ["abc", "temp", "stale", "good"]


def test_no_cookies() -> None:
    """Without the field there are none."""
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
    """A client's id is taken over when it can be repeated in a log and a header."""
    assert expected == sane_request_id(Headers([(b"x-request-id", given)]))
