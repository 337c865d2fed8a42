"""Errors as the published clients report them."""

from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.conformance

PROGRAM = "refusals"
Told = Mapping[str, Any]


def test_every_wrong_member_is_named_with_its_own_code(told: Told) -> None:
    """All invalid members are listed, by the names that the sources declare."""
    refused = told["several members"]
    fields = [["EmailAddress", "Email"], ["Password", "Length"], ["Surname", "NotEmpty"]]
    assert (400, "Email", fields) == (refused["status"], refused["code"], refused["fields"])


@pytest.mark.parametrize(
    ("case", "code", "member"),
    [
        ("missing", "NotEmpty", "ConnectionRequestId"),
        ("no id", "SerializationException", "ConnectionRequestId"),
        ("no id in a query", "SerializationException", "ListIds[1]"),
    ],
)
def test_a_value_that_cannot_be_is_named(told: Told, case: str, code: str, member: str) -> None:
    """Invalid values are reported in bodies and queries, list items by position."""
    refused = told[case]
    assert (400, code, [[member, code]]) == (refused["status"], refused["code"], refused["fields"])
    assert member.partition("[")[0] in refused["message"].replace(" ", "")


@pytest.mark.parametrize(
    ("case", "status", "code"),
    [
        ("unknown operation", 404, "RouteNotFound"),
        ("not found", 404, "NotFound"),
        ("not allowed", 403, "Forbidden"),
        ("read where it writes", 405, "MethodNotAllowed"),
        ("too soon", 429, "TooManyRequests"),
        ("too late", 409, "AlreadyCancelled"),
    ],
)
def test_a_refusal_has_its_status_and_its_code(told: Told, case: str, status: int, code: str) -> None:
    """An error that is not caused by a member lists none."""
    refused = told[case]
    assert (status, code, []) == (refused["status"], refused["code"], refused["fields"])


def test_on_a_route_the_client_for_python_learns_the_status_only(told: Told, client: str) -> None:
    """Names on routes are as declared, but that client reads camelCase names; the others read both."""
    refused = told["unknown route"]
    assert (404, None if client == "python" else "RouteNotFound") == (refused["status"], refused.get("code"))
