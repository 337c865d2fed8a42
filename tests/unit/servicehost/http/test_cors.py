"""Tests of CORS."""

from collections.abc import Mapping

import pytest
from tests.support.asgi import Answered, send
from tests.support.demo import BEARER, COOKIE, OTHER_ID, WISH_ID, demo_host

from servicehost.http.settings import HostSettings

FRIEND = "https://friend.example"
HOST = demo_host(HostSettings(access_log=False, cors_origins=(FRIEND, "http://localhost:5173")))
REMOVE = f"/api/wishes/{WISH_ID}/remove?ContactId={OTHER_ID}"
ALLOWED = "Access-Control-Allow-Origin"


async def ask(method: str, target: str, origin: str, headers: Mapping[str, str] | None = None) -> Answered:
    """Send a request from a page of an origin."""
    return await send(HOST, method, target, headers={"Origin": origin, **(headers or {})})


def preflight(method: str = "PUT", fields: str = "authorization,content-type") -> dict[str, str]:
    """Send a preflight request."""
    return {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": fields}


@pytest.mark.parametrize("origin", [FRIEND, "http://localhost:5173"])
async def test_allowed_origin(origin: str) -> None:
    """A page of an allowed origin may read responses with credentials, and the header fields that clients need."""
    answered = await ask("GET", "/api/greetings/Sun", origin)

    assert origin == answered.header(ALLOWED)
    assert "true" == answered.header("Access-Control-Allow-Credentials")
    assert "Origin" in answered.headers("Vary")
    exposed = (answered.header("Access-Control-Expose-Headers") or "").split(", ")
    assert {"X-Cookies", "X-Total-Count", "Link", "Retry-After", "X-Request-Id", "X-AutoBatch-Completed"} == set(
        exposed
    )


@pytest.mark.parametrize(
    "target", ["/api/nothing", "/api/me", "/api/metadata", "/api/types/typescript", "/health", REMOVE]
)
async def test_on_every_answer(target: str) -> None:
    """CORS fields are also on errors, pages and responses outside the mount."""
    assert FRIEND == (await ask("GET", target, FRIEND)).header(ALLOWED)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://friend.example.evil.example",
        "http://friend.example",
        f"{FRIEND}:8443",
        "null",
        "",
    ],
)
async def test_other_origins(origin: str) -> None:
    """Other origins get no CORS fields, and no origin gets `*`."""
    answered = await ask("GET", "/api/greetings/Sun", origin)
    asked = await ask("OPTIONS", "/api/greetings/Sun", origin, preflight())

    for each in (answered, asked):
        assert not [name for name, _ in each.fields if name.startswith("access-control")]
        assert "Origin" in each.headers("Vary")


async def test_without_an_origin() -> None:
    """Responses vary by Origin."""
    assert "Origin" in (await send(HOST, "GET", "/api/greetings/Sun")).headers("Vary")


@pytest.mark.parametrize("target", ["/api/greetings/Sun", REMOVE, "/api/UpdateWish", "/api/Hello[]", "/api/nothing"])
async def test_preflight(target: str) -> None:
    """A preflight is allowed and may be cached."""
    answered = await ask("OPTIONS", target, FRIEND, preflight())

    assert (204, FRIEND) == (answered.status, answered.header(ALLOWED))
    assert "authorization,content-type" == answered.header("Access-Control-Allow-Headers")
    assert "PUT" in (answered.header("Access-Control-Allow-Methods") or "").split(", ")
    assert "7200" == answered.header("Access-Control-Max-Age")


@pytest.mark.parametrize("fields", ["", "x" * 5000, "a:b", "a(b)"])
async def test_preflight_for_strange_fields(fields: str) -> None:
    """A malformed list of requested header fields is not repeated."""
    answered = await ask("OPTIONS", "/api/greetings/Sun", FRIEND, preflight(fields=fields))

    assert answered.header("Access-Control-Allow-Headers") is None


async def test_options_that_are_no_preflight() -> None:
    """An OPTIONS request that is not a preflight lists the methods."""
    assert (await ask("OPTIONS", "/api/me", FRIEND)).header("Allow") == "GET, HEAD, OPTIONS"


async def test_allowed_origins_may_act() -> None:
    """An allowed origin may send state-changing requests."""
    headers = COOKIE | {"Sec-Fetch-Site": "cross-site"}

    assert 200 == (await ask("POST", REMOVE, FRIEND, headers)).status
    assert 403 == (await ask("POST", REMOVE, "https://evil.example", headers)).status


async def test_refused_pages_cannot_read_why() -> None:
    """A page of another origin can send a bearer token, but cannot read the response."""
    answered = await ask("POST", REMOVE, "https://evil.example", BEARER)

    assert (200, None) == (answered.status, answered.header(ALLOWED))


async def test_origins_as_people_write_them() -> None:
    """An origin in the settings may have its default port, a trailing slash, or capitals."""
    host = demo_host(HostSettings(access_log=False, cors_origins=("HTTPS://Friend.example:443/",)))

    assert FRIEND == (await send(host, "GET", "/api/greetings/Sun", headers={"Origin": FRIEND})).header(ALLOWED)
    assert 200 == (await send(host, "POST", REMOVE, headers=COOKIE | {"Origin": FRIEND})).status


async def test_without_a_setting() -> None:
    """Without allowed origins, responses have no CORS fields."""
    answered = await send(demo_host(), "OPTIONS", "/api/me", headers={"Origin": FRIEND, **preflight("GET")})

    assert "GET, HEAD, OPTIONS" == answered.header("Allow")
    assert not [name for name, _ in answered.fields if name.startswith("access-control")]
