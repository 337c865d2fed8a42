"""What the published clients do once an access token has expired."""

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
    """The name of a client that renews tokens."""
    name: str = request.param
    return name


def test_an_expired_token_is_refused(told: Told) -> None:
    """A client without a refresh token is told why."""
    expired = {"status": 401, "code": "Unauthorized", "message": "Token has expired", "fields": []}
    assert expired == told["without a refresh token"]


def test_a_refresh_token_in_the_body_gets_another_token(told: Told, platform: Platform) -> None:
    """Nobody notices, and the refresh token works more than once, since clients keep the first that they got."""
    assert [platform.first.contact, True] == told["in the body"]
    assert platform.first.contact == told["in the body again"]


def test_clients_of_the_older_place_renew_at_the_newer_one(told: Told, platform: Platform) -> None:
    """They are told the address once; where they would ask by themselves the names are not those that they read."""
    assert platform.first.contact == told["in the older place"]


def test_a_wrong_refresh_token_says_so(told: Told) -> None:
    """The client knows that it was the renewal which failed."""
    message = "The refresh token is invalid or has expired. Sign in again."
    expected = {"status": 403, "code": "Forbidden", "message": message, "fields": [], "while": "renewing"}
    assert expected == told["a wrong refresh token"]


def test_another_failure_is_told_as_it_is(told: Told) -> None:
    """A client that renews whenever something fails, and so asks twice, tells what the request failed of."""
    failed = told["another failure"]
    assert (404, "NotFound", None) == (failed["status"], failed["code"], failed.get("while"))


@pytest.mark.parametrize("client", [*RENEWING, "JsonApiClient"])
def test_tokens_in_cookies_are_renewed_silently(told: Told, platform: Platform) -> None:
    """The client need not do anything; and when it asks for another token nevertheless, that comes in a cookie too."""
    assert [platform.first.contact, True] == told["in cookies"]
    assert [None, platform.first.contact] == told["asked for in cookies"]
