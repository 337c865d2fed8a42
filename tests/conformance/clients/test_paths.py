"""One operation at each of its addresses and with each method, as sent by the published clients."""

from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.conformance

PROGRAM = "paths"
METHODS = ("get", "post", "put", "patch", "delete")
Told = Mapping[str, Any]

NONE = [0, 0]
"""How many connections there are, and are shown."""


@pytest.mark.parametrize("place", ["newer", "older"])
def test_every_method_asks_for_the_same(told: Told, place: str) -> None:
    """Members may be in the query or in the body; `/api` and `/json/reply` both accept the operation's name."""
    assert dict.fromkeys(METHODS, NONE) == {method: told[f"{method} in the {place} place"] for method in METHODS}


@pytest.mark.parametrize("way", ["its route", "its route by post", "beside a body"])
def test_routes_and_bodies_are_free(told: Told, way: str) -> None:
    """A client may use a declared route, or send its own body with members in the query."""
    assert NONE == told[way]


def test_names_in_the_older_place_are_as_declared(told: Told, client: str) -> None:
    """The Python client therefore sees only the status of errors there, and signs in at the newer address."""
    refused = told["a refusal in the older place"]
    assert (400, None if client == "python" else "NotEmpty") == (refused["status"], refused.get("code"))
    assert told["credentials in the older place"] is None


def test_a_client_may_ask_for_other_names(told: Told) -> None:
    """The query can select the casing of names for one response."""
    assert {"connections": [], "totalConnections": 0} == told["names as asked"]
