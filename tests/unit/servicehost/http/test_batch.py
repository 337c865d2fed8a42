"""Tests of batches."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import structlog
from tests.support.asgi import Answered, send
from tests.support.demo import BEARER, COOKIE, OTHER_ID, WISH_ID, demo_host

from servicehost.http.settings import HostSettings

HOST = demo_host()
JSON = {"Content-Type": "application/json"}
DONE = "X-AutoBatch-Completed"
TWO = [{"name": "Sky"}, {"Name": "Sun", "Count": 2}]
GREETED = [{"Result": "Hello, Sky", "Count": 0}, {"Result": "Hello, Sun", "Count": 2}]


async def batch(target: str, items: Any, headers: dict[str, str] | None = None) -> Answered:
    """Send a batch in JSON."""
    return await send(HOST, "POST", target, headers=JSON | (headers or {}), body=json.dumps(items).encode())


@pytest.mark.parametrize(
    "target",
    [
        "/api/Hello[]",
        "/api/Hello%5B%5D",
        "/api/hello%5b%5d",
        "/api/Hello[].json",
        "/api/json/reply/Hello[]",
        "/api/JSON/OneWay/HELLO%5B%5D",
    ],
)
async def test_answers_in_order(target: str) -> None:
    """The response to a batch is the list of responses, with the number of executed requests."""
    answered = await batch(target, TWO)

    assert 200 == answered.status
    assert GREETED == answered.json
    assert "2" == answered.header(DONE)


async def test_empty_batch() -> None:
    """An empty batch has an empty list as its response."""
    answered = await batch("/api/Hello[]", [])

    assert ([], "0") == (answered.json, answered.header(DONE))


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("xml", b"<ArrayOfHello><Hello><Name>Sun</Name></Hello></ArrayOfHello>", "<Result>Hello, Sun</Result>"),
        ("jsv", b"[{Name:Sun},{name:Sky}]", '[{Result:"Hello, Sun",Count:0},{Result:"Hello, Sky",Count:0}]'),
        ("csv", b"Name,Count\r\nSun,2\r\n", 'Result,Count,ResponseStatus\r\n"Hello, Sun",2,\r\n'),
        ("jsonl", b'{"Name":"Sun"}\n{"Name":"Sky"}\n', '{"Result":"Hello, Sun","Count":0}\n'),
    ],
)
async def test_other_formats(name: str, body: bytes, expected: str) -> None:
    """Batches work in every format that has lists."""
    answered = await send(HOST, "POST", f"/api/{name}/reply/Hello[]", body=body)

    assert expected in answered.text
    assert "Sun" in answered.text


async def test_messagepack() -> None:
    """Batches work in MessagePack."""
    answered = await send(HOST, "POST", "/api/msgpack/reply/Hello[]", body=msgspec.msgpack.encode(TWO))

    assert GREETED == msgspec.msgpack.decode(answered.body)


async def test_page() -> None:
    """The responses to a batch are shown as an HTML table."""
    assert "<caption>2 rows</caption>" in (await batch("/api/json/reply/Hello[]?format=html", TWO)).text


async def test_names_of_the_hosts_own_messages() -> None:
    """Responses in a batch have the same casing of names as single responses."""
    assert [{"userName": "x"}] == (await batch("/api/SignIn[]", [{"UserName": "x"}])).json
    assert [{"UserName": "x"}] == (await batch("/api/json/reply/SignIn[]", [{"UserName": "x"}])).json


async def test_cookies_of_a_batch() -> None:
    """Cookies of the requests in a batch are set."""
    assert 3 == len((await batch("/api/SignIn[]", [{}, {}])).headers("Set-Cookie"))


async def test_nothing_to_answer() -> None:
    """A batch of an operation without a response is 204, with the number of executed requests."""
    answered = await batch("/api/Forget[]", [{}, {}, {}], BEARER)

    assert (204, "3", b"") == (answered.status, answered.header(DONE), answered.body)


async def test_query_fills_what_is_absent() -> None:
    """The query supplies members to every request of a batch, as for a single request."""
    assert ["Hello, Sky", "Hello, Eve"] == [
        answer["Result"] for answer in (await batch("/api/Hello[]?name=Eve", [{"name": "Sky"}, {}])).json
    ]


async def test_failure_on_the_way() -> None:
    """The first failure ends the batch with its error, its position and the number of executed requests."""
    answered = await batch("/api/Refuse[]", [{"how": "later"}, {}])

    assert 429 == answered.status
    assert "0" == answered.header(DONE)
    assert "60" == answered.header("Retry-After")
    assert {"AutoBatchIndex": "0"} == answered.json["responseStatus"]["meta"]


async def test_unexpected_failure() -> None:
    """An unexpected error ends the batch in the same way and keeps its request id."""
    with structlog.testing.capture_logs():
        answered = await batch("/api/json/reply/Explode[]", [{}, {}])

    assert 500 == answered.status
    assert {"AutoBatchIndex", "RequestId"} == set(answered.status_of_error["Meta"])


class Counting:
    """Counts executed requests, to show that a refused batch has not started."""

    def __init__(self) -> None:
        self.host = demo_host()
        self.seen = 0

    async def send(self, items: Any) -> Answered:
        """Send wishes."""
        answered = await send(
            self.host, "POST", "/api/UpdateWish[]", headers=BEARER | JSON, body=json.dumps(items).encode()
        )
        self.seen = int(answered.header(DONE) or 0)
        return answered


WISH = {"WishId": WISH_ID, "ContactId": OTHER_ID}


@pytest.mark.parametrize(
    ("items", "index", "fields"),
    [
        ([WISH, {"WishId": "x", "ContactId": "y"}, {"WishId": "z"}], "1", ["WishId", "ContactId"]),
        ([WISH, WISH, {"ContactId": OTHER_ID}], "2", ["WishId"]),
    ],
)
async def test_all_are_read_before_any_is_executed(items: Any, index: str, fields: list[str]) -> None:
    """An unreadable request refuses the whole batch before any is executed."""
    answered = await Counting().send(items)
    status = answered.json["responseStatus"]

    assert 400 == answered.status
    assert answered.header(DONE) is None
    assert index == status["meta"]["AutoBatchIndex"]
    assert fields == [error["fieldName"] for error in status["errors"]]


@pytest.mark.parametrize("body", [b"{}", b'{"name":"Sun"}', b"[1]", b"[null]", b"[[]]", b"nonsense", b'["a"]'])
async def test_no_batch(body: bytes) -> None:
    """A body that is not a list of objects is 400."""
    answered = await send(HOST, "POST", "/api/Hello[]", headers=JSON, body=body)

    assert 400 == answered.status
    assert "SerializationException" == answered.status_of_error["ErrorCode"]


async def test_form() -> None:
    """A form is refused as a batch."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert 415 == (await send(HOST, "POST", "/api/Hello[]", headers=headers, body=b"name=Sun")).status


