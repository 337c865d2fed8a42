"""Tests of errors: a status and a ResponseStatus in the requested format, without internals."""

from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog
from tests.support.asgi import Answered, scope_of, send
from tests.support.demo import BEARER, OTHER_ID, WISH_ID, demo_host

from servicehost.http.settings import HostSettings

HOST = demo_host()
JSON = {"Content-Type": "application/json"}
MEDIA = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml",
    "jsv": "application/jsv",
    "csv": "text/csv",
    "jsonl": "text/jsonl",
}
MALFORMED = {
    "application/json": ['{"Name":', "[1]", '"x"', "{'Name':1}", "\xff"],
    "application/xml": ["<Hello>", "<Hello/><Hello/>", "not xml", "<!DOCTYPE Hello><Hello/>", "<Hello>&x;</Hello>"],
    "text/jsv": ["{Name:{}", "Name", "{Name:x}}"],
    "text/csv": ['Name\r\n"unclosed'],
    "text/jsonl": ['{"Name":'],
}


async def greet(body: str, content_type: str = "application/json", target: str = "/api/greetings") -> Answered:
    """Send a body."""
    headers = {"Content-Type": content_type}
    return await send(HOST, "POST", target, headers=headers, body=body.encode("latin-1"))


@pytest.mark.parametrize(
    ("content_type", "body"), [(kind, body) for kind, bodies in MALFORMED.items() for body in bodies]
)
async def test_malformed_body(content_type: str, body: str) -> None:
    """A body that does not match its content type is 400."""
    answered = await greet(body, content_type, "/api/greetings?format=json")

    assert answered.status == 400
    assert answered.status_of_error["ErrorCode"] == "SerializationException"


@pytest.mark.parametrize("suffix", MEDIA)
@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/api/greetings/Sun.{}?Count=many", 400, "SerializationException"),
        ("/api/Hello.{}?Count=many", 400, "SerializationException"),
        ("/api/{}/reply/Hello?Count=many", 400, "SerializationException"),
        ("/api/greetings.{}", 400, "NotEmpty"),
        ("/api/nothing/there.{}", 404, "RouteNotFound"),
        ("/api/{}/reply/Nothing", 405, "NotImplementedException"),
        ("/api/me.{}", 401, "Unauthorized"),
    ],
)
async def test_asked_format(suffix: str, target: str, status: int, code: str) -> None:
    """An error is sent in the requested format."""
    answered = await send(HOST, "GET", target.format(suffix))

    assert status == answered.status
    assert code.lower() in answered.text.lower()
    assert MEDIA[suffix] == answered.header("Content-Type")


async def test_every_wrong_field_at_once() -> None:
    """All invalid and missing members are named, with the expected value."""
    body = b'{"ContactId":"xyz","Action":{"a":1}}'
    answered = await send(HOST, "POST", "/api/wishes/no-guid/remove", headers=BEARER | JSON, body=body)

    errors = answered.status_of_error["Errors"]
    assert answered.status == 400
    assert [error["FieldName"] for error in errors] == ["WishId", "ContactId", "Action"]
    assert all(error["ErrorCode"] == "SerializationException" for error in errors)
    assert "expected a Guid" in errors[0]["Message"]


async def test_required_member_missing() -> None:
    """A missing required member is 400 with the usual validation code."""
    answered = await send(HOST, "POST", "/api/UpdateWish", headers=BEARER | JSON, body=b"{}")

    assert answered.status == 400
    assert answered.json["responseStatus"]["errorCode"] == "NotEmpty"
    assert [error["fieldName"] for error in answered.json["responseStatus"]["errors"]] == ["WishId", "ContactId"]
    assert answered.json["responseStatus"]["errors"][0]["message"] == "'Wish Id' must not be empty."


