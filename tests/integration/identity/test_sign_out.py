"""Signing out ends the session that the credentials belong to; several cookies of one name; answers and caches."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.support.accounts import ADDRESS, BROWSER, ORIGIN, PASSWORD, Installation, installation
from tests.support.asgi import Answered, send

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.errors import NotAuthenticated
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings
from servicehost.security.messages import AuthenticateLogout, GetAccessToken
from servicehost.security.services import RefreshTokenRefused

HOUR = timedelta(hours=1)
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member."""
    async with installation() as platform:
        await platform.member()
        yield platform


async def ask(platform: Installation, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answered:
    """Send a request to the installation's operations."""
    handlers = {**platform.sign_in.handlers(), **platform.accounts.handlers()}
    catalog = Catalog(Service("Platform API", ORIGIN, "urn:platform", "Platform"), handlers)
    host = Host(catalog, WIRE_FORMATS, platform.sign_in.authenticator, HostSettings(access_log=False))
    return await send(host, method, path, headers=headers, body=body)


async def sign_out(platform: Installation, headers: dict[str, str]) -> Answered:
    """Sign out."""
    return await ask(platform, "POST", "/api/auth/logout", JSON | headers, b"{}")


def cookie(*pairs: tuple[str, str]) -> dict[str, str]:
    """The header of a client that keeps cookies, in this order."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in pairs)}


def bearer(token: str | None) -> dict[str, str]:
    """The header of a client that keeps tokens."""
    return {"Authorization": f"Bearer {token}"}


async def refreshes(platform: Installation, refresh_token: str | None) -> bool:
    """Whether a refresh token still works."""
    try:
        await platform.sign_in.get_access_token(GetAccessToken(refresh_token=refresh_token), Call())
    except RefreshTokenRefused:
        return False
    return True


@pytest.mark.parametrize("age", [timedelta(0), HOUR, timedelta(days=40)])
async def test_an_expired_bearer_token_still_signs_out(platform: Installation, age: timedelta) -> None:
    """Its signature names the session, and the refresh token ends with that."""
    response = await platform.bearer()
    platform.wait(age)
    assert 200 == (await sign_out(platform, bearer(response.bearer_token))).status
    assert not await refreshes(platform, response.refresh_token)


async def test_signing_out_again_is_no_error(platform: Installation) -> None:
    """A reply that got lost may be asked for again."""
    headers = bearer((await platform.bearer()).bearer_token)
    assert [200, 200] == [(await sign_out(platform, headers)).status for _ in range(2)]


@pytest.mark.parametrize(
    "headers",
    [
        bearer("wrong"),
        bearer(""),
        {"Authorization": "Basic d3Jvbmc6d3Jvbmc="},
        cookie(("ss-tok", "wrong")),
        cookie(("ss-reftok", "A" * 43)),
        cookie(("ss-id", "A" * 43)),
        cookie(("ss-pid", "A" * 43), ("ss-tok", "wrong")) | bearer("wrong"),
    ],
)
async def test_credentials_without_a_session_are_a_401(platform: Installation, headers: dict[str, str]) -> None:
    """A client that believes it has signed out must not be mistaken."""
    kept = await platform.bearer()
    answer = await sign_out(platform, headers)
    assert (401, "Unauthorized") == (answer.status, answer.json["ResponseStatus"]["ErrorCode"])
    assert await refreshes(platform, kept.refresh_token)


async def test_a_forged_token_ends_nothing(platform: Installation) -> None:
    """A token that names a session but is not signed here is not believed."""
    response = await platform.bearer()
    head, claims, signature = (response.bearer_token or "").split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    assert 401 == (await sign_out(platform, bearer(forged))).status
    assert await refreshes(platform, response.refresh_token)


async def test_without_credentials_there_is_nothing_to_end(platform: Installation) -> None:
    """Nobody is signed out, and that is no error; cookies that are no credentials do not matter."""
    for headers in ({}, cookie(("theme", "dark")), cookie(("ss-id", "01973f5e-1111-7000-8000-000000000001"))):
        assert 200 == (await sign_out(platform, headers)).status


@pytest.mark.parametrize("name", ["ss-tok", "ss-reftok"])
async def test_each_cookie_of_a_browser_is_enough_to_sign_out(platform: Installation, name: str) -> None:
    """The access token after its time, or the refresh token alone."""
    jar = await platform.browser()
    platform.wait(2 * HOUR)
    assert 200 == (await sign_out(platform, cookie((name, jar[name])))).status
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=jar))


async def test_a_refresh_token_that_was_replaced_signs_out(platform: Installation) -> None:
    """A client that never got the answer of a renewal ends its session all the same."""
    jar = await platform.browser()
    answer = await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=jar))
    platform.wait(HOUR)
    assert 200 == (await sign_out(platform, cookie(("ss-reftok", jar["ss-reftok"])))).status
    newer = {each.name: each.value for each in answer.cookies}
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=newer))


async def test_a_session_secret_signs_out(platform: Installation) -> None:
    """So does the cookie of a program that keeps no tokens."""
    answer = await platform.authenticate()
    secret = next(each.value for each in answer.cookies if each.name == "ss-id")
    assert 200 == (await sign_out(platform, cookie(("ss-pid", secret)))).status
    assert 401 == (await ask(platform, "GET", "/api/auth", cookie(("ss-id", secret)))).status


async def test_every_session_that_was_presented_ends(platform: Installation) -> None:
    """The cookies are deleted, so their sessions must not stay behind."""
    in_header, in_cookies = await platform.bearer(), await platform.browser()
    headers = bearer(in_header.bearer_token) | cookie(*in_cookies.items())
    assert 200 == (await sign_out(platform, headers)).status
    assert 401 == (await ask(platform, "GET", "/api/auth", cookie(*in_cookies.items()))).status


async def test_basic_credentials_sign_out_of_nothing(platform: Installation) -> None:
    """They hold and have no session."""
    headers = {"Authorization": "Basic Rmlyc3RARXhhbXBsZS5jb206Y29ycmVjdCBob3JzZSBiYXR0ZXJ5"}
    assert 200 == (await sign_out(platform, headers)).status


# Several cookies of one name


@pytest.mark.parametrize("name", ["ss-tok", "ss-reftok"])
@pytest.mark.parametrize("stale_first", [True, False])
@pytest.mark.parametrize("stale", ["wrong", "", "A" * 43])
async def test_a_stale_cookie_does_not_hide_a_good_one(
    platform: Installation, name: str, stale: str, stale_first: bool
) -> None:
    """A parent domain may have set one of the same name; whichever holds counts, and none is deleted."""
    jar = await platform.browser()
    pairs = [(name, stale), (name, jar[name])]
    answer = await ask(platform, "GET", "/api/auth", cookie(*(pairs if stale_first else reversed(pairs))))
    assert (200, ADDRESS) == (answer.status, answer.json["UserName"])
    assert [] == [value for value in answer.headers("Set-Cookie") if "Max-Age=0" in value]


async def test_a_stale_session_secret_does_not_hide_a_good_one(platform: Installation) -> None:
    """The same for the cookies of programs that keep no tokens."""
    secret = next(each.value for each in (await platform.authenticate()).cookies if each.name == "ss-id")
    for pairs in ((("ss-id", "A" * 43), ("ss-pid", secret)), (("ss-id", secret), ("ss-id", "A" * 43))):
        assert 200 == (await ask(platform, "GET", "/api/auth", cookie(*pairs))).status


async def test_an_expired_session_does_not_hide_a_new_one(platform: Installation) -> None:
    """Both cookies of an old session, before and after those of the new one."""
    old = await platform.browser()
    platform.wait(timedelta(days=15))
    new = await platform.browser()
    for jars in ((old, new), (new, old)):
        pairs = [(name, jar[name]) for jar in jars for name in ("ss-tok", "ss-reftok")]
        assert 200 == (await ask(platform, "GET", "/api/auth", cookie(*pairs))).status


async def test_a_renewal_takes_the_refresh_token_that_holds(platform: Installation) -> None:
    """`GetAccessToken` tries each, too."""
    jar = await platform.browser()
    headers = JSON | cookie(("ss-reftok", jar["ss-reftok"]), ("ss-reftok", "wrong"))
    answer = await ask(platform, "POST", "/api/access-token", headers, b"{}")
    assert ["ss-tok", "ss-reftok"] == [value.partition("=")[0] for value in answer.headers("Set-Cookie")]


async def test_where_no_cookie_holds_all_are_deleted(platform: Installation) -> None:
    """A browser does not go on sending what is of no use."""
    answer = await ask(platform, "GET", "/api/auth", cookie(("ss-tok", "wrong"), ("ss-tok", "too")))
    assert 401 == answer.status


async def test_a_request_cannot_have_any_number_of_cookies_tried(platform: Installation) -> None:
    """Four of one name at most are looked up."""
    reads = platform.database.reads
    await ask(platform, "GET", "/api/auth", cookie(*(("ss-id", f"{number:043}") for number in range(100))))
    assert 5 >= platform.database.reads - reads


# Caches


async def test_an_answer_with_tokens_is_not_stored(platform: Installation) -> None:
    """Neither by a browser nor by a cache between."""
    body = f'{{"provider":"credentials","userName":"{ADDRESS}","password":"{PASSWORD}"}}'.encode()
    signed_in = await ask(platform, "POST", "/api/Authenticate", JSON, body)
    refresh = f'{{"refreshToken":"{signed_in.json["refreshToken"]}"}}'.encode()
    renewed = await ask(platform, "POST", "/api/GetAccessToken", JSON, refresh)
    assert [["no-store"], ["no-store"]] == [each.headers("Cache-Control") for each in (signed_in, renewed)]


async def test_an_answer_to_credentials_is_private(platform: Installation) -> None:
    """Whether they hold or not, and whatever is answered."""
    for headers in (
        bearer((await platform.bearer()).bearer_token),
        cookie(*(await platform.browser()).items()),
        bearer("wrong"),
        cookie(("ss-tok", "wrong")),
    ):
        for path in ("/api/auth", "/api/nothing/here"):
            answer = await ask(platform, "GET", path, headers)
            assert ["private, no-cache"] == answer.headers("Cache-Control")


async def test_an_answer_to_nobody_may_be_kept(platform: Installation) -> None:
    """Without credentials nothing is said of caches."""
    assert [] == (await ask(platform, "GET", "/api/metadata", {})).headers("Cache-Control")


async def test_nobody_signs_out_by_a_guess(platform: Installation) -> None:
    """The service says the same as HTTP does."""
    with pytest.raises(NotAuthenticated):
        await platform.sign_in.logout(AuthenticateLogout(), Call(headers={"authorization": "Bearer wrong"}))
