"""Tests of JSONP."""

import pytest
from tests.support.asgi import send
from tests.support.demo import BASIC, BEARER, COOKIE, OTHER_ID, WISH_ID, demo_host

HOST = demo_host()
SCRIPT = "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "target",
    [
        "/api/greetings/Sun?callback=cb",
        "/api/greetings/Sun.json?callback=cb",
        "/api/Hello?name=Sun&callback=cb",
        "/api/json/reply/Hello?name=Sun&callback=cb&format=xml",
    ],
)
async def test_script(target: str) -> None:
    """The response to a GET with a callback is a script that calls it, which cannot pass for another file type."""
    answered = await send(HOST, "GET", target)

    assert '/**/cb({"Result":"Hello, Sun","Count":0})' == answered.text
    assert SCRIPT == answered.header("Content-Type")
    assert "nosniff" == answered.header("X-Content-Type-Options")
    assert str(len(answered.body)) == answered.header("Content-Length")


async def test_errors_have_status_200() -> None:
    """An error is also a call with status 200, because browsers do not run a script with an error status."""
    answered = await send(HOST, "GET", "/api/nothing/here?callback=cb")

    assert 200 == answered.status
    assert answered.text.startswith('/**/cb({"ResponseStatus":{"ErrorCode":"RouteNotFound"')
    assert SCRIPT == answered.header("Content-Type")


async def test_casing_of_refusals() -> None:
    """JSONP errors have the casing of names of their path."""
    assert '/**/cb({"responseStatus":' in (await send(HOST, "GET", "/api/Hello?callback=cb")).text


@pytest.mark.parametrize("name", ["alert(1)", "a%20b", "a;b", "%3Cscript%3E", "a" * 100])
async def test_invalid_callback(name: str) -> None:
    """A callback that is not the name of a function is 400, not as a script."""
    answered = await send(HOST, "GET", f"/api/greetings/Sun?callback={name}")

    assert 400 == answered.status
    assert "application/json; charset=utf-8" == answered.header("Content-Type")


@pytest.mark.parametrize("suffix", ["xml", "csv", "html"])
async def test_a_suffix_is_stronger(suffix: str) -> None:
    """A format suffix overrides the callback."""
    answered = await send(HOST, "GET", f"/api/greetings/Sun.{suffix}?callback=cb")

    assert "/**/" not in answered.text


async def test_only_what_reads() -> None:
    """Only GET has JSONP; other methods with a callback get JSON."""
    answered = await send(HOST, "POST", "/api/greetings?callback=cb", body=b'{"Name":"Sun"}')

    assert {"Result": "Hello, Sun", "Count": 0} == answered.json


@pytest.mark.parametrize("credentials", [COOKIE, BASIC, COOKIE | BASIC])
async def test_what_browsers_attach_does_not_count(credentials: dict[str, str]) -> None:
    """Cookies are ignored for JSONP, because any page may load a script with them."""
    answered = await send(HOST, "GET", "/api/me?callback=cb", headers=credentials)

    assert "Unauthorized" in answered.text
    assert [] == answered.headers("Set-Cookie")


async def test_what_code_attaches_counts() -> None:
    """A bearer token is accepted for JSONP, because only the client's own code can send it."""
    assert '/**/cb({"UserId":"member"})' == (await send(HOST, "GET", "/api/me?callback=cb", headers=BEARER)).text


async def test_a_script_changes_nothing() -> None:
    """JSONP cannot change state."""
    target = f"/api/wishes/{WISH_ID}/remove?ContactId={OTHER_ID}&callback=cb"

    assert "MethodNotAllowed" in (await send(HOST, "GET", target, headers=COOKIE)).text


async def test_nothing_to_say() -> None:
    """An operation without a response calls the function with null."""
    assert "/**/cb(null)" == (await send(HOST, "GET", "/api/Forget?callback=cb", headers=BEARER)).text
