"""Tests that neither pages of other sites nor links can change anything through any operation of the platform."""

import base64
import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from tests.support.accounts import ADDRESS, ORIGIN, PASSWORD, Installation, installation
from tests.support.asgi import Answered, send
from tests.support.catalog import the_catalog

from servicehost.contract.call import Call, Handler
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Message, Request
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings
from servicehost.security.messages import Authenticate, AuthenticateLogout, GetAccessToken

ALLOWED, CORS = "https://app.example.org", "https://spa.example.org"
HOST_NAME = "127.0.0.1:8000"
SITES = (None, "same-origin", "none", "same-site", "cross-site")
ORIGINS = {
    None: False,
    ORIGIN: False,
    f"http://{HOST_NAME}": False,
    ALLOWED: False,
    CORS: False,
    "https://evil.example": True,
    "https://evil.platform.example": True,
    "null": True,
}
"""Each value of `Origin`, and whether it is foreign when nothing else is known."""

SOME_ID = "01973f5e-1111-7000-8000-000000000001"


@dataclass
class Platform:
    """The platform with real sign-in operations; the other handlers only record that they ran.

    Attributes:
        host: host of the operations.
        credentials: header fields for each kind of credentials.
        reached: names of the operations whose handlers ran.
    """

    host: Host
    credentials: dict[str, dict[str, str]]
    reached: list[str]

    async def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"{}") -> Answered:
        """Send a request."""
        self.reached.clear()
        return await send(self.host, method, path, headers={"Host": HOST_NAME} | headers, body=body)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """The platform and the credentials of one member."""
    async with installation() as accounts:
        await accounts.member()
        reached: list[str] = []
        sign_in = accounts.node(allowed_origins={ALLOWED, CORS}).handlers()
        yield Platform(_host(accounts, reached, sign_in), await _credentials(accounts), reached)


@pytest.fixture
async def noting() -> AsyncIterator[Platform]:
    """The platform where only `Authenticate` is real, so that no request of the table ends the session."""
    async with installation() as accounts:
        await accounts.member()
        reached: list[str] = []
        sign_in = accounts.node(allowed_origins={ALLOWED, CORS}).handlers()
        host = _host(accounts, reached, {Authenticate: sign_in[Authenticate]})
        yield Platform(host, await _credentials(accounts), reached)


def _host(accounts: Installation, reached: list[str], sign_in: Mapping[type[Request[Any]], Handler]) -> Host:
    async def note(message: Message, _call: Call) -> None:
        reached.append(type(message).__name__)

    handlers = {operation.contract: note for operation in the_catalog()}
    catalog = Catalog(Service("Platform API", ORIGIN, "urn:platform", "Platform"), {**handlers, **sign_in})
    settings = HostSettings(access_log=False, allowed_origins=(ALLOWED,), cors_origins=(CORS,))
    return Host(catalog, WIRE_FORMATS, accounts.sign_in.authenticator, settings)


async def _credentials(accounts: Installation) -> dict[str, dict[str, str]]:
    jar = await accounts.browser()
    token = (await accounts.bearer()).bearer_token
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    basic = {"Authorization": "Basic " + base64.b64encode(f"{ADDRESS}:{PASSWORD}".encode()).decode()}
    return {
        "none": {},
        "cookie": cookie,
        "basic": basic,
        "bearer": {"Authorization": f"Bearer {token}"},
        "wrong bearer": {"Authorization": "Bearer wrong"},
        "wrong bearer and cookie": cookie | {"Authorization": "Bearer wrong"},
        "wrong key and cookie": cookie | {"X-Api-Key": "wrong"},
        "wrong key and basic": basic | {"X-Api-Key": "wrong"},
    }


@cache
def changing() -> tuple[tuple[str, str], ...]:
    """The method and path of every state-changing operation: published ones by name, the others at their routes."""
    operations = [operation.contract for operation in the_catalog() if operation.contract.changes_state]
    by_name = [f"/api/{each.__name__}" for each in operations if each.published]
    routes = [route for each in operations if not each.published for route in each.routes]
    at_routes = ["/api" + route.template.replace("{ConnectionRequestId}", SOME_ID) for route in routes]
    return (*itertools.product(("GET", "POST"), by_name), *(("POST", path) for path in at_routes))


def refusal(method: str, site: str | None, origin: str | None, credentials: str) -> int | None:
    """The status of the expected refusal of a state-changing request; None if the request must pass."""
    if credentials == "bearer":
        return None
    if method in ("GET", "HEAD"):
        return 405
    if origin in (ALLOWED, CORS):
        return None
    foreign = ORIGINS[origin] if site is None else site in ("same-site", "cross-site")
    return 403 if foreign else None


CREDENTIALS = (
    "none",
    "cookie",
    "basic",
    "bearer",
    "wrong bearer",
    "wrong bearer and cookie",
    "wrong key and cookie",
    "wrong key and basic",
)


@pytest.mark.parametrize("credentials", CREDENTIALS)
async def test_only_a_valid_token_lifts_the_check(noting: Platform, credentials: str) -> None:
    """Every state-changing operation is checked for every site and origin with these credentials.

    The expected status of each case follows from the rule in `refusal`, not from the code under test.
    """
    wrong = []
    for (method, path), site, origin in itertools.product(changing(), SITES, ORIGINS):
        said = {"Sec-Fetch-Site": site, "Origin": origin, "Content-Type": "application/json"}
        headers = {name: value for name, value in said.items() if value is not None}
        answer = await noting.ask(method, path, headers | noting.credentials[credentials])
        expected = refusal(method, site, origin, credentials)
        refused = answer.status if answer.status in (403, 405) and _by_the_check(answer) else None
        if refused != expected or (expected and noting.reached):
            wrong.append((path, method, site, origin, answer.status))
    assert [] == wrong
    assert 40 < len(changing())


