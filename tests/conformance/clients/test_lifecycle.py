"""All operations on connections with the published clients and the server's sources."""

from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.conformance

PROGRAM = "lifecycle"
Told = Mapping[str, Any]

PLACES = {
    "AcceptConnectionRequest",
    "CancelConnection",
    "CancelConnectionRequest",
    "ConnectContactsInRoles",
    "ConnectionRequestResend",
    "ConnectionStatusUpdate",
    "DeclineConnectionRequest",
    "GetConnectionRequests",
    "GetConnectionsToContact",
    "GetDataLists",
    "GetLists",
    "GetOwnContact",
    "GetResetPasswordToken",
    "GetRolesForConnection",
    "IgnoreConnectionRequest",
    "InviteContact",
    "PasswordReset",
    "PublicConnectionRequestStatusUpdate",
    "RegisterNewUser",
    "RemoveConnection",
    "VerifyMailbox",
    "connectionrequests/*/accept",  # ConnectionRequestStatusUpdate
    "connections/*/remove",
    "contacts/*/connectionrequests/sent",
}
"""Where the operations on connections and accounts answer, those that one signs in with aside."""


def test_every_operation_is_sent(told: Told) -> None:
    """The program sends every operation."""
    assert set() == PLACES - {place.removeprefix("/api/") for place in told["places"]}


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("registered", [[True, True], [True, True]]),
        ("described", "Zoë & Söhne, <b>said</b>"),
        ("lists", ["Standard Roles", True, "Lists"]),
        ("roles", ["Business Contact", "Business Partner", "Client"]),
        ("received", [True, "Client", True]),
        ("dates", True),
        ("sent", [True]),
        ("sent again", None),
        ("accepted", [[], ["Active"]]),
        ("pages", [[2, 1], [2, 1]]),
        ("removed", 0),
        ("ignored", [0, 1]),
        ("declined, then cancelled", 0),
        ("cancelled", 0),
        ("accepted by mail", [True]),
        ("a guest", True),
        ("a new password", True),
    ],
)
def test_what_people_do_is_done(told: Told, thing: str, expected: object) -> None:
    """The program reports the expected result of each act."""
    assert expected == told[thing]
