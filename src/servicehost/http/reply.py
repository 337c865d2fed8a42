"""HTTP replies: status, header fields and body.

Names are in title case, because some published clients look for exactly `Content-Type` and `Set-Cookie`; servers that
require lower case convert them.
"""

import functools
from collections.abc import Iterable, Mapping
from typing import Final

from servicehost.contract.call import Cookie
from servicehost.pages import STYLE_SOURCE

Field = tuple[bytes, bytes]
"""One header field."""

VARY: Final[Field] = (b"Vary", b"Accept")
NOSNIFF: Final[Field] = (b"X-Content-Type-Options", b"nosniff")
HTML: Final[Field] = (b"Content-Type", b"text/html; charset=utf-8")

_REFERRER: Final = {"Referrer-Policy": "same-origin"}
"""Hides page addresses, which may contain a token, from other sites. `no-referrer` would make browsers omit the Origin
of the page's forms, which would then be refused as foreign."""


def page_policy(*scripts: str) -> Mapping[str, str]:
    """The Content-Security-Policy of a page: no external content, no framing, and only scripts from these sources.

    Do not pass `'self'`: an attacker who can inject markup could then load a JSONP script of this host.
    """
    allowed = f"script-src {' '.join(scripts)}; " if scripts else ""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'self' {STYLE_SOURCE}; {allowed}img-src 'self' data:; "
            "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    }


PAGE_POLICY: Final[Mapping[str, str]] = {**page_policy(), **_REFERRER}
"""Default header fields of pages."""


class UnsafeHeader(ValueError):
    """A header value contains a line break, which would start another header field."""


class Reply:
    """A reply that is ready to be sent, except for its length and the request id."""

    __slots__ = ("body", "fields", "status")

    def __init__(self, status: int, fields: list[Field], body: bytes = b"") -> None:
        self.status = status
        self.fields = fields
        self.body = body


@functools.lru_cache(maxsize=64)
def content_type(value: str) -> Field:
    """A Content-Type field."""
    return field("Content-Type", value)


def field(name: str, value: str) -> Field:
    """One header field.

    Raises:
        UnsafeHeader: the value contains a line break.
    """
    if "\r" in value or "\n" in value:
        raise UnsafeHeader(f"{name} has a line break in its value")
    return name.encode("latin-1"), value.encode("latin-1", "replace")


def fields_of(headers: Mapping[str, str]) -> list[Field]:
    """The header fields in a mapping from a handler or an error."""
    return [field(name, value) for name, value in headers.items()]


def page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An HTML page with the policy of pages; `headers` override it."""
    return Reply(status, [HTML, NOSNIFF, *fields_of({**PAGE_POLICY, **(headers or {})})], html.encode())


def completed(count: int) -> Field:
    """The header field with the number of executed requests of a batch."""
    return b"X-AutoBatch-Completed", b"%d" % count


def cookie_fields(cookies: Iterable[Cookie], *, secure: bool) -> list[Field]:
    """The Set-Cookie fields; of two cookies with one name, the later one is sent."""
    latest = {cookie.name: cookie for cookie in cookies}
    return [field("Set-Cookie", _cookie(cookie, secure=secure)) for cookie in latest.values()]


def _cookie(cookie: Cookie, *, secure: bool) -> str:
    parts = [f"{cookie.name}={cookie.value}", "Path=/"]
    if cookie.max_age is not None:
        parts.append(f"Max-Age={cookie.max_age}")
    if cookie.http_only:
        parts.append("HttpOnly")
    parts.append("SameSite=Lax")
    if secure:
        parts.append("Secure")
    return "; ".join(parts)


__all__ = [
    "HTML",
    "NOSNIFF",
    "PAGE_POLICY",
    "VARY",
    "Field",
    "Reply",
    "UnsafeHeader",
    "completed",
    "content_type",
    "cookie_fields",
    "field",
    "fields_of",
    "page",
    "page_policy",
]