async def test_too_many() -> None:
    """A batch over the limit is 413 with the limit in the message."""
    host = demo_host(HostSettings(access_log=False, batch_limit=2))
    body = json.dumps([{"name": "Sun"}] * 3).encode()
    answered = await send(host, "POST", "/api/Hello[]", headers=JSON, body=body)

    assert 413 == answered.status
    assert "at most 2" in answered.status_of_error["Message"]
    assert 200 == (await send(host, "POST", "/api/Hello[]", headers=JSON, body=json.dumps(TWO).encode())).status


MANY: dict[str, Callable[[int], bytes]] = {
    "json": lambda size: b"[" + b",".join([b"{}"] * size) + b"]",
    "xml": lambda size: b"<ArrayOfHello>" + b"<Hello/>" * size + b"</ArrayOfHello>",
    "jsv": lambda size: b"[" + b",".join([b"{}"] * size) + b"]",
    "csv": lambda size: b"Nothing\r\n" + b"x\r\n" * size,
    "jsonl": lambda size: b"{}\n" * size,
    "msgpack": lambda size: msgspec.msgpack.encode([{}] * size),
}
"""Batches with a given number of requests."""


@pytest.mark.parametrize("name", MANY)
async def test_too_many_in_any_format(name: str) -> None:
    """The limit is the same in all formats, and batches of exactly that size are accepted."""
    statuses = [
        (await send(HOST, "POST", f"/api/{name}/reply/Hello[]", body=MANY[name](size))).status
        for size in (100, 101, 5000)
    ]

    # A hundred requests that lack a name are read, and refused for that.
    assert [400, 413, 413] == statuses


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer bad"}])
async def test_sign_in_comes_first(headers: dict[str, str]) -> None:
    """A caller without access gets 401 before the batch is read."""
    assert 401 == (await batch("/api/UpdateWish[]", "nonsense", headers)).status


async def test_foreign_page() -> None:
    """A batch from a page of another site is refused."""
    assert 403 == (await batch("/api/UpdateWish[]", [WISH], COOKIE | {"Sec-Fetch-Site": "cross-site"})).status


async def test_role() -> None:
    """The role is checked once for the whole batch."""
    assert 403 == (await batch("/api/ReadLogs[]", [{}], BEARER)).status


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_only_post(method: str) -> None:
    """A batch is a POST."""
    answered = await send(HOST, method, "/api/Hello[]")

    assert (405, "POST, OPTIONS") == (answered.status, answered.header("Allow"))


@pytest.mark.parametrize("target", ["/api/Nothing[]", "/api/AcceptPage[]", "/api/[]", "/api/greetings[]"])
async def test_unknown_operation(target: str) -> None:
    """A batch of an unknown, unpublished or missing operation is 404."""
    assert 404 == (await batch(target, [])).status