async def test_root_of_an_error_in_xml() -> None:
    """In XML an error is the operation's response with only its status, if it has such a member."""
    with_room = await send(HOST, "GET", "/api/greetings.xml")
    without_room = await send(HOST, "GET", "/api/me.xml")
    unknown = await send(HOST, "GET", "/api/no/such.xml")

    assert "<HelloResponse " in with_room.text
    assert "ErrorCode>NotEmpty</" in with_room.text
    assert "<ErrorResponse " in without_room.text
    assert "<ErrorResponse " in unknown.text


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/api/Hello", "responseStatus"),
        ("/api/Hello.json", "responseStatus"),
        ("/api/Nothing", "responseStatus"),
        ("/api/greetings", "ResponseStatus"),
        ("/api/json/reply/Hello", "ResponseStatus"),
        ("/api/nothing/there", "ResponseStatus"),
    ],
)
async def test_casing_of_errors(target: str, name: str) -> None:
    """Errors have camelCase names only on paths whose clients read no other names."""
    assert [name] == list((await send(HOST, "GET", target)).json)


async def test_errors_are_a_list() -> None:
    """An error without field errors has an empty list, which clients expect."""
    assert (await send(HOST, "GET", "/api/nothing/there")).status_of_error["Errors"] == []


@pytest.mark.parametrize("content_type", ["text/html", "image/png", "application/octet-stream"])
async def test_unsupported_media_type(content_type: str) -> None:
    """A body in an unsupported format is 415 on a declared route."""
    answered = await greet("x", content_type)

    assert answered.status == 415
    assert answered.status_of_error["ErrorCode"] == "UnsupportedMediaType"
    assert "text/html." not in answered.status_of_error["Message"]


@pytest.mark.parametrize("target", ["/api/greetings", "/api/Hello", "/api/json/reply/Hello"])
async def test_body_over_the_limit(target: str) -> None:
    """A body over the limit is 413, with or without a Content-Length."""
    host = demo_host(HostSettings(access_log=False, body_limit=20))
    body = b'{"Name":"much too long a name"}'

    told = await send(host, "POST", target, headers=JSON, body=body)
    untold = await send(host, "POST", target, headers=JSON, parts=[body[:10], body[10:]])

    assert (told.status, untold.status) == (413, 413)
    assert told.status_of_error["ErrorCode"] == "PayloadTooLarge"


async def test_form_over_the_limit() -> None:
    """Forms have the same limit."""
    host = demo_host(HostSettings(access_log=False, body_limit=20))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert (await send(host, "POST", "/api/greetings", headers=headers, body=b"Name=" + b"x" * 30)).status == 413


@pytest.mark.parametrize("headers", [[("X-Long", "x" * 40_000)], [("X-Many", "x" * 400)] * 100])
async def test_headers_over_the_limit(headers: list[tuple[str, str]]) -> None:
    """More than 32 KiB of header fields are 431, in one field or in many."""
    answered = await send(HOST, "GET", "/api/greetings/Sun", headers=headers)

    assert answered.status == 431
    assert answered.status_of_error["ErrorCode"] == "HeadersTooLarge"


@pytest.mark.parametrize("name", ["X-Same", "X-{}"])
async def test_more_header_fields_than_are_read(name: str) -> None:
    """The number of fields is limited too, repeated or not."""
    host = demo_host(HostSettings(access_log=False, header_count=10))
    fields = [(name.format(number), "1") for number in range(10)]

    few = await send(host, "GET", "/api/greetings/Sun", headers=fields[1:])
    many = await send(host, "GET", "/api/greetings/Sun", headers=fields)

    assert (200, 431) == (few.status, many.status)
    assert "HeadersTooLarge" == many.status_of_error["ErrorCode"]


VALID_HOSTS = ["example.com", "example.com:8000", "127.0.0.1", "[::1]:80", "a_b.example", "example.com:"]
INVALID_HOSTS = ["", " ", "a b", "a/b", "a@b", "a,b", "a:b", "a:1:2", "[::1", "::1", "a?b", "a#b", "\xe9", "x" * 256]


@pytest.mark.parametrize("given", VALID_HOSTS)
async def test_hosts(given: str) -> None:
    """The Host field is a name or an address, with or without a port."""
    assert 200 == (await send(HOST, "GET", "/api/greetings/Sun", headers={"Host": given})).status


@pytest.mark.parametrize("given", INVALID_HOSTS)
async def test_invalid_hosts(given: str) -> None:
    """A malformed Host field is 400, in the format of the response."""
    answered = await send(HOST, "GET", "/api/greetings/Sun", headers={"Host": given})

    assert (400, "SerializationException") == (answered.status, answered.status_of_error["ErrorCode"])


