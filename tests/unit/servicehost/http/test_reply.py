"""Tests of header fields of replies."""

import pytest

from servicehost.contract.call import Cookie
from servicehost.http.reply import UnsafeHeader, cookie_fields, field, page


@pytest.mark.parametrize(
    ("cookie", "secure", "expected"),
    [
        (Cookie("a", "1"), False, b"a=1; Path=/; HttpOnly; SameSite=Lax"),
        (Cookie("a", "1", max_age=60), True, b"a=1; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"),
        (Cookie("a", "", max_age=0, http_only=False), False, b"a=; Path=/; Max-Age=0; SameSite=Lax"),
    ],
)
def test_cookie(cookie: Cookie, secure: bool, expected: bytes) -> None:
    """Cookies apply to the whole site, are hidden from scripts by default, and use only Max-Age."""
    assert cookie_fields([cookie], secure=secure) == [(b"Set-Cookie", expected)]


def test_later_cookie_counts() -> None:
    """Of two cookies of one name the later one is set."""
    fields = cookie_fields([Cookie("a", "1"), Cookie("b", "2"), Cookie("a", "3")], secure=False)

    assert [value.split(b";")[0] for _, value in fields] == [b"a=3", b"b=2"]


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b=1", "a\nb", "a\rb"])
def test_no_header_within_a_header(value: str) -> None:
    """A value with a line break is refused."""
    with pytest.raises(UnsafeHeader):
        field("Location", value)


def test_page_policy() -> None:
    """A page has the default policy unless it sets its own."""
    fields = dict(page("<p>", headers={"Referrer-Policy": "no-referrer"}).fields)

    assert b"default-src 'none'" in fields[b"Content-Security-Policy"]
    assert fields[b"X-Content-Type-Options"] == b"nosniff"
    assert fields[b"Referrer-Policy"] == b"no-referrer"
