"""Tests of sign-in over HTTP: paths, casing, cookies, challenges."""

import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.accounts import ADDRESS, ORIGIN, PASSWORD, Installation, installation, token_in
from tests.support.asgi import Answered, send

from servicehost.contract.catalog import Catalog, Service
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings

JSON = {"Content-Type": "application/json"}
BROWSER = JSON | {"Sec-Fetch-Site": "same-origin"}
CREDENTIALS = {"provider": "credentials", "userName": ADDRESS, "password": PASSWORD}


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member."""
    async with installation() as platform:
        await platform.member()
        yield platform


def host(platform: Installation) -> Host:
    """The host of the installation's operations."""
    handlers = {**platform.sign_in.handlers(), **platform.accounts.handlers()}
    catalog = Catalog(Service("Platform API", ORIGIN, "urn:platform", "Platform"), handlers)
    return Host(catalog, WIRE_FORMATS, platform.sign_in.authenticator, HostSettings(access_log=False))


async def post(
    platform: Installation, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> Answered:
    """Post JSON."""
    return await send(host(platform), "POST", path, headers=headers or JSON, body=json.dumps(body).encode())


def cookie_header(answer: Answered) -> dict[str, str]:
    """The `Cookie` header that a browser sends after a response."""
    pairs = [value.split(";")[0] for value in answer.headers("Set-Cookie")]
    return BROWSER | {"Cookie": "; ".join(pairs)}


@pytest.mark.parametrize(
    "path", ["/api/Authenticate", "/api/auth/credentials", "/api/auth", "/api/json/reply/Authenticate"]
)
async def test_credentials_sign_in_wherever_clients_post_them(platform: Installation, path: str) -> None:
    """Credentials are accepted at the operation's name, at its route and at the predefined path."""
    answer = await post(platform, path, CREDENTIALS)
    assert (200, ADDRESS) == (answer.status, {key.lower(): value for key, value in answer.json.items()}["username"])


async def test_the_answer_has_the_names_that_clients_read(platform: Installation) -> None:
    """The response has camelCase names, the only ones that published clients read."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS)
    assert {
        "userId",
        "sessionId",
        "userName",
        "displayName",
        "bearerToken",
        "refreshToken",
        "refreshTokenExpiry",
        "roles",
        "permissions",
        "authProvider",
        "meta",
    } == set(answer.json)


async def test_the_answer_says_which_contact_the_user_is(platform: Installation) -> None:
    """The response has the user's contact, which every operation on connections needs."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS)
    assert {"ContactId": platform.verified[-1][0]} == answer.json["meta"]


async def test_the_cookies_have_an_age_and_no_date(platform: Installation) -> None:
    """Cookies have `Max-Age` and no `Expires`, whose comma a published client splits at."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS | {"rememberMe": True}, BROWSER)
    cookies = answer.headers("Set-Cookie")
    assert 5 == len(cookies)
    for cookie in cookies:
        assert re.fullmatch(r"ss-\w+=[^;,]+; Path=/(; Max-Age=\d+)?; HttpOnly; SameSite=Lax; Secure", cookie)


async def test_a_browser_is_told_of_its_token_cookies(platform: Installation) -> None:
    """A header names the token cookies, which scripts cannot read."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    assert "ss-tok,ss-reftok" == answer.header("X-Cookies")
    assert "bearerToken" not in answer.json


async def test_wrong_credentials_are_a_401_with_a_challenge(platform: Installation) -> None:
    """Wrong credentials are 401 with a challenge, which some clients need before they send a password."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS | {"password": "wrong password"})
    assert (401, "Unauthorized", "Invalid Username or Password") == (
        answer.status,
        answer.json["responseStatus"]["errorCode"],
        answer.json["responseStatus"]["message"],
    )
    assert "realm" in (answer.header("WWW-Authenticate") or "")


async def test_a_page_asks_who_is_signed_in(platform: Installation) -> None:
    """A browser reads its user by GET with its cookies."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await send(host(platform), "GET", "/api/auth", headers=cookie_header(signed_in))
    assert (200, ADDRESS) == (answer.status, answer.json["UserName"])


async def test_a_browser_renews_its_token(platform: Installation) -> None:
    """A browser with an empty body gets new cookies."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await post(platform, "/api/GetAccessToken", {"useTokenCookie": True}, cookie_header(signed_in))
    assert (200, {}) == (answer.status, answer.json)
    assert ["ss-tok", "ss-reftok"] == [value.partition("=")[0] for value in answer.headers("Set-Cookie")]


async def test_a_program_renews_its_token_with_a_stale_one_in_the_header(platform: Installation) -> None:
    """A refresh token in the body works beside an expired bearer token, which a published client sends along."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS)
    body = {"refreshToken": signed_in.json["refreshToken"], "useTokenCookie": False}
    answer = await post(platform, "/api/GetAccessToken", body, JSON | {"Authorization": "Bearer stale"})
    assert 200 == answer.status
    assert answer.json["accessToken"]


async def test_a_bad_refresh_token_is_a_403(platform: Installation) -> None:
    """An invalid refresh token is 403, which published clients take for the end of the session."""
    answer = await post(platform, "/api/GetAccessToken", {"refreshToken": "nonsense"})
    assert (403, "Forbidden") == (answer.status, answer.json["responseStatus"]["errorCode"])


async def test_basic_tells_who_is_signed_in(platform: Installation) -> None:
    """A user is authenticated by Basic without a session."""
    value = base64.b64encode(f"{ADDRESS}:{PASSWORD}".encode()).decode()
    answer = await send(host(platform), "GET", "/api/auth", headers={"Authorization": f"Basic {value}"})
    assert (200, None) == (answer.status, answer.json.get("SessionId"))


async def test_signing_out_deletes_the_cookies(platform: Installation) -> None:
    """All five cookies are deleted by `Max-Age=0`."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await post(platform, "/api/auth/logout", {}, cookie_header(signed_in))
    assert (200, 5) == (answer.status, len([each for each in answer.headers("Set-Cookie") if "Max-Age=0" in each]))


async def test_signing_out_by_get_is_refused(platform: Installation) -> None:
    """Signing out by GET is refused and changes nothing."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await send(host(platform), "GET", "/api/auth/logout", headers=cookie_header(signed_in))
    assert (405, True) == (answer.status, "POST" in (answer.header("Allow") or ""))


async def test_a_foreign_page_cannot_sign_a_visitor_in(platform: Installation) -> None:
    """Sign-in from a page of another site is 403."""
    foreign = JSON | {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = await post(platform, "/api/Authenticate", CREDENTIALS, foreign)
    assert 403 == answer.status


async def test_register_is_understood(platform: Installation) -> None:
    """ServiceStack's own `Register` message is understood, with its members and casing."""
    body = {
        "userName": "second@example.com",
        "email": "second@example.com",
        "firstName": "Second",
        "lastName": "Person",
        "password": PASSWORD,
        "confirmPassword": PASSWORD,
        "autoLogin": True,
    }
    answer = await post(platform, "/api/Register", body)
    assert (200, {"message"}) == (answer.status, set(answer.json))


async def test_registration_and_proof_over_http(platform: Installation) -> None:
    """A form registers a user, and the link in the mail creates the account, all in XML."""
    body = (
        "<RegisterNewUser><EmailAddress>second@example.com</EmailAddress><FirstName>Second</FirstName>"
        f"<Password>{PASSWORD}</Password><Surname>Person</Surname></RegisterNewUser>"
    )
    xml = {"Content-Type": "application/xml", "Accept": "application/xml"}
    registered = await send(host(platform), "POST", "/api/register", headers=xml, body=body.encode())
    assert (200, True) == (registered.status, "Check your mail" in registered.text)
    token = token_in((await platform.mails())[-1])
    proved = await post(platform, "/api/account/verifymailbox", {"Token": token, "Password": PASSWORD})
    assert (200, True) == (proved.status, "ready" in proved.json["Message"])
    answer = await post(platform, "/api/Authenticate", CREDENTIALS | {"userName": "second@example.com"})
    assert 200 == answer.status


async def test_every_wrong_member_of_a_registration_is_named(platform: Installation) -> None:
    """The response names every invalid member, so that clients can show each error beside its field."""
    answer = await post(platform, "/api/RegisterNewUser", {"EmailAddress": "nobody"})
    assert 400 == answer.status
    assert ["EmailAddress", "Password", "FirstName", "Surname"] == [
        error["fieldName"] for error in answer.json["responseStatus"]["errors"]
    ]


async def test_a_forgotten_password_over_http(platform: Installation) -> None:
    """A reset link is mailed by POST only, so that a mail scanner that follows links triggers nothing."""
    path = f"/api/account/{ADDRESS}/passwordresettoken"
    assert 405 == (await send(host(platform), "GET", path)).status
    assert 200 == (await post(platform, path, {})).status
    token = token_in((await platform.mails())[-1])
    body = {"Token": token, "NewPassword": "a better password", "ConfirmPassword": "a better password"}
    assert 200 == (await post(platform, "/api/account/passwordreset", body)).status
    answer = await post(platform, "/api/Authenticate", CREDENTIALS | {"password": "a better password"})
    assert 200 == answer.status