async def test_two_hosts() -> None:
    """Two Host fields are 400, even if they are equal."""
    headers = [("Host", "example.com"), ("Host", "example.com")]

    assert 400 == (await send(HOST, "GET", "/api/greetings/Sun", headers=headers)).status


@pytest.mark.parametrize(("version", "status"), [("1.0", 200), ("1.1", 400), ("2", 400)])
async def test_no_host(version: str, status: int) -> None:
    """Only HTTP/1.0 may omit the Host field."""
    scope = scope_of("GET", "/api/greetings/Sun") | {"http_version": version, "headers": []}
    events: list[MutableMapping[str, Any]] = []

    async def keep(event: MutableMapping[str, Any]) -> None:
        events.append(event)

    async def nothing() -> dict[str, Any]:
        return {"type": "http.request"}

    await HOST(scope, nothing, keep)

    assert status == events[0]["status"]


async def test_a_length_of_thousands_of_digits() -> None:
    """A Content-Length with too many digits is 413, not an internal error."""
    headers = JSON | {"Content-Length": "9" * 5000}

    assert 413 == (await send(HOST, "POST", "/api/greetings", headers=headers)).status


@pytest.mark.parametrize("body", ["[" * 100_000, '{"Name":' * 100_000, '{"x":' * 1000 + "1" + "}" * 1000])
@pytest.mark.parametrize("content_type", ["application/json", "text/jsv", "text/jsonl", "text/csv"])
async def test_nesting_too_deep(body: str, content_type: str) -> None:
    """Excessive nesting is 400."""
    assert (await greet(body, content_type)).status == 400


async def test_nesting_too_deep_in_xml() -> None:
    """Excessive nesting in XML is 400."""
    assert (await greet("<Hello>" + "<a>" * 100_000, "application/xml")).status == 400


async def test_query_that_is_not_utf8() -> None:
    """A query that is not UTF-8 is 400."""
    assert (await send(HOST, "GET", "/api/greetings?Name=%FF")).status == 400


async def test_declared_error() -> None:
    """An error of the service has its status, its code, its meta and its header fields."""
    conflict = await send(HOST, "POST", "/api/json/reply/Refuse")
    later = await send(HOST, "POST", "/api/json/reply/Refuse?how=later")

    assert conflict.status == 409
    assert conflict.status_of_error["Meta"] == {"State": "Removed"}
    assert later.status == 429
    assert later.header("Retry-After") == "60"


async def test_unexpected_error() -> None:
    """An unexpected error is 500 with the request id; details are only in the log, under that id."""
    with structlog.testing.capture_logs() as entries:
        answered = await send(HOST, "GET", "/api/json/reply/Explode")

    request_id = answered.header("X-Request-Id")
    assert answered.status == 500
    assert answered.status_of_error["ErrorCode"] == "InternalError"
    assert answered.status_of_error["Meta"] == {"RequestId": request_id}
    assert "secret" not in answered.text
    assert "RuntimeError" not in answered.text
    assert [entry["request_id"] for entry in entries] == [request_id]
    assert "the secret inside" in str(entries[0]["exc_info"])


async def test_error_of_a_page() -> None:
    """A person who requested a page gets the error as a page; a program gets its format."""
    page = await send(HOST, "GET", "/api/wishes/<b>/cancel", headers={"Accept": "text/html,*/*;q=0.8"})
    program = await send(HOST, "GET", "/api/wishes/x/cancel")

    assert page.status == 400
    assert page.header("Content-Type") == "text/html; charset=utf-8"
    assert "<b>" not in page.text
    assert program.status_of_error["ErrorCode"] == "SerializationException"


async def test_conflicting_values() -> None:
    """A body that contradicts the path is 400 with the member named."""
    body = f'{{"WishId":"{OTHER_ID}","ContactId":"{OTHER_ID}"}}'.encode()
    answered = await send(HOST, "POST", f"/api/wishes/{WISH_ID}/remove", headers=BEARER | JSON, body=body)

    assert answered.status == 400
    assert answered.status_of_error["ErrorCode"] == "ConflictingValues"
    assert answered.status_of_error["Errors"][0]["FieldName"] == "WishId"