def _by_the_check(answer: Answered) -> bool:
    return "another site" in answer.text or "changes data" in answer.text


@pytest.mark.no_database
def test_the_table_has_the_operations_that_sign_in() -> None:
    """`Authenticate` is not declared as state-changing, since it also returns the user; it checks each call itself."""
    changes = {
        request.__name__: request.changes_state for request in (Authenticate, AuthenticateLogout, GetAccessToken)
    }
    assert {"Authenticate": False, "AuthenticateLogout": True, "GetAccessToken": True} == changes


FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SIGN_IN = f"provider=credentials&UserName={ADDRESS}&Password={PASSWORD}".encode()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/auth/credentials", SIGN_IN),
        ("/api/auth", SIGN_IN),
        ("/api/Authenticate", SIGN_IN),
        ("/api/json/reply/Authenticate", SIGN_IN),
        ("/api/json/oneway/Authenticate", SIGN_IN),
        ("/api/auth/logout", b""),
        ("/api/Authenticate", b"provider=logout"),
        ("/api/AuthenticateLogout", b""),
        ("/api/access-token", b""),
        ("/api/GetAccessToken", b"RefreshToken=stolen"),
    ],
)
async def test_a_foreign_form_neither_signs_in_nor_out_nor_renews(platform: Platform, path: str, body: bytes) -> None:
    """A form of another site cannot set, renew or end the visitor's session, with or without credentials."""
    for origin, credentials in itertools.product(FOREIGN, set(CREDENTIALS) - {"bearer"}):
        answer = await platform.ask("POST", path, FORM | origin | platform.credentials[credentials], body)
        assert (403, []) == (answer.status, answer.headers("Set-Cookie"))
    still = await platform.ask("GET", "/api/auth", platform.credentials["cookie"], b"")
    assert (200, ADDRESS) == (still.status, still.json["UserName"])


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        ("POST", "/api/register?X-Http-Method-Override=PUT", FORM, b""),
        ("POST", "/api/register", FORM, b"X-Http-Method-Override=DELETE"),
        ("POST", "/api/register", {"X-Http-Method-Override": "GET"}, b"{}"),
        ("PUT", "/api/register", {}, b"{}"),
        ("POST", "/api/register", {"Content-Type": "text/plain"}, b"{}"),
        ("POST", "/api/register", {"Content-Type": "multipart/form-data; boundary=b"}, b"--b--\r\n"),
        ("POST", "/api/RegisterNewUser[]", {"Content-Type": "application/json"}, b"[{}]"),
        ("POST", "/api/json/reply/RegisterNewUser[]", {"Content-Type": "text/plain"}, b"[{}]"),
        ("POST", "/api/xml/oneway/RegisterNewUser", {"Content-Type": "text/plain"}, b""),
        ("POST", "/api/Register", {}, b"{}"),
        ("POST", "/api/register.jsv", {}, b"{}"),
        ("POST", "/API/Register?format=csv&callback=f", {}, b"{}"),
        ("POST", "/api/public/connectionrequests/" + SOME_ID + "/accept", {}, b"{}"),
        ("POST", "/api/account/first@example.com/passwordresettoken", {}, b""),
        ("POST", "/api/account/passwordreset/confirm", FORM, b"Token=t"),
        ("POST", "/api/account/verifymailbox/confirm", FORM, b"Token=t"),
    ],
)
async def test_no_other_form_of_request_bypasses_the_check(
    platform: Platform, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    """Method overrides, content types, batches, one-way routes, suffixes and aliases are all checked."""
    for origin in FOREIGN:
        answer = await platform.ask(method, path, headers | origin, body)
        assert (403, []) == (answer.status, platform.reached)


@pytest.mark.parametrize("method", ["get", "TRACE", "CONNECT", "FETCH", "HEAD", "GET"])
async def test_no_other_method_bypasses_the_check(platform: Platform, method: str) -> None:
    """A state-changing operation cannot be reached by a method that is not state-changing."""
    for path in ("/api/register", "/api/RegisterNewUser", "/api/json/oneway/RegisterNewUser"):
        answer = await platform.ask(method, path, platform.credentials["cookie"])
        assert (405, []) == (answer.status, platform.reached)


async def test_jsonp_ignores_cookies_and_basic(platform: Platform) -> None:
    """A JSONP request, which any page can load, is not authenticated by cookies or Basic and changes nothing."""
    for credentials in ("cookie", "basic", "wrong key and cookie"):
        answer = await platform.ask("GET", "/api/auth?callback=f", platform.credentials[credentials], b"")
        assert "Unauthorized" in answer.text
        assert ADDRESS not in answer.text
        await platform.ask("GET", "/api/register?callback=f", platform.credentials[credentials], b"")
        assert [] == platform.reached


@pytest.mark.parametrize("origin", [ALLOWED, CORS])
async def test_pages_of_allowed_origins_sign_in_and_out(platform: Platform, origin: str) -> None:
    """A browser client on an allowed origin can sign in, renew its token and sign out."""
    headers = FORM | {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
    signed_in = await platform.ask("POST", "/api/auth/credentials", headers, SIGN_IN)
    assert 200 == signed_in.status
    jar = "; ".join(value.split(";")[0] for value in signed_in.headers("Set-Cookie"))
    renewed = await platform.ask("POST", "/api/access-token", headers | {"Cookie": jar}, b"")
    signed_out = await platform.ask("POST", "/api/auth/logout", headers | {"Cookie": jar}, b"")
    assert (200, 200) == (renewed.status, signed_out.status)
