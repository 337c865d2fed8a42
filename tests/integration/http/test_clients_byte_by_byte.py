"""What published clients in many languages send and need, byte by byte, on both servers that are documented.

These clients cannot be run here. What they do was read in their sources or seen on the wire; each test says whose habit
it is about. They run on the own server and on uvicorn with h11, which both keep the case of header names.
"""

import enum
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

import pytest
from tests.support.demo import DemoAuthenticator, demo_host
from tests.support.raw_http import Connection, Port, ask, own_server, uvicorn_with_h11

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Access, Member, Message, Public, Request, Route
from servicehost.formats.registry import HOST_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings

pytestmark = pytest.mark.no_database

AT = "2026-11-21T17:00:00Z"
MILLISECONDS = int(datetime(2026, 11, 21, 17, tzinfo=UTC).timestamp()) * 1000


class Colour(enum.StrEnum):
    """An enumeration."""

    RED = "Red"
    BLUE = "Blue"


class Kept(Message):
    """The members as the host read them."""

    at: datetime | None = None
    life: timedelta | None = None
    data: bytes | None = None
    ok: bool | None = None
    numbers: list[int] | None = None
    words: list[str] | None = None
    colour: Colour | None = None
    text: str | None = None


class Keep(Request[Kept]):
    """Takes a member of each type and returns them."""

    access: ClassVar[Access] = Public
    changes_state: ClassVar[bool] = False
    routes: ClassVar[tuple[Route, ...]] = (Route("/kept"), Route("/kept/{Text}"))

    at: Annotated[datetime | None, Member()] = None
    life: Annotated[timedelta | None, Member()] = None
    data: Annotated[bytes | None, Member()] = None
    ok: Annotated[bool | None, Member()] = None
    numbers: Annotated[list[int] | None, Member()] = None
    words: Annotated[list[str] | None, Member()] = None
    colour: Annotated[Colour | None, Member()] = None
    text: Annotated[str | None, Member()] = None


async def keep(message: Keep, _call: Call) -> Kept:
    """Return the members."""
    return Kept(**{name: getattr(message, name) for name in Kept.__struct_fields__})


def keeping_host() -> Host:
    """A host of that one operation."""
    service = Service(name="Kept", public_url="http://127.0.0.1", namespace="urn:kept", clr_namespace="Kept")
    catalog = Catalog(service, {Keep: keep})
    return Host(catalog, HOST_FORMATS, DemoAuthenticator(), HostSettings(access_log=False))


@pytest.fixture(scope="module", params=[uvicorn_with_h11, own_server], ids=["h11", "own"])
def demo(request: pytest.FixtureRequest) -> Iterator[Port]:
    """The demo on each server."""
    with request.param(demo_host()) as port:
        yield port


@pytest.fixture(scope="module", params=[uvicorn_with_h11, own_server], ids=["h11", "own"])
def kept(request: pytest.FixtureRequest) -> Iterator[Port]:
    """The operation that records its members, on each server."""
    with request.param(keeping_host()) as port:
        yield port


def test_java_finds_the_type_of_an_error(demo: Port) -> None:
    """The Java client parses an error only if a header is spelled exactly `Content-Type`."""
    answer = ask(
        demo, "POST /api/Hello HTTP/1.1", "Accept: application/json", "Content-Type: application/json", body=b"{}"
    )

    assert "HTTP/1.1 400 Bad Request" == answer.status_line
    assert "Content-Type: application/json; charset=utf-8" in answer.fields
    assert "NotEmpty" == json.loads(answer.body)["responseStatus"]["errorCode"]


def test_php_finds_the_cookies(demo: Port) -> None:
    """The PHP client stores cookies only from headers spelled exactly `Set-Cookie`; Node's splits them at commas."""
    answer = ask(demo, "POST /api/SignIn HTTP/1.1", "Content-Type: application/json", body=b'{"userName":"x"}')
    cookies = [field for field in answer.fields if field.startswith("Set-Cookie: ")]

    assert 3 == len(cookies)
    assert not any("," in cookie or "expires" in cookie.lower() for cookie in cookies)


@pytest.mark.parametrize(
    "target", ["/api/greetings/Sun", "/api/metadata", "/api/nothing", "/api/greetings/Sun.csv", "/api/me", "/api/types"]
)
def test_every_header_of_ours_is_in_title_case(demo: Port, target: str) -> None:
    """All names of header fields keep their title case in every response."""
    fields = ask(demo, f"GET {target} HTTP/1.1").fields
    ours = [field.partition(":")[0] for field in fields if not field.startswith(("date:", "server:"))]

    assert all(part[:1].isupper() for name in ours for part in name.split("-"))


