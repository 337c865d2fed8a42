"""Behaviour of the published clients after the expiry of an access token."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.programs import Platform

pytestmark = pytest.mark.conformance

PROGRAM = "renewal"
RENEWING = ("python", "JsonServiceClient")
"""Those that renew a token by themselves."""

Told = Mapping[str, Any]


@pytest.fixture(params=RENEWING)
def client(request: pytest.FixtureRequest) -> str:
    """Return the name of a client that renews tokens."""
    name: str = request.param
    return name


def test_an_expired_token_is_refused(told: Told) -> None:
    """A client without a refresh token learns why."""
    expired = {"status": 401, "code": "Unauthorized", "message": "Token has expired", "fields": []}
    assert expired == told["without a refresh token"]


def test_a_refresh_token_in_the_body_gets_another_token(told: Told, platform: Platform) -> None:
    """Renewal is transparent, and the refresh token works repeatedly, since clients keep the first one."""
    assert [platform.first.contact, True] == told["in the body"]
    assert platform.first.contact == told["in the body again"]


def test_clients_of_the_older_place_renew_at_the_newer_one(told: Told, platform: Platform) -> None:
    """Clients configure the address once, because they cannot read the names at the older address."""
    assert platform.first.contact == told["in the older place"]


def test_a_wrong_refresh_token_says_so(told: Told) -> None:
    """The client learns that the renewal failed."""
    message = "The refresh token is invalid or has expired. Sign in again."
    expected = {"status": 403, "code": "Forbidden", "message": message, "fields": [], "while": "renewing"}
    assert expected == told["a wrong refresh token"]


def test_another_failure_is_told_as_it_is(told: Told) -> None:
    """A client that renews after any failure, and so repeats the request, reports the original error."""
    failed = told["another failure"]
    assert (404, "NotFound", None) == (failed["status"], failed["code"], failed.get("while"))


@pytest.mark.parametrize("client", [*RENEWING, "JsonApiClient"])
def test_tokens_in_cookies_are_renewed_silently(told: Told, platform: Platform) -> None:
    """The server renews without the client's help; if the client requests a token, that is also sent in a cookie."""
    assert [platform.first.contact, True] == told["in cookies"]
    assert [None, platform.first.contact] == told["asked for in cookies"]
