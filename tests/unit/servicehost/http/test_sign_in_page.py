"""Tests of access with an optional sign-in, and of the redirect to the sign-in page."""

from typing import Annotated, Any, ClassVar
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.asgi import Answered, send
from tests.support.demo import BASIC, BEARER, COOKIE, DemoAuthenticator

from servicehost import (
    Access,
    Authenticated,
    Call,
    Catalog,
    Host,
    HostSettings,
    KnownIfSignedIn,
    Member,
    Message,
    Page,
    Public,
    Request,
    RoleHolder,
    Route,
    Service,
)
from servicehost.contract import Handler, SignInNeed
from servicehost.http import UnusableSignInPage, local_path
from servicehost.openapi import document

SERVICE = Service("Pages", "https://pages.example/below")
NAVIGATION = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Caller(Message):
    """Name of the caller."""

    name: str | None = None


class Looking(Request[None]):
    """A page."""

    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False


class PrivatePage(Looking):
    """Requires a sign-in."""

    access: ClassVar[Access] = Authenticated
    routes: ClassVar[tuple[Route, ...]] = (Route("/private/{Name}", verbs=("GET",)),)

    name: str | None = None
    page_size: int = 0


class OperatorPage(Looking):
    """Requires a role."""

    access: ClassVar[Access] = RoleHolder("operator")
    routes: ClassVar[tuple[Route, ...]] = (Route("/operator"),)


class ChangePrivately(Request[None]):
    """Changes state for signed-in callers."""

    published: ClassVar[bool] = False
    routes: ClassVar[tuple[Route, ...]] = (Route("/private/{Name}", verbs=("POST",)),)

    name: str | None = None


class EnterPage(Looking):
    """The sign-in page."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/enter", verbs=("GET",)),)

    redirect: Annotated[str | None, Member(length=100)] = None


class WhoCalls(Request[Caller]):
    """Identifies its caller if possible."""

    access: ClassVar[Access] = KnownIfSignedIn
    changes_state: ClassVar[bool] = False
    routes: ClassVar[tuple[Route, ...]] = (Route("/who"),)


class WhoMustCall(Request[Caller]):
    """Requires a sign-in, and is published."""

    changes_state: ClassVar[bool] = False
    routes: ClassVar[tuple[Route, ...]] = (Route("/me"),)


async def _page(_message: Any, _call: Call) -> Page:
    return Page("<!doctype html>")


async def _who(_message: Any, call: Call) -> Caller:
    return Caller(name=call.principal.user_id if call.principal else None)


OPERATIONS: dict[type[Request[Any]], Handler] = {WhoCalls: _who, WhoMustCall: _who, ChangePrivately: _page}
PAGES: dict[type[Request[Any]], Handler] = dict.fromkeys((PrivatePage, OperatorPage, EnterPage), _page)
CATALOG = Catalog(SERVICE, OPERATIONS)
SETTINGS = HostSettings(access_log=False)
HOST = Host(CATALOG, authenticator=DemoAuthenticator(), settings=SETTINGS, pages=PAGES, sign_in_page=EnterPage)


async def look(target: str, method: str = "GET", **headers: str) -> Answered:
    """Open an address as a browser does."""
    sent = NAVIGATION | {name.replace("_", "-"): value for name, value in headers.items()}
    return await send(HOST, method, target, headers=sent)


@pytest.mark.parametrize("headers", [BEARER, BASIC, COOKIE])
async def test_known_if_signed_in(headers: dict[str, str]) -> None:
    """Valid credentials of any kind set the principal of the call."""
    assert {"Name": "member"} == (await send(HOST, "GET", "/api/who", headers=headers)).json


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer bad"}, {"Cookie": "ss-tok=bad"}])
async def test_unknown_without_valid_credentials(headers: dict[str, str]) -> None:
    """Invalid credentials are not refused if a sign-in is optional; stale cookies are deleted."""
    answered = await send(HOST, "GET", "/api/who", headers=headers)

    assert (200, {}) == (answered.status, answered.json)
    assert len(answered.headers("Set-Cookie")) == ("Cookie" in headers)


async def test_an_answer_that_depends_on_the_caller_is_personal() -> None:
    """Replies of an operation with an optional sign-in are private, even to anonymous callers."""
    assert "private, no-cache" == (await send(HOST, "GET", "/api/who")).header("Cache-Control")


async def test_optional_sign_in_without_an_authenticator() -> None:
    """A host without an authenticator serves operations with an optional sign-in."""
    host = Host(Catalog(SERVICE, {WhoCalls: _who}), settings=SETTINGS)

    assert {} == (await send(host, "GET", "/api/who", headers=BEARER)).json


def test_openapi_of_an_optional_sign_in() -> None:
    """OpenAPI lists credentials as optional."""
    paths: Any = document(CATALOG)["paths"]
    known, required = (paths[path]["get"]["security"] for path in ("/api/who", "/api/me"))

    assert [{}, *required] == known
    assert {} not in required


def test_a_role_needs_a_sign_in() -> None:
    """A role cannot be combined with an optional sign-in."""
    with pytest.raises(ValueError, match="holds the role operator"):
        Access(SignInNeed.KNOWN_IF_SIGNED_IN, "operator")


@pytest.mark.parametrize(
    ("target", "redirect"),
    [
        ("/private/a%2Fb?PageSize=2&x=%26", "/below/private/a%2Fb?PageSize=2&x=%26"),
        ("//private//a", "/below/private/a"),
        ("/operator", "/below/operator"),
        ("/api/me", "/below/api/me"),
        ("/api/me.html?a=1", "/below/api/me.html?a=1"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_people_are_sent_to_the_sign_in_page(method: str, target: str, redirect: str) -> None:
    """The redirect contains the path and query to return to."""
    answered = await look(target, method)

    assert (302, b"") == (answered.status, answered.body)
    assert f"/below/enter?Redirect={quote(redirect, safe='')}" == answered.header("Location")
    assert "no-store" == answered.header("Cache-Control")
    assert [] == answered.headers("WWW-Authenticate")


@pytest.mark.parametrize("target", ["/private/" + "a" * 100, "/private/a?x=\\", "/private/a?x=ä"])
async def test_a_path_that_cannot_be_returned_to(target: str) -> None:
    """An overlong or ambiguous path is omitted from the redirect."""
    assert "/below/enter" == (await look(target)).header("Location")


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Accept": "application/json"}),
        ("GET", {"Accept": "*/*"}),
        ("GET", NAVIGATION | {"Authorization": "Bearer bad"}),
        ("GET", NAVIGATION | {"Sec-Fetch-Mode": "cors"}),
        ("POST", NAVIGATION),
    ],
)
async def test_programs_get_401(method: str, headers: dict[str, str]) -> None:
    """Programs, scripts and forms get 401 instead of a redirect."""
    target = "/private/a" if method == "GET" else "/api/private/a"

    assert 401 == (await send(HOST, method, target, headers=headers)).status


async def test_a_stale_cookie_is_deleted_on_the_way() -> None:
    """A redirect to the sign-in page deletes the cookie of an ended session."""
    answered = await look("/private/a", Cookie="ss-tok=bad", Sec_Fetch_Mode="navigate")

    assert (302, ["ss-tok=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]) == (
        answered.status,
        [value.removesuffix("; Secure") for value in answered.headers("Set-Cookie")],
    )


async def test_those_who_are_signed_in_are_not_redirected() -> None:
    """A signed-in person without the role is not redirected."""
    assert [200, 403] == [(await look(page, **COOKIE)).status for page in ("/private/a", "/operator")]


async def test_without_a_sign_in_page() -> None:
    """Without a sign-in page, people get 401."""
    host = Host(CATALOG, authenticator=DemoAuthenticator(), settings=SETTINGS, pages=PAGES)

    assert 401 == (await send(host, "GET", "/private/a", headers=NAVIGATION)).status


class NoWayBack(Looking):
    """Has no member `redirect`."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/enter"),)