def test_java_signs_in_when_it_is_told_to(demo: Port) -> None:
    """The Java client sends its password only after a 401 with a realm, in addition to its own header field."""
    refused = ask(demo, "GET /api/me HTTP/1.1", "Accept: application/json")
    answer = ask(
        demo, "GET /api/me HTTP/1.1", "Accept: application/json", "Authorization: Basic Z29vZA==", "X-Auth: Basic"
    )

    assert 401 == refused.status
    assert "realm" in (refused.header("WWW-Authenticate") or "")
    assert {"UserId": "member"} == json.loads(answer.body)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_ruby_and_typescript_name_a_type_without_a_body(demo: Port, method: str) -> None:
    """A Content-Type without a body is ignored, because clients send it with every request."""
    answer = ask(demo, f"{method} /api/Hello?name=a+b HTTP/1.1", "Content-Type: application/json")

    assert "Hello, a b" == json.loads(answer.body)["Result"]


def test_go_escapes_the_question_mark(demo: Port) -> None:
    """The Go client escapes question marks in paths, so they are part of a value."""
    assert "Hello, a?b" == json.loads(ask(demo, "GET /api/greetings/a%3Fb HTTP/1.1").body)["Result"]


def test_go_sends_bodies_in_chunks(demo: Port) -> None:
    """A body without a Content-Length is sent in chunks."""
    with Connection(demo) as connection:
        connection.send("POST /api/Hello HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")
        for chunk in (b'{"name":', b'"Sun"}', b""):
            connection.send_bytes(b"%x\r\n%b\r\n" % (len(chunk), chunk))

        assert "Hello, Sun" == json.loads(connection.answer().body)["Result"]


def test_php_asks_before_it_sends_a_large_body(demo: Port) -> None:
    """curl, which the PHP client uses, waits for `100 Continue` before it sends more than a kilobyte."""
    body = json.dumps({"name": "x" * 2000}).encode()
    with Connection(demo) as connection:
        connection.send("POST /api/Hello HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", "Expect: 100-continue")
        assert 100 == connection.answer().status
        connection.send_bytes(body)

        assert 200 == connection.answer().status


def test_php_uploads_members_twice(demo: Port) -> None:
    """With a file, the PHP client sends each member in the query and as a part, with equal values."""
    parts = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nSun\r\n'
    file = b'--x\r\nContent-Disposition: form-data; name="upload"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\na\r\n'
    answer = ask(
        demo,
        "POST /api/Hello?name=Sun HTTP/1.1",
        "Content-Type: multipart/form-data; boundary=x",
        body=parts + file + b"--x--\r\n",
    )

    assert "Hello, Sun" == json.loads(answer.body)["Result"]


@pytest.mark.parametrize("name", ["Hello[]", "Hello%5B%5D"])
@pytest.mark.parametrize("base", ["/api", "/api/json/reply", "/api/json/oneway"])
def test_batches_with_and_without_escapes(demo: Port, base: str, name: str) -> None:
    """The Python client escapes the brackets of a batch; the TypeScript and PHP clients do not."""
    body = b'[{"name":"Sky"},{"name":"Sun"}]'
    answer = ask(demo, f"POST {base}/{name} HTTP/1.1", "Content-Type: application/json", body=body)

    assert ["Hello, Sky", "Hello, Sun"] == [each["Result"] for each in json.loads(answer.body)]
    assert "2" == answer.header("X-AutoBatch-Completed")


def test_json_as_plain_text(demo: Port) -> None:
    """TypeScript's JsonApiClient sends JSON as text/plain, to avoid a preflight."""
    answer = ask(demo, "POST /api/Hello HTTP/1.1", "Content-Type: text/plain;charset=UTF-8", body=b'{"name":"Sun"}')

    assert "Hello, Sun" == json.loads(answer.body)["Result"]


def test_pieces_of_dates_among_the_cookies(demo: Port) -> None:
    """Node's client mistakes part of a date for a cookie, which must not affect the other cookies."""
    junk = "Cookie: ss-id=abc; ss-opt=temp; 28 Nov 2026 17:00:00 GMT=null; ss-tok=good; ;=;"

    assert {"UserId": "member"} == json.loads(ask(demo, "GET /api/me HTTP/1.1", junk).body)


