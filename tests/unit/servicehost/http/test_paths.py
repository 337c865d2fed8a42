"""Tests of path resolution."""

import pytest
from tests.support.asgi import send
from tests.support.demo import BEARER, OTHER_ID, WISH_ID, demo_host

HOST = demo_host()
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "target",
    [
        "/api/greetings/Sun",
        "/api/greetings/Sun/",
        "/api//greetings/Sun",
        "//api/greetings/Sun",
        "///api///greetings//Sun//",
        "/API/Greetings/Sun",
        "/api/greetings?name=Sun",
        "/api/greetings/Sun.json",
        "/api/Hello?Name=Sun",
        "/api/hello.json?name=Sun",
        "/api/json/reply/Hello?name=Sun",
        "/api/JSON/Reply/HELLO?name=Sun",
        "/api/json/oneway/Hello?name=Sun",
        "/api/xml/reply/Hello?name=Sun&format=json",
    ],
)
async def test_ways_to_one_operation(target: str) -> None:
    """An operation is served at its routes, its name and the predefined routes, in any casing."""
    answered = await send(HOST, "GET", target)

    assert answered.json == {"Result": "Hello, Sun", "Count": 0}


@pytest.mark.parametrize(
    "target", ["/api/nothing", "/api/greetings/a/b", "/api", "/api/", "/nothing", "/apiary", "/api/csv"]
)
async def test_nothing_there(target: str) -> None:
    """An unknown path is 404 with its own error code."""
    answered = await send(HOST, "GET", target)

    assert answered.status == 404
    assert answered.status_of_error["ErrorCode"] == "RouteNotFound"


@pytest.mark.parametrize(
    "target", ["/api/json/reply/Nothing", "/api/xml/oneway/Nothing?format=json", "/api/json/reply/Nothing[]"]
)
async def test_unknown_operation(target: str) -> None:
    """An unknown operation on a predefined route is 405, as clients expect."""
    answered = await send(HOST, "POST", target, headers=JSON, body=b"{}")

    assert answered.status == 405
    assert answered.status_of_error["ErrorCode"] == "NotImplementedException"


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("POST", "/api/me", "GET, HEAD, OPTIONS"),
        ("POST", "/api/wishes", "GET, HEAD, PUT, OPTIONS"),
        ("GET", f"/api/wishes/{WISH_ID}/remove", "POST, PUT, PATCH, DELETE, OPTIONS"),
        ("HEAD", f"/api/wishes/{WISH_ID}/remove", "POST, PUT, PATCH, DELETE, OPTIONS"),
        ("TRACE", f"/api/wishes/{WISH_ID}/remove", "POST, PUT, PATCH, DELETE, OPTIONS"),
        ("GET", "/api/UpdateWish", "POST, PUT, PATCH, DELETE, OPTIONS"),
        ("GET", "/api/json/reply/UpdateWish", "POST, PUT, PATCH, DELETE, OPTIONS"),
        ("TRACE", "/api/Hello", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
        ("POST", "/api/metadata", "GET, HEAD, OPTIONS"),
        ("POST", "/health", "GET, HEAD, OPTIONS"),
    ],
)
async def test_wrong_method(method: str, target: str, expected: str) -> None:
    """An unsupported method is 405 with the supported ones."""
    answered = await send(HOST, method, target)

    assert answered.status == 405
    assert expected == answered.header("Allow")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/api/me", "GET, HEAD, OPTIONS"),
        ("/api/UpdateWish", "POST, PUT, PATCH, DELETE, OPTIONS"),
        (f"/api/wishes/{WISH_ID}/cancel", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
        ("/api/types", "GET, HEAD, OPTIONS"),
        ("/", "GET, HEAD, OPTIONS"),
    ],
)
async def test_options(target: str, expected: str) -> None:
    """OPTIONS lists the methods, without a sign-in."""
    answered = await send(HOST, "OPTIONS", target)

    assert answered.status == 204
    assert expected == answered.header("Allow")


async def test_options_of_nothing() -> None:
    """OPTIONS on an unknown path is 404."""
    assert (await send(HOST, "OPTIONS", "/api/nothing")).status == 404


async def test_head() -> None:
    """HEAD equals GET without the body."""
    got = await send(HOST, "GET", "/api/greetings/Sun")
    head = await send(HOST, "HEAD", "/api/greetings/Sun")

    assert head.status == 200
    assert head.body == b""
    assert got.header("Content-Length") == head.header("Content-Length")


async def test_declared_verb_is_a_page() -> None:
    """One path may show a page on GET and act on POST."""
    shown = await send(HOST, "GET", f"/api/wishes/{WISH_ID}/cancel")
    done = await send(HOST, "POST", f"/api/wishes/{WISH_ID}/cancel?ContactId={OTHER_ID}", headers=BEARER)

    assert shown.text.endswith(f"<title>{WISH_ID}</title>")
    assert done.json == {"Done": f"cancel {WISH_ID} {OTHER_ID}"}


@pytest.mark.parametrize("target", ["/api/AcceptPage", "/api/html/reply/AcceptPage", "/api/json/reply/AcceptPage"])
async def test_unpublished_operations_have_no_name(target: str) -> None:
    """An unpublished operation is served only at its routes."""
    assert (await send(HOST, "GET", target)).status in (404, 405)


async def test_route_fixes_a_value() -> None:
    """A value that contradicts a route's fixed value is refused before the operation runs."""
    body = f'{{"ContactId":"{OTHER_ID}","Action":"remove"}}'.encode()
    answered = await send(HOST, "POST", f"/api/wishes/{WISH_ID}/cancel", headers=BEARER | JSON, body=body)

    assert answered.status == 400
    assert answered.status_of_error["ErrorCode"] == "ConflictingValues"
    assert answered.status_of_error["Errors"][0]["FieldName"] == "Action"


@pytest.mark.parametrize(
    ("target", "expected"),
    [("/api/Join", {"result": "registered", "count": 0}), ("/api/join", {"Result": "registered", "Count": 0})],
)
async def test_alias_beside_its_route(target: str, expected: dict[str, object]) -> None:
    """If an alias and a route of one operation differ only in casing, the casing decides."""
    answered = await send(HOST, "POST", target, headers=JSON, body=b"{}")

    assert expected == answered.json


async def test_outside_the_mount() -> None:
    """Pages may be served outside the mount, where no predefined paths exist."""
    assert (await send(HOST, "GET", "/")).header("Location") == "/api/metadata"
    assert (await send(HOST, "GET", "/health")).json == {"UserId": "well"}
    assert (await send(HOST, "GET", "/Health/")).status == 200
    assert (await send(HOST, "GET", "/me", headers=BEARER)).status == 404


async def test_malformed_path() -> None:
    """A path that is not UTF-8 is refused."""
    answered = await send(HOST, "GET", "/api/greetings/%FF")

    assert answered.status == 400
    assert answered.status_of_error["ErrorCode"] == "SerializationException"


async def test_encoded_slash() -> None:
    """An encoded slash is part of a value."""
    assert (await send(HOST, "GET", "/api/greetings/a%2Fb")).json["Result"] == "Hello, a/b"
