"""Sign-in as clients see it: paths, casing, cookies, challenges."""

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
    """The installation's operations, served."""
    handlers = {**platform.sign_in.handlers(), **platform.accounts.handlers()}
    catalog = Catalog(Service("Platform API", ORIGIN, "urn:platform", "Platform"), handlers)
    return Host(catalog, WIRE_FORMATS, platform.sign_in.authenticator, HostSettings(access_log=False))


async def post(
    platform: Installation, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> Answered:
    """Post JSON."""
    return await send(host(platform), "POST", path, headers=headers or JSON, body=json.dumps(body).encode())


def cookie_header(answer: Answered) -> dict[str, str]:
    """The header that a browser sends after an answer."""
    pairs = [value.split(";")[0] for value in answer.headers("Set-Cookie")]
    return BROWSER | {"Cookie": "; ".join(pairs)}


@pytest.mark.parametrize(
    "path", ["/api/Authenticate", "/api/auth/credentials", "/api/auth", "/api/json/reply/Authenticate"]
)
async def test_credentials_sign_in_wherever_clients_post_them(platform: Installation, path: str) -> None:
    """By name, by route and by the predefined path."""
    answer = await post(platform, path, CREDENTIALS)
    assert (200, ADDRESS) == (answer.status, {key.lower(): value for key, value in answer.json.items()}["username"])


async def test_the_answer_has_the_names_that_clients_read(platform: Installation) -> None:
    """The published clients read camelCase names only."""
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
    """Every operation on connections asks for it."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS)
    assert {"ContactId": platform.verified[-1][0]} == answer.json["meta"]


async def test_the_cookies_have_an_age_and_no_date(platform: Installation) -> None:
    """A published client splits a date at its comma."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS | {"rememberMe": True}, BROWSER)
    cookies = answer.headers("Set-Cookie")
    assert 5 == len(cookies)
    for cookie in cookies:
        assert re.fullmatch(r"ss-\w+=[^;,]+; Path=/(; Max-Age=\d+)?; HttpOnly; SameSite=Lax; Secure", cookie)


async def test_a_browser_is_told_of_its_token_cookies(platform: Installation) -> None:
    """Its script cannot read them."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    assert "ss-tok,ss-reftok" == answer.header("X-Cookies")
    assert "bearerToken" not in answer.json


async def test_wrong_credentials_are_a_401_with_a_challenge(platform: Installation) -> None:
    """Some clients send their password only after one."""
    answer = await post(platform, "/api/Authenticate", CREDENTIALS | {"password": "wrong password"})
    assert (401, "Unauthorized", "Invalid Username or Password") == (
        answer.status,
        answer.json["responseStatus"]["errorCode"],
        answer.json["responseStatus"]["message"],
    )
    assert "realm" in (answer.header("WWW-Authenticate") or "")


async def test_a_page_asks_who_is_signed_in(platform: Installation) -> None:
    """With its cookies, by GET."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await send(host(platform), "GET", "/api/auth", headers=cookie_header(signed_in))
    assert (200, ADDRESS) == (answer.status, answer.json["UserName"])


async def test_a_browser_renews_its_token(platform: Installation) -> None:
    """Empty body, new cookies."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await post(platform, "/api/GetAccessToken", {"useTokenCookie": True}, cookie_header(signed_in))
    assert (200, {}) == (answer.status, answer.json)
    assert ["ss-tok", "ss-reftok"] == [value.partition("=")[0] for value in answer.headers("Set-Cookie")]


async def test_a_program_renews_its_token_with_a_stale_one_in_the_header(platform: Installation) -> None:
    """A published client does."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS)
    body = {"refreshToken": signed_in.json["refreshToken"], "useTokenCookie": False}
    answer = await post(platform, "/api/GetAccessToken", body, JSON | {"Authorization": "Bearer stale"})
    assert 200 == answer.status
    assert answer.json["accessToken"]


async def test_a_bad_refresh_token_is_a_403(platform: Installation) -> None:
    """Published clients take it for the end of the session."""
    answer = await post(platform, "/api/GetAccessToken", {"refreshToken": "nonsense"})
    assert (403, "Forbidden") == (answer.status, answer.json["responseStatus"]["errorCode"])


async def test_basic_tells_who_is_signed_in(platform: Installation) -> None:
    """Without any session."""
    value = base64.b64encode(f"{ADDRESS}:{PASSWORD}".encode()).decode()
    answer = await send(host(platform), "GET", "/api/auth", headers={"Authorization": f"Basic {value}"})
    assert (200, None) == (answer.status, answer.json.get("SessionId"))


async def test_signing_out_deletes_the_cookies(platform: Installation) -> None:
    """All five, with an age of nothing."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await post(platform, "/api/auth/logout", {}, cookie_header(signed_in))
    assert (200, 5) == (answer.status, len([each for each in answer.headers("Set-Cookie") if "Max-Age=0" in each]))


async def test_a_link_signs_nobody_out(platform: Installation) -> None:
    """GET changes nothing."""
    signed_in = await post(platform, "/api/Authenticate", CREDENTIALS, BROWSER)
    answer = await send(host(platform), "GET", "/api/auth/logout", headers=cookie_header(signed_in))
    assert (405, True) == (answer.status, "POST" in (answer.header("Allow") or ""))


async def test_a_foreign_page_cannot_sign_a_visitor_in(platform: Installation) -> None:
    """Nor does a program at home have to mind."""
    foreign = JSON | {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = await post(platform, "/api/Authenticate", CREDENTIALS, foreign)
    assert 403 == answer.status


async def test_register_is_answered_by_the_name_that_clients_have_built_in(platform: Installation) -> None:
    """With the members and the casing of ServiceStack's own message."""
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
    """From the form to the account, in XML."""
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
    """Clients show each beside its field."""
    answer = await post(platform, "/api/RegisterNewUser", {"EmailAddress": "nobody"})
    assert 400 == answer.status
    assert ["EmailAddress", "Password", "FirstName", "Surname"] == [
        error["fieldName"] for error in answer.json["responseStatus"]["errors"]
    ]


async def test_a_forgotten_password_over_http(platform: Installation) -> None:
    """By POST only: the link of a mail scanner mails nothing."""
    path = f"/api/account/{ADDRESS}/passwordresettoken"
    assert 405 == (await send(host(platform), "GET", path)).status
    assert 200 == (await post(platform, path, {})).status
    token = token_in((await platform.mails())[-1])
    body = {"Token": token, "NewPassword": "a better password", "ConfirmPassword": "a better password"}
    assert 200 == (await post(platform, "/api/account/passwordreset", body)).status
    answer = await post(platform, "/api/Authenticate", CREDENTIALS | {"password": "a better password"})
    assert 200 == answer.status
