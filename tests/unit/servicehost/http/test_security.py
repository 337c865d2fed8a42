"""Tests of authentication, roles and origin checks."""

import pytest
from tests.support.asgi import Answered, send
from tests.support.demo import BASIC, BEARER, COOKIE, OTHER_ID, WISH_ID, demo_host

from servicehost.http.settings import HostSettings

HOST = demo_host()
REMOVE = f"/api/wishes/{WISH_ID}/remove?ContactId={OTHER_ID}"


async def remove(method: str, headers: dict[str, str]) -> Answered:
    """Send a state-changing request."""
    return await send(HOST, method, REMOVE, headers=headers)


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer bad"}, {"Authorization": "Nonsense"}, {"Cookie": "ss-tok=bad"}]
)
async def test_not_authenticated(headers: dict[str, str]) -> None:
    """Without valid credentials the reply is 401 with a body and a challenge."""
    answered = await send(HOST, "GET", "/api/me", headers=headers)

    assert answered.status == 401
    assert answered.status_of_error["ErrorCode"] == "Unauthorized"
    assert answered.headers("WWW-Authenticate") == [
        'Basic realm="/api/auth/credentials"',
        'Bearer realm="/api/auth/credentials"',
    ]


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
async def test_browsers_are_not_offered_basic(accept: str) -> None:
    """A browser gets only the bearer challenge, for pages and data."""
    headers = {"User-Agent": "Mozilla/5.0 (X11)", "Accept": accept}
    answered = await send(HOST, "GET", "/api/me", headers=headers)

    assert 401 == answered.status
    assert ['Bearer realm="/api/auth/credentials"'] == answered.headers("WWW-Authenticate")


async def test_programs_that_ask_for_a_page_are_offered_basic() -> None:
    """A program is not treated as a browser because of its Accept header."""
    answered = await send(HOST, "GET", "/api/me", headers={"User-Agent": "Wget/1.21.3", "Accept": "text/html"})

    assert ['Basic realm="/api/auth/credentials"', 'Bearer realm="/api/auth/credentials"'] == answered.headers(
        "WWW-Authenticate"
    )


async def test_scripts_of_other_pages_get_no_challenge() -> None:
    """A JSONP response is 200 without a challenge."""
    answered = await send(HOST, "GET", "/api/me?callback=show")

    assert 200 == answered.status
    assert [] == answered.headers("WWW-Authenticate")


