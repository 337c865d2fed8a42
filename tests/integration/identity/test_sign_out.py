"""Tests of signing out, of several cookies with one name, and of the caching of responses."""

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
    """A genuine but expired token identifies its session, which ends with its refresh token."""
    response = await platform.bearer()
    platform.wait(age)
    assert 200 == (await sign_out(platform, bearer(response.bearer_token))).status
    assert not await refreshes(platform, response.refresh_token)


async def test_signing_out_again_is_no_error(platform: Installation) -> None:
    """Signing out of an ended session is 200, so that a lost response can be requested again."""
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
    """Credentials without a session are 401, so that a client does not take itself for signed out."""
    kept = await platform.bearer()
    answer = await sign_out(platform, headers)
    assert (401, "Unauthorized") == (answer.status, answer.json["ResponseStatus"]["ErrorCode"])
    assert await refreshes(platform, kept.refresh_token)


async def test_a_forged_token_ends_nothing(platform: Installation) -> None:
    """A token without a genuine signature ends no session."""
    response = await platform.bearer()
    head, claims, signature = (response.bearer_token or "").split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    assert 401 == (await sign_out(platform, bearer(forged))).status
    assert await refreshes(platform, response.refresh_token)


async def test_without_credentials_there_is_nothing_to_end(platform: Installation) -> None:
    """Without credentials the response is 200, and unrelated cookies are ignored."""
    for headers in ({}, cookie(("theme", "dark")), cookie(("ss-id", "01973f5e-1111-7000-8000-000000000001"))):
        assert 200 == (await sign_out(platform, headers)).status


@pytest.mark.parametrize("name", ["ss-tok", "ss-reftok"])
async def test_each_cookie_of_a_browser_is_enough_to_sign_out(platform: Installation, name: str) -> None:
    """An expired access token alone, or a refresh token alone, ends the session."""
    jar = await platform.browser()
    platform.wait(2 * HOUR)
    assert 200 == (await sign_out(platform, cookie((name, jar[name])))).status
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=jar))


async def test_a_refresh_token_that_was_replaced_signs_out(platform: Installation) -> None:
    """A replaced refresh token ends its session, for a client that never got the response to its renewal."""
    jar = await platform.browser()
    answer = await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=jar))
    platform.wait(HOUR)
    assert 200 == (await sign_out(platform, cookie(("ss-reftok", jar["ss-reftok"])))).status
    newer = {each.name: each.value for each in answer.cookies}
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=newer))


async def test_a_session_secret_signs_out(platform: Installation) -> None:
    """The session cookie of a program ends its session."""
    answer = await platform.authenticate()
    secret = next(each.value for each in answer.cookies if each.name == "ss-id")
    assert 200 == (await sign_out(platform, cookie(("ss-pid", secret)))).status
    assert 401 == (await ask(platform, "GET", "/api/auth", cookie(("ss-id", secret)))).status


async def test_every_session_that_was_presented_ends(platform: Installation) -> None:
    """Every session whose credentials were sent ends, since all the cookies are deleted."""
    in_header, in_cookies = await platform.bearer(), await platform.browser()
    headers = bearer(in_header.bearer_token) | cookie(*in_cookies.items())
    assert 200 == (await sign_out(platform, headers)).status
    assert 401 == (await ask(platform, "GET", "/api/auth", cookie(*in_cookies.items()))).status


async def test_basic_credentials_end_no_session(platform: Installation) -> None:
    """Valid Basic credentials are 200 and end no session."""
    headers = {"Authorization": "Basic Rmlyc3RARXhhbXBsZS5jb206Y29ycmVjdCBob3JzZSBiYXR0ZXJ5"}
    assert 200 == (await sign_out(platform, headers)).status


# Several cookies of one name


@pytest.mark.parametrize("name", ["ss-tok", "ss-reftok"])
@pytest.mark.parametrize("stale_first", [True, False])
@pytest.mark.parametrize("stale", ["wrong", "", "A" * 43])
async def test_a_stale_cookie_does_not_hide_a_good_one(
    platform: Installation, name: str, stale: str, stale_first: bool
) -> None:
    """Of several cookies with one name any valid one counts, and no cookie is deleted."""
    jar = await platform.browser()
    pairs = [(name, stale), (name, jar[name])]
    answer = await ask(platform, "GET", "/api/auth", cookie(*(pairs if stale_first else reversed(pairs))))
    assert (200, ADDRESS) == (answer.status, answer.json["UserName"])
    assert [] == [value for value in answer.headers("Set-Cookie") if "Max-Age=0" in value]