class BadlyPlaced(NoWayBack):
    """Requires a member."""

    redirect: str | None = None
    name: Annotated[str, Member(required=True)]


class Changing(NoWayBack):
    """Changes state."""

    changes_state: ClassVar[bool] = True

    redirect: str | None = None


@pytest.mark.parametrize(
    ("page", "pages", "reason"),
    [
        (PrivatePage, [PrivatePage], "it requires a sign-in"),
        (NoWayBack, [NoWayBack], "it has no member `redirect`"),
        (Changing, [Changing], "it does not support GET"),
        (BadlyPlaced, [BadlyPlaced], "it has no address"),
        (EnterPage, [], "it has no address"),
    ],
)
def test_pages_that_cannot_be_the_sign_in_page(page: Any, pages: list[Any], reason: str) -> None:
    """A host refuses an unsuitable sign-in page."""
    with pytest.raises(UnusableSignInPage, match=reason):
        Host(
            Catalog(SERVICE, {}),
            authenticator=DemoAuthenticator(),
            pages=dict.fromkeys(pages, _page),
            sign_in_page=page,
        )


@pytest.mark.parametrize("text", ["/", "/a/b?c=d&e=%2F%2F", "/a//b", "/a?x=//y", "/%5Ca", "/a#b", "/[x]^`{|}~"])
def test_paths_of_this_host(text: str) -> None:
    """Paths on this host are returned unchanged."""
    assert text == local_path(text, "/front")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "a/b",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/a b",
        "/ä",
        "/a\r\nSet-Cookie: x=y",
    ],
)
def test_addresses_elsewhere(text: str | None) -> None:
    """Texts that a browser could read as another host, or that a header field cannot contain, are replaced."""
    assert "/front" == local_path(text, "/front")


@given(text=st.text(alphabet="/\\.:@ ?#a\t\n\r", max_size=6))
def test_only_paths_pass(text: str) -> None:
    """No accepted path leads to another host according to the URL standard."""
    kept = local_path(text, "")
    read = "".join(sign for sign in text.strip() if sign not in "\t\n\r").replace("\\", "/")

    assert kept in ("", text)
    assert not kept or (read.startswith("/") and not read.startswith("//"))
