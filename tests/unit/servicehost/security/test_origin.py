"""Links and pages of other sites never change anything."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.contract.errors import ForeignOrigin, MethodNotAllowed
from servicehost.security.origin import StateChangeGuard, origin_of

OURS = "https://api.example.com"
FRIEND = "https://app.example.org"
STRANGER = "https://evil.example.net"
WRITING = ("POST", "PUT", "PATCH", "DELETE")
GUARD = StateChangeGuard(OURS, {FRIEND})

FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "CROSS-SITE"},
    {"sec-fetch-site": "cross-site, same-origin"},
    {"sec-fetch-site": "of-a-later-standard"},
    {"sec-fetch-site": "cross-site", "origin": OURS},
    {"sec-fetch-site": "cross-site", "origin": STRANGER, "host": "evil.example.net"},
    {"sec-fetch-site": "", "origin": STRANGER},
    {"origin": STRANGER},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://api.example.com"},
    {"origin": "http://api.example.com", "host": "api.example.com"},
    {"origin": "https://api.example.com:8443"},
    {"origin": "https://api.example.com.evil.example"},
    {"origin": f"{FRIEND}.evil.example"},
    {"origin": "http://127.0.0.1:8001", "host": "127.0.0.1:8000"},
    {"origin": "null", "host": "null"},
    {"origin": "ftp://127.0.0.1:8000", "host": "127.0.0.1:8000"},
    {"origin": "http://", "host": ""},
]
OWN = [
    {},
    {"host": "127.0.0.1:8000"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "same-origin", "origin": "http://localhost:8000"},
    {"origin": OURS},
    {"origin": OURS, "host": "127.0.0.1:8000"},
    {"origin": FRIEND},
    {"sec-fetch-site": "cross-site", "origin": FRIEND},
    {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"},
    {"origin": "https://internal.example", "host": "Internal.Example"},
    {"origin": "http://[::1]:8000", "host": "[::1]:8000"},
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", [{}, FOREIGN[0], OWN[2]])
def test_reading_methods_change_nothing(method: str, headers: dict[str, str]) -> None:
    """GET and HEAD are rejected from any origin, and the response lists the methods to use."""
    refusal = GUARD.refusal(method, headers, ("POST", "PUT"))
    assert isinstance(refusal, MethodNotAllowed)
    assert {"Allow": "POST, PUT"} == refusal.headers


@pytest.mark.parametrize(("method", "headers"), list(itertools.product(WRITING, FOREIGN)))
def test_a_foreign_page_is_refused(method: str, headers: dict[str, str]) -> None:
    """A page of another site is rejected, whichever header its browser sends."""
    assert isinstance(GUARD.refusal(method, headers), ForeignOrigin)


@pytest.mark.parametrize(("method", "headers"), list(itertools.product(WRITING, OWN)))
def test_own_and_allowed_pages_and_programs_pass(method: str, headers: dict[str, str]) -> None:
    """Pages of this site, pages of allowed origins, and clients other than browsers may change things."""
    assert GUARD.refusal(method, headers) is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://API.Example.com:443/base/", "https://api.example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:80/x", "http://[::1]"),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str) -> None:
    """Scheme and host are in lower case, the port is omitted if it is the default."""
    assert origin == origin_of(url)


@given(st.sampled_from(["http", "https"]), st.from_regex(r"[a-z]{1,9}\.example", fullmatch=True), st.integers(1, 65535))
def test_an_origin_is_its_own_origin(scheme: str, host: str, port: int) -> None:
    """`origin_of` is idempotent."""
    once = origin_of(f"{scheme}://{host}:{port}")
    assert once == origin_of(once)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_stranger_passes_as_somebody_else(origin: str, host: str) -> None:
    """Without `Sec-Fetch-Site`, only the public origin, an allowed one or that of the request's own host is accepted."""
    own = {OURS, FRIEND, f"http://{host.lower()}", f"https://{host.lower()}"}
    assert GUARD.is_foreign({"origin": origin, "host": host}) or origin in own
