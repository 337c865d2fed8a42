"""Tests of a host made from a catalog alone: all formats, and no sign-in."""

import pytest
from tests.support.asgi import send

from servicehost import Authenticated, Call, Catalog, Host, Message, Public, Request, Route, Service
from servicehost.formats import HOST_FORMATS, Format
from servicehost.http import AuthenticatorMissing

SERVICE = Service("Echo", "http://127.0.0.1:8080")


class EchoResponse(Message):
    """What was said."""

    text: str


class Echo(Request[EchoResponse]):
    """Say something again."""

    access = Public
    changes_state = False

    text: str


class Shout(Request[EchoResponse]):
    """Say something louder."""

    access = Public

    text: str


class Whisper(Request[EchoResponse]):
    """Say something to whoever is signed in."""

    access = Authenticated
    routes = (Route("/whispers"),)


async def echo(message: Echo, call: Call) -> EchoResponse:
    """Say it again, to nobody."""
    assert call.principal is None
    return EchoResponse(text=message.text)


def host() -> Host:
    """A host of public operations, without settings."""
    return Host(Catalog(SERVICE, {Echo: echo, Shout: echo}))


@pytest.mark.parametrize("format_", HOST_FORMATS, ids=lambda format_: format_.name)
async def test_all_formats(format_: Format) -> None:
    """Every format of the host is served by default."""
    answered = await send(host(), "GET", f"/api/Echo.{format_.name}?Text=sun")

    assert 200 == answered.status
    assert b"sun" in answered.body


@pytest.mark.parametrize("credentials", ["Bearer token", "Basic c3VuOnNlY3JldA=="])
async def test_credentials_are_ignored(credentials: str) -> None:
    """A host without an authenticator ignores credentials."""
    answered = await send(host(), "GET", "/api/Echo?Text=sun", headers={"Authorization": credentials})

    assert {"Text": "sun"} == answered.json


async def test_state_changes_are_still_guarded() -> None:
    """Links and pages of other sites cannot change state, with any credentials."""
    carried = {"Authorization": "Bearer token", "Origin": "https://elsewhere.example"}
    refused = await send(host(), "POST", "/api/Shout", headers=carried, body=b'{"Text":"sun"}')

    assert 403 == refused.status
    assert 405 == (await send(host(), "GET", "/api/Shout?Text=sun", headers=carried)).status
    assert {"Text": "sun"} == (await send(host(), "POST", "/api/Shout", body=b'{"Text":"sun"}')).json


def test_sign_in_without_an_authenticator() -> None:
    """A host refuses an operation that could never be called, and says what to do."""
    expected = (
        "Whisper requires a sign-in, and the host has no authenticator. "
        "Pass one to the host, or declare `access = Public` in the request."
    )
    with pytest.raises(AuthenticatorMissing) as missing:
        Host(Catalog(SERVICE, {Echo: echo, Whisper: echo}))

    assert expected == str(missing.value)


def test_a_page_that_requires_a_sign_in() -> None:
    """Pages outside the mount are checked too."""
    with pytest.raises(AuthenticatorMissing, match=r"^Whisper requires"):
        Host(Catalog(SERVICE, {Echo: echo}), pages={Whisper: echo})
