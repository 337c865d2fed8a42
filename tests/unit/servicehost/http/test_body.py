"""Tests of reading bodies."""

from collections.abc import MutableMapping
from typing import Any

import pytest

from servicehost.contract.errors import PayloadTooLarge
from servicehost.http.body import ClientGone, may_have_body, read_body
from servicehost.http.headers import Headers

LENGTH = Headers([(b"content-length", b"3")])
NO_LENGTH = Headers([])


class Arriving:
    """The parts of a body, and the number of parts that were read."""

    def __init__(self, *parts: bytes, whole: bool = True) -> None:
        self.parts = list(parts)
        self.whole = whole
        self.asked = 0

    async def __call__(self) -> MutableMapping[str, Any]:
        """The next part."""
        self.asked += 1
        if not self.parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": self.parts.pop(0), "more_body": bool(self.parts) or not self.whole}


@pytest.mark.parametrize("parts", [(b"abc",), (b"a", b"bc"), (b"", b"abc", b"")])
async def test_whole_body(parts: tuple[bytes, ...]) -> None:
    """A body is read completely, in any number of parts."""
    assert await read_body(Arriving(*parts), NO_LENGTH, 3) == b"abc"


async def test_announced_size_over_the_limit() -> None:
    """A body with a Content-Length over the limit is refused without reading it."""
    arriving = Arriving(b"abc")
    with pytest.raises(PayloadTooLarge):
        await read_body(arriving, LENGTH, 2)

    assert arriving.asked == 0


async def test_growing_over_the_limit() -> None:
    """A body without a Content-Length is refused as soon as it exceeds the limit."""
    arriving = Arriving(b"ab", b"cd", b"ef", b"gh")
    with pytest.raises(PayloadTooLarge):
        await read_body(arriving, NO_LENGTH, 3)

    assert arriving.asked == 2


async def test_one_part_over_the_limit() -> None:
    """A body in one part is measured too, regardless of its Content-Length."""
    with pytest.raises(PayloadTooLarge):
        await read_body(Arriving(b"abcd"), LENGTH, 3)


@pytest.mark.parametrize("parts", [(), (b"a",)])
async def test_client_that_goes_away(parts: tuple[bytes, ...]) -> None:
    """An incomplete body is not accepted as complete."""
    with pytest.raises(ClientGone):
        await read_body(Arriving(*parts, whole=False), NO_LENGTH, 3)


@pytest.mark.parametrize(
    ("method", "fields", "expected"),
    [
        ("GET", [], False),
        ("DELETE", [], False),
        ("POST", [], True),
        ("POST", [(b"content-length", b"0")], False),
        ("GET", [(b"content-length", b"2")], True),
        ("DELETE", [(b"transfer-encoding", b"chunked")], True),
    ],
)
def test_may_have_body(method: str, fields: list[tuple[bytes, bytes]], expected: bool) -> None:
    """A body is read only if the request may have one."""
    assert expected == may_have_body(method, Headers(fields))