async def test_problem_with_credentials() -> None:
    """The 401 states the error in the credentials and deletes stale cookies."""
    answered = await send(HOST, "GET", "/api/me", headers={"Cookie": "ss-tok=bad"})

    assert answered.status_of_error["Message"] == "Token has expired"
    assert answered.headers("Set-Cookie") == ["ss-tok=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]


async def test_sign_in_is_asked_for_before_values() -> None:
    """An anonymous caller gets 401 before values are validated."""
    answered = await send(HOST, "POST", "/api/wishes/no-guid/remove")

    assert answered.status == 401


async def test_unknown_paths_before_sign_in() -> None:
    """An unknown path is 404 without a sign-in."""
    assert (await send(HOST, "GET", "/api/wishes/nothing/here")).status == 404


@pytest.mark.parametrize("headers", [BEARER, BASIC, COOKIE])
async def test_authenticated(headers: dict[str, str]) -> None:
    """The handler gets the principal for every kind of credentials."""
    assert (await send(HOST, "GET", "/api/me", headers=headers)).json == {"UserId": "member"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer bad"}, {"Cookie": "junk"}])
async def test_open_to_anybody(headers: dict[str, str]) -> None:
    """A public operation ignores invalid credentials."""
    assert (await send(HOST, "GET", "/api/greetings/Sun", headers=headers)).status == 200


@pytest.mark.parametrize(("roles", "expected"), [(frozenset({"operator"}), 200), (frozenset({"other"}), 403)])
async def test_role(roles: frozenset[str], expected: int) -> None:
    """An operation that requires a role refuses other callers and names the role."""
    answered = await send(demo_host(roles=roles), "GET", "/api/logs", headers=BEARER)

    assert expected == answered.status
    if expected == 403:
        assert "operator" in answered.status_of_error["Message"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", [{}, COOKIE, BASIC])
async def test_a_link_changes_nothing(method: str, headers: dict[str, str]) -> None:
    """State-changing GET and HEAD are refused with credentials that browsers attach automatically."""
    answered = await remove(method, headers)

    assert answered.status == 405
    assert answered.header("Allow") == "POST, PUT, PATCH, DELETE, OPTIONS"


@pytest.mark.parametrize(
    "target",
    [
        REMOVE,
        f"/api/UpdateWish?WishId={WISH_ID}&ContactId={OTHER_ID}",
        f"/api/json/reply/UpdateWish?WishId={WISH_ID}&ContactId={OTHER_ID}",
    ],
)
async def test_get_with_a_bearer_token(target: str) -> None:
    """A state-changing GET is accepted with a bearer token, which only the client's own code can attach."""
    assert (await send(HOST, "GET", target, headers=BEARER)).status == 200


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer bad"}, COOKIE | {"X-Api-Key": "bad"}])
async def test_get_with_a_token_that_does_not_hold(headers: dict[str, str]) -> None:
    """A state-changing GET is refused if the bearer token did not authenticate the call."""
    assert (await remove("GET", headers)).status == 405


@pytest.mark.parametrize("headers", [{"X-Api-Key": "bad"}, {"Authorization": "Bearer bad"}, {}])
@pytest.mark.parametrize("credentials", [COOKIE, BASIC, {}])
async def test_a_token_that_does_not_hold_lets_no_foreign_page_in(
    headers: dict[str, str], credentials: dict[str, str]
) -> None:
    """The origin is checked for cookies and Basic credentials, regardless of other header fields."""
    answered = await remove("POST", {"Sec-Fetch-Site": "cross-site"} | credentials | headers)

    assert answered.status == 403


async def test_a_bearer_token_counts_before_cookies_from_a_foreign_page() -> None:
    """A call that is accepted because of its bearer token has the token's principal."""
    headers = BEARER | COOKIE | {"Sec-Fetch-Site": "cross-site"}

    assert (await remove("POST", headers)).status == 200


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("credentials", [COOKIE, BASIC])
@pytest.mark.parametrize("origin", FOREIGN)
async def test_foreign_page(credentials: dict[str, str], origin: dict[str, str]) -> None:
    """A page of another site cannot change state with automatically attached credentials."""
    answered = await remove("POST", credentials | origin)

    assert answered.status == 403
    assert answered.status_of_error["ErrorCode"] == "Forbidden"


@pytest.mark.parametrize(
    "origin", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://127.0.0.1:8000"}]
)
async def test_own_page(origin: dict[str, str]) -> None:
    """Pages of the installation and clients other than browsers may change state."""
    assert (await remove("POST", COOKIE | origin)).status == 200


@pytest.mark.parametrize("origin", FOREIGN)
async def test_foreign_page_with_a_bearer_token(origin: dict[str, str]) -> None:
    """A bearer token is accepted from any origin."""
    assert (await remove("POST", BEARER | origin)).status == 200


async def test_allowed_origin() -> None:
    """An installation may trust pages of other sites."""
    host = demo_host(HostSettings(access_log=False, allowed_origins=("https://friend.example",)))
    headers = COOKIE | {"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"}

    assert (await send(host, "POST", REMOVE, headers=headers)).status == 200


async def test_foreign_page_at_an_open_operation() -> None:
    """A state-changing public operation refuses pages of other sites, with or without cookies."""
    for credentials in ({}, COOKIE):
        headers = credentials | {"Sec-Fetch-Site": "cross-site"}

        assert (await send(HOST, "POST", "/api/SignIn", headers=headers)).status == 403


async def test_foreign_page_that_only_reads() -> None:
    """Reading operations do not check the origin; browsers protect their responses."""
    assert (await send(HOST, "GET", "/api/me", headers=COOKIE | {"Sec-Fetch-Site": "cross-site"})).status == 200


async def test_an_answer_that_gives_credentials_is_private() -> None:
    """A reply that sets cookies is private, even if the request had no credentials."""
    assert ["private, no-cache"] == (await send(HOST, "POST", "/api/SignIn")).headers("Cache-Control")