async def test_a_stale_session_secret_does_not_hide_a_good_one(platform: Installation) -> None:
    """Of several session cookies of a program any valid one counts."""
    secret = next(each.value for each in (await platform.authenticate()).cookies if each.name == "ss-id")
    for pairs in ((("ss-id", "A" * 43), ("ss-pid", secret)), (("ss-id", secret), ("ss-id", "A" * 43))):
        assert 200 == (await ask(platform, "GET", "/api/auth", cookie(*pairs))).status


async def test_an_expired_session_does_not_hide_a_new_one(platform: Installation) -> None:
    """Cookies of an expired session before and after those of a new one do not matter."""
    old = await platform.browser()
    platform.wait(timedelta(days=15))
    new = await platform.browser()
    for jars in ((old, new), (new, old)):
        pairs = [(name, jar[name]) for jar in jars for name in ("ss-tok", "ss-reftok")]
        assert 200 == (await ask(platform, "GET", "/api/auth", cookie(*pairs))).status


async def test_a_renewal_takes_the_valid_refresh_token(platform: Installation) -> None:
    """`GetAccessToken` tries each refresh token."""
    jar = await platform.browser()
    headers = JSON | cookie(("ss-reftok", jar["ss-reftok"]), ("ss-reftok", "wrong"))
    answer = await ask(platform, "POST", "/api/access-token", headers, b"{}")
    assert ["ss-tok", "ss-reftok"] == [value.partition("=")[0] for value in answer.headers("Set-Cookie")]


async def test_invalid_cookies_are_all_deleted(platform: Installation) -> None:
    """If no cookie is valid, all are deleted."""
    answer = await ask(platform, "GET", "/api/auth", cookie(("ss-tok", "wrong"), ("ss-tok", "too")))
    assert 401 == answer.status


async def test_at_most_four_cookies_of_one_name_are_tried(platform: Installation) -> None:
    """Of the cookies with one name, four at most are looked up."""
    reads = platform.database.reads
    await ask(platform, "GET", "/api/auth", cookie(*(("ss-id", f"{number:043}") for number in range(100))))
    assert 5 >= platform.database.reads - reads


# Caches


async def test_an_answer_with_tokens_is_not_stored(platform: Installation) -> None:
    """A response with tokens is `no-store`."""
    body = f'{{"provider":"credentials","userName":"{ADDRESS}","password":"{PASSWORD}"}}'.encode()
    signed_in = await ask(platform, "POST", "/api/Authenticate", JSON, body)
    refresh = f'{{"refreshToken":"{signed_in.json["refreshToken"]}"}}'.encode()
    renewed = await ask(platform, "POST", "/api/GetAccessToken", JSON, refresh)
    assert [["no-store"], ["no-store"]] == [each.headers("Cache-Control") for each in (signed_in, renewed)]


async def test_an_answer_to_credentials_is_private(platform: Installation) -> None:
    """A response to a request with credentials, valid or not, is `private`."""
    for headers in (
        bearer((await platform.bearer()).bearer_token),
        cookie(*(await platform.browser()).items()),
        bearer("wrong"),
        cookie(("ss-tok", "wrong")),
    ):
        for path in ("/api/auth", "/api/nothing/here"):
            answer = await ask(platform, "GET", path, headers)
            assert ["private, no-cache"] == answer.headers("Cache-Control")


async def test_an_answer_without_credentials_may_be_cached(platform: Installation) -> None:
    """A response to a request without credentials has no `Cache-Control`."""
    assert [] == (await ask(platform, "GET", "/api/metadata", {})).headers("Cache-Control")


async def test_a_guessed_token_ends_no_session(platform: Installation) -> None:
    """The service refuses a guessed token without HTTP, too."""
    with pytest.raises(NotAuthenticated):
        await platform.sign_in.logout(AuthenticateLogout(), Call(headers={"authorization": "Bearer wrong"}))