def test_nothing_is_answered_with_nothing(demo: Port) -> None:
    """An operation without a response is 204 without a body, and the connection is kept."""
    with Connection(demo) as connection:
        request = ("POST /api/Forget HTTP/1.1", "Host: x", "Authorization: Bearer good", "Content-Length: 2")
        for _ in range(2):
            connection.send(*request, body=b"{}")
            answer = connection.answer()

            assert ("HTTP/1.1 204 No Content", b"") == (answer.status_line, answer.body)


def test_unknown_operations_are_told_in_json(demo: Port) -> None:
    """Clients find the error under the names that they read."""
    answer = ask(demo, "POST /api/Nothing HTTP/1.1", "Accept: application/json", body=b"{}")

    assert "HTTP/1.1 404 Not Found" == answer.status_line
    assert "application/json; charset=utf-8" == answer.header("Content-Type")
    assert "errorCode" in json.loads(answer.body)["responseStatus"]


def test_an_override_for_proxies_that_know_two_methods(demo: Port) -> None:
    """A POST can override its method with PUT."""
    override = ("Authorization: Bearer good", "Content-Type: application/json", "X-Http-Method-Override: PUT")

    assert 201 == ask(demo, "POST /api/wishes HTTP/1.1", *override, body=b'{"Text":"x"}').status


def understood(port: Port, *lines: str, body: bytes = b"") -> dict[str, Any]:
    """The members that the recording operation read, by name, without absent ones."""
    answer = ask(port, *lines, body=body)
    assert 200 == answer.status, answer.body
    return dict(json.loads(answer.body))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("At=/Date(1795280400000)/", {"At": AT}),
        ("at=%2FDate%281795280400000%29%2F", {"At": AT}),
        ("at=%2FDate%281795280400000-0000%29%2F", {"At": AT}),
        ("at=Sat%20Nov%2021%202026%2017:00:00%20GMT+0000%20(Coordinated%20Universal%20Time)", {"At": AT}),
        ("life=PT1H30M5S", {"Life": "PT1H30M5S"}),
        ("life=PT1H30M5.5S", {"Life": "PT1H30M5.5S"}),
        ("data=AQID", {"Data": "AQID"}),
        ("ok=true", {"Ok": True}),
        ("numbers=[1,2]", {"Numbers": [1, 2]}),
        ("numbers=%5B1%2C2%5D", {"Numbers": [1, 2]}),
        ("numbers=%5B1,2%5D", {"Numbers": [1, 2]}),
        ("numbers=1%2C2", {"Numbers": [1, 2]}),
        ("words=a,b%20c", {"Words": ["a", "b c"]}),
        ("words=[a,b+c]", {"Words": ["a", "b c"]}),
        ("text=a|b&ok", {"Text": "a|b"}),
        ("text=%5Bobject%20Object%5D", {"Text": "[object Object]"}),
        ("colour=bLuE", {"Colour": "Blue"}),
    ],
)
def test_values_in_queries(kept: Port, query: str, expected: dict[str, Any]) -> None:
    """Dates, lists, bytes and nulls are read in each form that some client sends, raw or escaped."""
    assert expected == understood(kept, f"GET /api/Keep?{query} HTTP/1.1")
    assert expected == understood(kept, f"DELETE /api/kept?{query} HTTP/1.1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"at": f"/Date({MILLISECONDS})/"}, {"At": AT}),
        ({"at": f"/Date({MILLISECONDS}-0000)/"}, {"At": AT}),
        ({"at": "2026-11-21T17:00:00.123456+00:00"}, {"At": "2026-11-21T17:00:00.123456Z"}),
        ({"at": "2026-11-21T17:00:00.123Z"}, {"At": "2026-11-21T17:00:00.123000Z"}),
        ({"life": "PT1H30M5S", "colour": "RED"}, {"Life": "PT1H30M5S", "Colour": "Red"}),
        ({"data": {"0": 1, "1": 2, "2": 3}}, {"Data": "AQID"}),
        ({"data": "AQID"}, {"Data": "AQID"}),
        ({"text": None, "numbers": None, "ok": False}, {"Ok": False}),
        ({"unknown": {"a": [1]}, "TEXT": "x", "useTokenCookie": True}, {"Text": "x"}),
    ],
)
def test_values_in_bodies(kept: Port, value: dict[str, Any], expected: dict[str, Any]) -> None:
    """Values are read in each form that some client sends in JSON."""
    body = json.dumps(value).encode()

    assert expected == understood(kept, "POST /api/Keep HTTP/1.1", "Content-Type: application/json", body=body)
    assert expected == understood(kept, "POST /api/json/reply/Keep HTTP/1.1", body=body)
