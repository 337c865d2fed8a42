"""A link never changes anything, and no page of another site does either."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.contract.errors import ForeignOrigin, MethodNotAllowed
from servicehost.security.authentication import Scheme
from servicehost.security.origin import check_state_change, origin_of

OURS = "https://api.example.com"
FRIEND = "https://app.example.org"
STRANGER = "https://evil.example.net"
READING = ("GET", "HEAD")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
FORGEABLE: tuple[Scheme, ...] = ("cookie", "basic")
PROVEN: tuple[Scheme, ...] = ("bearer", "api_key")


def check(method: str, scheme: Scheme, headers: dict[str, str] | None = None, *, changes: bool = True) -> None:
    """Check a call to an installation that has one friendly origin."""
    check_state_change(method, scheme, headers or {}, {FRIEND}, OURS, changes)


@pytest.mark.parametrize(("method", "scheme"), list(itertools.product(READING, ("none", *FORGEABLE))))
def test_reading_methods_change_nothing(method: str, scheme: Scheme) -> None:
    """GET and HEAD are refused where something would change, and the answer says what to use."""
    with pytest.raises(MethodNotAllowed) as refusal:
        check(method, scheme)
    assert {"Allow": "POST"} == refusal.value.headers


@pytest.mark.parametrize(("method", "scheme"), list(itertools.product((*READING, *WRITING), PROVEN)))
def test_a_call_with_a_token_passes(method: str, scheme: Scheme) -> None:
    """Nothing attaches a bearer token or an API key by itself, so neither method nor origin matters."""
    check(method, scheme, {"sec-fetch-site": "cross-site", "origin": STRANGER})


@pytest.mark.parametrize("scheme", ["none", *FORGEABLE])
def test_an_operation_that_changes_nothing_is_open(scheme: Scheme) -> None:
    """Reading is never refused by origin or method."""
    check("GET", scheme, {"sec-fetch-site": "cross-site", "origin": STRANGER}, changes=False)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": OURS},
        {"origin": STRANGER},
        {"origin": "null"},
        {"origin": "http://api.example.com"},
        {"origin": "https://api.example.com:8443"},
    ],
)
@pytest.mark.parametrize(("method", "scheme"), list(itertools.product(WRITING, FORGEABLE)))
def test_a_foreign_page_is_refused(method: str, scheme: Scheme, headers: dict[str, str]) -> None:
    """What a browser attaches by itself does not count on pages of other sites."""
    with pytest.raises(ForeignOrigin):
        check(method, scheme, headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://localhost:8000"},
        {"origin": OURS},
        {"origin": FRIEND},
        {"sec-fetch-site": "cross-site", "origin": FRIEND},
    ],
)
@pytest.mark.parametrize(("method", "scheme"), list(itertools.product(WRITING, FORGEABLE)))
def test_own_and_allowed_pages_and_programs_pass(method: str, scheme: Scheme, headers: dict[str, str]) -> None:
    """Our own pages, those of allowed origins, and clients that are no browsers may change things."""
    check(method, scheme, headers)


@pytest.mark.parametrize("method", WRITING)
def test_an_anonymous_call_passes(method: str) -> None:
    """Where nobody is signed in there is nobody to act in the name of."""
    check(method, "none", {"sec-fetch-site": "cross-site", "origin": STRANGER})


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
    """Scheme and host in lower case, the port unless it is the usual one."""
    assert origin == origin_of(url)


@given(st.sampled_from(["http", "https"]), st.from_regex(r"[a-z]{1,9}\.example", fullmatch=True), st.integers(1, 65535))
def test_an_origin_is_its_own_origin(scheme: str, host: str, port: int) -> None:
    """`origin_of` changes nothing the second time."""
    once = origin_of(f"{scheme}://{host}:{port}")
    assert once == origin_of(once)
