"""Every way to sign in and out with the published clients."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.programs import Platform

pytestmark = pytest.mark.conformance

PROGRAM = "sign_in"
Told = Mapping[str, Any]


def unauthorized(message: str) -> dict[str, Any]:
    """Return the error for a caller that the server does not know."""
    return {"status": 401, "code": "Unauthorized", "message": message, "fields": []}


NOBODY = unauthorized("Not Authenticated. Sign in, or send a valid bearer token.")
NOT_RENEWED = unauthorized("There is no refresh token. Sign in again.") | {"while": "renewing"}
SESSION = ["ss-id", "ss-opt", "ss-pid"]


def test_credentials_give_tokens_and_tell_who_it_is(told: Told, platform: Platform) -> None:
    """Programs receive an access token and a refresh token in the body, under camelCase names."""
    expected = ["first@example.com", "first Person", [], platform.first.contact, True, True]
    assert expected == told["credentials"]


def test_the_cookie_of_the_session_is_enough(told: Told, platform: Platform) -> None:
    """A client that keeps cookies but no tokens stays signed in."""
    assert [SESSION, platform.first.contact] == told["session cookie"]
    assert told["who is signed in"] == "first@example.com"


def test_a_session_ends_with_signing_out(told: Told, client: str) -> None:
    """The cookies are deleted, and tokens of the session are invalid. One client then tries to renew."""
    refused = NOT_RENEWED if client == "JsonServiceClient" else NOBODY
    assert [[], refused] == told["signed out"]
    assert unauthorized("The session has ended. Sign in again.") == told["token of a session that has ended"]


@pytest.mark.parametrize("way", ["bearer", "basic", "asked to sign in"])
def test_headers_sign_in(told: Told, platform: Platform, way: str) -> None:
    """A bearer token or Basic credentials work, sent immediately or after a 401."""
    assert platform.first.contact == told[way]


def test_nobody_is_told_to_sign_in(told: Told) -> None:
    """Without credentials, the 401 says what to do."""
    assert NOBODY == told["nobody"]


@pytest.mark.parametrize("way", ["wrong password", "wrong basic"])
def test_wrong_credentials_are_refused_in_the_words_that_clients_know(told: Told, way: str) -> None:
    """The error does not tell whether the address or the password is wrong."""
    assert unauthorized("Invalid Username or Password") == told[way]


def test_a_token_that_is_none_is_refused_where_somebody_must_sign_in(told: Told) -> None:
    """Only there: a sign-in ignores an old token."""
    assert unauthorized("Token is invalid") == told["garbage as a token"]
    assert told["garbage where nobody need sign in"] == "first@example.com"


def test_tokens_travel_in_cookies_for_who_asks_for_it(told: Told, platform: Platform, client: str) -> None:
    """The body then contains no tokens, and signing out deletes the cookies."""
    cookies = [*SESSION, "ss-reftok", "ss-tok"]
    assert [[platform.first.contact, False, False], cookies, platform.first.contact] == told["token cookies"]
    refused = NOBODY if client == "JsonApiClient" else NOT_RENEWED
    assert [[], refused] == told["token cookies after signing out"]
