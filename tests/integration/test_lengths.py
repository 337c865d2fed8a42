"""Every text and list of every operation is bounded, and refused before it costs more than its length."""

import base64
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
import pytest
from tests.support.accounts import ADDRESS, ORIGIN, PASSWORD, Installation, installation
from tests.support.asgi import Answered, send
from tests.support.catalog import the_catalog

from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.errors import UnreadableMembers
from servicehost.contract.types import ListOf, MapOf, MemberModel, MessageModel, Nullable, Ref, Scalar, TypeNode
from servicehost.formats.codec import Style
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings

JSON = WIRE_FORMATS[0]
COMBINING = "a" + "\u0345\u0300" * 100_000
"""Takes half a minute to normalise."""


def too_large(node: TypeNode, member: MemberModel) -> Iterator[tuple[str, Any]]:
    """Values of a member's type that break one bound each, with the field that is to be named."""
    bounds = member.bounds
    match node:
        case Nullable(inner):
            yield from too_large(inner, member)
        case Scalar.STRING:
            yield "", "x" * (bounds.length + 1)
        case ListOf(item):
            yield "", [None] * (bounds.items + 1)
            yield from ((f"[0]{path}", [value]) for path, value in too_large(item, member))
        case MapOf(_, value):
            yield "", {str(number): None for number in range(bounds.items + 1)}
            yield from ((f"[a]{path}", {"a": inner}) for path, inner in too_large(value, member))
        case Ref(model):
            yield from ((f".{path}", value) for path, value in bodies(model))


def bodies(model: MessageModel) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies of a message that break one bound each, for every text and list in it at any depth."""
    for member in model.members:
        yield from ((f"{member.name}{path}", {member.name: value}) for path, value in too_large(member.type, member))


@pytest.mark.no_database
def test_every_text_and_list_of_every_request_is_bounded() -> None:
    """Unpublished members and those of messages inside too."""
    tried = 0
    for operation in the_catalog():
        read = JSON.reader(operation.request, Style("urn:any"))
        for field, body in bodies(operation.request):
            with pytest.raises(UnreadableMembers) as raised:
                read(msgspec.json.encode(body))
            assert [(field, "Length")] == [(error.field, error.code) for error in raised.value.fields]
            tried += 1
    assert tried > 90


@pytest.mark.no_database
def test_no_bound_is_larger_than_the_domain_says() -> None:
    """4,000 characters, 1,000 items."""
    members = [member for operation in the_catalog() for member in operation.request.members]
    assert (4000, 1000) == (
        max(member.bounds.length for member in members),
        max(member.bounds.items for member in members),
    )


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member, whose first request has been answered."""
    async with installation() as platform:
        await platform.member()
        await post(platform, "/api/Authenticate", {})
        yield platform


async def post(
    platform: Installation, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> Answered:
    """The answer to a body in JSON."""
    handlers = {**platform.sign_in.handlers(), **platform.accounts.handlers()}
    catalog = Catalog(Service("Platform API", ORIGIN, "urn:platform", "Platform"), handlers)
    host = Host(catalog, WIRE_FORMATS, platform.sign_in.authenticator, HostSettings(access_log=False))
    sent = {"Content-Type": "application/json"} | (headers or {})
    return await send(host, "POST", path, headers=sent, body=msgspec.json.encode(body))


REQUESTS = [
    ("/api/Authenticate", {"provider": "credentials", "userName": COMBINING, "password": "x"}, "UserName"),
    ("/api/Authenticate", {"provider": "credentials", "userName": ADDRESS, "password": COMBINING}, "Password"),
    ("/api/RegisterNewUser", {"EmailAddress": COMBINING, "Password": "x"}, "EmailAddress"),
    ("/api/RegisterNewUser", {"EmailAddress": ADDRESS, "Password": COMBINING}, "Password"),
    ("/api/RegisterNewUser", {"EmailAddress": ADDRESS, "TradingName": "x", "FirstName": COMBINING}, "FirstName"),
    ("/api/Register", {"Email": COMBINING, "Password": "x"}, "Email"),
    ("/api/GetResetPasswordToken", {"UserName": COMBINING}, "UserName"),
    ("/api/PasswordReset", {"Token": COMBINING, "NewPassword": "x"}, "Token"),
    ("/api/PasswordReset", {"Token": "x", "NewPassword": COMBINING}, "NewPassword"),
    ("/api/VerifyMailbox", {"Token": COMBINING}, "Token"),
]


@pytest.mark.parametrize(("path", "body", "field"), REQUESTS)
async def test_a_text_that_is_costly_to_normalise_is_refused_by_its_length(
    platform: Installation, path: str, body: dict[str, Any], field: str
) -> None:
    """Nothing is hashed and no statement is run for it."""
    hashed = platform.passwords.computations
    with platform.database.recording() as statements:
        answer = await post(platform, path, body)
    status = answer.status_of_error
    errors = [
        {key.lower(): value for key, value in error.items()} for error in status.get("Errors") or status["errors"]
    ]
    assert (400, (field.lower(), "Length")) == (
        answer.status,
        next((error["fieldname"].lower(), error["errorcode"]) for error in errors if error["errorcode"] == "Length"),
    )
    assert (0, 0) == (platform.passwords.computations - hashed, len(statements))


@pytest.mark.parametrize(
    ("user_name", "password"),
    [(ADDRESS, PASSWORD + "x" * 200), ("x" * 255, PASSWORD), (ADDRESS, "\u0345\u0300" * 1000), ("", PASSWORD)],
)
async def test_basic_credentials_that_are_too_long_are_wrong(
    platform: Installation, user_name: str, password: str
) -> None:
    """The answer is that to any wrong password, and nothing is counted, looked up or hashed for it."""
    wrong = await post(platform, "/api/Authenticate", {}, basic(ADDRESS, "another password"))
    hashed = platform.passwords.computations
    with platform.database.recording() as statements:
        answer = await post(platform, "/api/Authenticate", {}, basic(user_name, password))
    assert (401, wrong.body) == (answer.status, answer.body)
    assert (0, 0) == (platform.passwords.computations - hashed, len(statements))


def basic(user_name: str, password: str) -> dict[str, str]:
    """The header of Basic credentials."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user_name}:{password}".encode()).decode()}
