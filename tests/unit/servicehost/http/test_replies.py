"""Tests of replies: formats, names, header fields and cookies."""

import pytest
from tests.support.asgi import send
from tests.support.demo import (
    BEARER,
    OTHER_ID,
    WISH_ID,
    DemoAuthenticator,
    ListWishes,
    ListWishesResponse,
    demo_host,
)

from servicehost.contract.call import Call, ListAnswer
from servicehost.contract.catalog import Catalog, Service
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings

HOST = demo_host()
JSON = {"Content-Type": "application/json"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
XML_START = '<?xml version="1.0" encoding="utf-8"?><HelloResponse '


@pytest.mark.parametrize(
    ("target", "headers", "expected"),
    [
        ("/api/greetings/Sun", {}, "application/json; charset=utf-8"),
        ("/api/greetings/Sun", {"Accept": "*/*"}, "application/json; charset=utf-8"),
        ("/api/greetings/Sun", {"Accept": "application/xml"}, "application/xml"),
        ("/api/greetings/Sun", {"Accept": "text/csv;q=0.5, application/xml;q=0.6"}, "application/xml"),
        ("/api/greetings/Sun.csv", {"Accept": "application/xml"}, "text/csv"),
        ("/api/greetings/Sun?format=jsv", {"Accept": "application/xml"}, "application/jsv"),
        ("/api/greetings/Sun?Format=OTHER", {}, "text/jsonl"),
        ("/api/greetings/Sun.other", {}, "text/jsonl"),
        ("/api/greetings/Sun.xml?format=csv&callback=f", {}, "application/xml"),
        ("/api/greetings/Sun?callback=f&format=xml", {}, "text/javascript; charset=utf-8"),
        ("/api/greetings/Sun", {"Accept": "text/jsv"}, "text/jsv"),
        ("/api/greetings/Sun", {"Accept": "*/*", "Content-Type": "application/xml"}, "application/xml"),
        ("/api/Hello?name=Sun", {"Accept": "application/xml"}, "application/json; charset=utf-8"),
        ("/api/Hello?name=Sun", {"Content-Type": "application/xml"}, "application/json; charset=utf-8"),
        ("/api/Hello.xml?name=Sun", {"Accept": "application/json"}, "application/xml"),
        ("/api/Hello?name=Sun&format=xml", {}, "application/xml"),
        ("/api/Hello.csv?name=Sun&format=xml", {}, "text/csv"),
        ("/api/Hello?name=Sun&callback=f&format=xml", {}, "text/javascript; charset=utf-8"),
        ("/api/xml/reply/Hello?name=Sun", {"Accept": "application/json"}, "application/xml"),
        ("/api/jsv/reply/Hello?name=Sun", {"Accept": "text/jsv"}, "text/jsv"),
        ("/api/jsv/reply/Hello?name=Sun", {}, "application/jsv"),
        ("/api/xml/reply/Hello?name=Sun&format=nonsense", {}, "application/xml"),
        ("/api/other/reply/Hello?name=Sun", {}, "text/jsonl"),
        ("/api/greetings/Sun", {"Accept": "application/msgpack"}, "application/x-msgpack"),
        ("/api/greetings/Sun.x-msgpack", {}, "application/x-msgpack"),
        ("/api/msgpack/reply/Hello?name=Sun", {}, "application/x-msgpack"),
        ("/api/greetings/Sun", {"Accept": BROWSER}, "text/html; charset=utf-8"),
        ("/api/greetings/Sun", {"Accept": "text/*"}, "text/csv"),
        ("/api/greetings/Sun", {"Accept": "*/*", "Content-Type": "text/html"}, "application/json; charset=utf-8"),
        ("/api/Hello?name=Sun", {"Accept": BROWSER}, "application/json; charset=utf-8"),
        ("/api/Hello.html?name=Sun", {}, "text/html; charset=utf-8"),
        ("/api/html/reply/Hello?name=Sun", {}, "text/html; charset=utf-8"),
    ],
)
async def test_format(target: str, headers: dict[str, str], expected: str) -> None:
    """The path fixes the response format, or otherwise the client chooses it."""
    answered = await send(HOST, "GET", target, headers=headers)

    assert answered.status == 200
    assert expected == answered.header("Content-Type")


async def test_more_wishes_than_anybody_remembers() -> None:
    """The format does not depend on earlier requests, even beyond the size of the cache."""
    host = demo_host()
    for number in range(300):
        name = ("application/xml", "text/csv")[number % 2]
        answered = await send(host, "GET", "/api/greetings/Sun", headers={"Accept": f"{name}, x/{number}"})
        assert name == answered.header("Content-Type")


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        ("json", '{"Result":"Hello, Sun","Count":0}'),
        ("jsonl", '{"Result":"Hello, Sun","Count":0}'),
        ("csv", 'Result,Count,ResponseStatus\r\n"Hello, Sun",0,\r\n'),
        ("jsv", '{Result:"Hello, Sun",Count:0}'),
    ],
)
async def test_bodies(suffix: str, expected: str) -> None:
    """One response in the text formats."""
    assert expected in (await send(HOST, "GET", f"/api/greetings/Sun.{suffix}")).text


async def test_xml_body() -> None:
    """One response in XML."""
    answered = await send(HOST, "GET", "/api/greetings/Sun.xml")

    assert answered.text.startswith(XML_START)
    assert "<Result>Hello, Sun</Result>" in answered.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"Name":"Sun","Count":7}'),
        ("application/json; charset=utf-8", '{"name":"Sun","COUNT":"7"}'),
        ("application/xml", "<Hello><Count>7</Count><Name>Sun</Name></Hello>"),
        ("text/jsv", "{Name:Sun,Count:7}"),
        ("application/jsv", "{\n\tName: Sun,\n\tCount: 7\n}"),
        ("text/csv", "Name,Count\r\nSun,7\r\n"),
        ("text/csv", '{"Name":"Sun","Count":7}'),
        ("text/jsonl", '{"Name":"Sun","Count":7}\n'),
        ("application/x-www-form-urlencoded", "Name=Sun&Count=7"),
    ],
)
async def test_requests_in_every_format(content_type: str, body: str) -> None:
    """On a declared route the Content-Type decides the body format; forms are supported."""
    headers = {"Content-Type": content_type, "Accept": "application/json"}
    answered = await send(HOST, "POST", "/api/greetings", headers=headers, body=body.encode())

    assert answered.json == {"Result": "Hello, Sun", "Count": 7}


@pytest.mark.parametrize("content_type", ["", "text/plain", "Text/Plain;charset=UTF-8"])
async def test_a_body_without_a_type_is_json(content_type: str) -> None:
    """`text/plain` is read as JSON on a declared route, because it is the default of `fetch`."""
    headers = {"Content-Type": content_type} if content_type else {}
    answered = await send(HOST, "POST", "/api/greetings", headers=headers, body=b'{"Name":"Sun"}')

    assert answered.json["Result"] == "Hello, Sun"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain;charset=UTF-8", "application/xml", ""])
@pytest.mark.parametrize("target", ["/api/Hello", "/api/json/reply/Hello"])
async def test_path_decides_about_the_body(target: str, content_type: str) -> None:
    """If the path fixes JSON, the Content-Type of the body is ignored."""
    headers = {"Content-Type": content_type} if content_type else {}

    assert (await send(HOST, "POST", target, headers=headers, body=b'{"name":"Sun"}')).json["Result"] == "Hello, Sun"


@pytest.mark.parametrize("target", ["/api/Hello.xml", "/api/xml/reply/Hello?format=json"])
async def test_path_decides_about_another_body(target: str) -> None:
    """A suffix or a format in the path also applies to the body; `?format=` only to the response."""
    headers = {"Content-Type": "application/json"}
    answered = await send(HOST, "POST", target, headers=headers, body=b"<Hello><Name>Sun</Name></Hello>")

    assert "Hello, Sun" in answered.text


async def test_multipart_on_a_predefined_route() -> None:
    """Forms are accepted even if the path fixes a format, because published clients upload them there."""
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nSun\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    assert (await send(HOST, "POST", "/api/Hello", headers=headers, body=body)).json["Result"] == "Hello, Sun"


@pytest.mark.parametrize("target", ["/api/greetings/Sun", "/api/Hello?name=Sun"])
async def test_content_type_without_a_body(target: str) -> None:
    """A Content-Type without a body is accepted, because published clients send it."""
    answered = await send(HOST, "DELETE", target, headers={"Content-Type": "text/plain", "Content-Length": "0"})

    assert answered.status == 200


async def test_body_of_a_delete() -> None:
    """The body of a DELETE is read."""
    body = b'{"Name":"Sun"}'
    answered = await send(HOST, "DELETE", "/api/greetings", headers=JSON, body=body)

    assert answered.json["Result"] == "Hello, Sun"


async def test_body_that_comes_in_parts() -> None:
    """A body without a Content-Length is read completely."""
    answered = await send(HOST, "POST", "/api/greetings", headers=JSON, parts=[b'{"Na', b'me":', b'"Sun"}'])

    assert answered.json["Result"] == "Hello, Sun"


async def test_csv_is_a_download() -> None:
    """CSV is a download named after the operation; errors are not."""
    answered = await send(HOST, "GET", "/api/greetings/Sun.csv")
    failed = await send(HOST, "GET", "/api/greetings.csv?Count=x")

    assert answered.header("Content-Disposition") == 'attachment;filename="Hello.csv"'
    assert failed.header("Content-Disposition") is None


async def test_lists_keep_their_total() -> None:
    """Header fields of an answer are sent in every format."""
    answered = await send(HOST, "GET", "/api/wishes.csv", headers=BEARER)

    assert answered.header("X-Total-Count") == "2"
    assert answered.text == f'WishId,Text\r\n{WISH_ID},"a, b"\r\n{OTHER_ID},\r\n'


@pytest.mark.parametrize("target", ["/api/forgotten", "/api/Forget", "/api/xml/oneway/Forget"])
async def test_nothing_to_say(target: str) -> None:
    """An operation without a response is 204 without a body and a Content-Length."""
    answered = await send(HOST, "POST", target, headers=BEARER)

    assert answered.status == 204
    assert answered.body == b""
    assert answered.header("Content-Length") is None


async def test_status_of_an_answer() -> None:
    """A handler may choose the status."""
    answered = await send(HOST, "PUT", "/api/wishes", headers=BEARER | JSON, body=b'{"Text":"x"}')

    assert answered.status == 201


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/api/SignIn", {"userName": "x"}),
        ("/api/login", {"UserName": "x"}),
        ("/api/json/reply/SignIn", {"UserName": "x"}),
    ],
)
async def test_names_of_the_hosts_own_messages(target: str, expected: dict[str, str]) -> None:
    """The host's own messages have camelCase names only on paths whose clients read no other names."""
    assert expected == (await send(HOST, "POST", target, headers=JSON, body=b'{"userName":"x"}')).json


async def test_names_in_other_formats() -> None:
    """Only JSON has camelCase names."""
    assert "{UserName:x}" == (await send(HOST, "POST", "/api/SignIn.jsv", body=b"{userName:x}")).text


async def test_cookies() -> None:
    """Each cookie is its own field, without Expires, and Secure if the public address is HTTPS."""
    plain = await send(HOST, "POST", "/api/SignIn")
    secure = await send(demo_host(public_url="https://demo.example"), "POST", "/api/SignIn")

    assert plain.headers("Set-Cookie") == [
        "ss-id=abc; Path=/; HttpOnly; SameSite=Lax",
        "ss-tok=good; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
        "ss-opt=; Path=/; Max-Age=0; SameSite=Lax",
    ]
    assert all(value.endswith("; Secure") for value in secure.headers("Set-Cookie"))


async def test_renewed_cookies_are_sent_with_errors() -> None:
    """A cookie renewed during authentication is set even if the request is refused."""
    answered = await send(HOST, "GET", "/api/wishes?format=nothing", headers={"Cookie": "ss-tok=renewed"})
    refused = await send(HOST, "GET", "/api/logs", headers={"Cookie": "ss-tok=renewed"})

    assert refused.status == 403
    assert answered.headers("Set-Cookie") == refused.headers("Set-Cookie")
    assert len(refused.headers("Set-Cookie")) == 2


async def test_every_answer_has() -> None:
    """Every reply has a length, a request id, Vary and nosniff."""
    for target in ("/api/greetings/Sun", "/api/nothing"):
        answered = await send(HOST, "GET", target)
        assert answered.header("Content-Length") == str(len(answered.body))
        assert answered.header("X-Request-Id")
        assert answered.header("Vary") == "Accept"
        assert answered.header("X-Content-Type-Options") == "nosniff"


async def test_request_ids() -> None:
    """A valid request id of the client is used; any other request gets a new one."""
    kept = await send(HOST, "GET", "/api/greetings/Sun", headers={"X-Request-Id": "client-id-1"})
    replaced = await send(HOST, "GET", "/api/greetings/Sun", headers={"X-Request-Id": "a b\tc d e f"})
    other = await send(HOST, "GET", "/api/greetings/Sun")

    assert kept.header("X-Request-Id") == "client-id-1"
    assert len({replaced.header("X-Request-Id"), other.header("X-Request-Id"), "a b\tc d e f"}) == 3


async def test_client_behind_a_proxy() -> None:
    """Handlers and the authenticator get the client's address according to trusted proxies."""
    host = demo_host(HostSettings(access_log=False, trusted_proxies=("192.0.2.7",)), roles=frozenset({"operator"}))
    answered = await send(host, "GET", "/api/logs", headers=BEARER | {"X-Forwarded-For": "203.0.113.9"})

    assert answered.json["Result"] == "203.0.113.9"


async def test_page_of_an_operation() -> None:
    """A page is HTML regardless of the requested format, with the policy of pages and its cookies."""
    answered = await send(HOST, "GET", f"/api/wishes/{WISH_ID}/cancel", headers={"Accept": "application/xml"})

    assert answered.header("Content-Type") == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in (answered.header("Content-Security-Policy") or "")
    assert answered.headers("Set-Cookie") == ["seen=1; Path=/; HttpOnly; SameSite=Lax"]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("PageSize=2", ""),
        ("format=csv", "&format=csv"),
        ("Format=csv&jsconfig=edv%2Ccc", "&format=csv&jsconfig=edv%2Ccc"),
        ("callback=show&jsconfig=cc", "&jsconfig=cc&callback=show"),
        ("format=a%3E%3B%20b", "&format=a%3E%3B+b"),
        ("format=csv&flat=true&bom=1", "&format=csv&flat=true&bom=1"),
    ],
)
async def test_the_next_page_has_the_form_of_this_one(query: str, kept: str) -> None:
    """The link to the next page of a list keeps the query's choice of format."""
    answered = await send(HOST, "GET", f"/api/wishes?{query}", headers=BEARER)

    assert f'<http://127.0.0.1:8000/api/wishes?After={OTHER_ID}{kept}>; rel="next"' == answered.header("Link")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/api/wishes.csv", f"/api/wishes.csv?After={OTHER_ID}"),
        ("/api/ListWishes", f"/api/ListWishes?After={OTHER_ID}"),
        ("/api/ListWishes.xml?format=csv", f"/api/ListWishes.xml?After={OTHER_ID}&format=csv"),
        ("/api/jsv/reply/ListWishes", f"/api/jsv/reply/ListWishes?After={OTHER_ID}"),
        (f"/api/wishlists/{WISH_ID}/wishes", f"/api/wishlists/{WISH_ID}/wishes?After={OTHER_ID}"),
        (f"/api/wishlists/{OTHER_ID}/wishes.xml", f"/api/wishlists/{WISH_ID}/wishes?After={OTHER_ID}&format=xml"),
        (f"/api/wishlists/{OTHER_ID}/wishes", f"/api/wishlists/{WISH_ID}/wishes?After={OTHER_ID}"),
    ],
)
async def test_the_next_page_is_where_this_one_is(target: str, expected: str) -> None:
    """The link keeps the path, with its suffix or name, unless the next request is for another path."""
    answered = await send(HOST, "GET", target, headers=BEARER)

    assert (["2"], [f'<http://127.0.0.1:8000{expected}>; rel="next"']) == (
        answered.headers("X-Total-Count"),
        answered.headers("Link"),
    )


@pytest.mark.parametrize(("following", "total"), [(None, 0), (ListWishes(wishlist_id=WISH_ID, mood="\ud800"), 9)])
async def test_the_last_page_has_no_link(following: ListWishes | None, total: int) -> None:
    """A page whose next request has no address has no link, but a total."""

    async def handler(_message: ListWishes, _call: Call) -> ListAnswer:
        return ListAnswer(
            ListWishesResponse(wishes=[]), total=total, next=following, headers={"Cache-Control": "no-store"}
        )

    host = Host(
        Catalog(Service("Demo", "http://127.0.0.1:8000"), {ListWishes: handler}),
        authenticator=DemoAuthenticator(),
        settings=HostSettings(access_log=False),
    )
    answered = await send(host, "GET", "/api/wishes", headers=BEARER)
    page = await send(host, "GET", "/api/wishes.html", headers=BEARER)

    assert (str(total), None, "no-store") == tuple(
        answered.header(name) for name in ("X-Total-Count", "Link", "Cache-Control")
    )
    assert f"Total: {total}" in page.text
    assert "Next page" not in page.text


async def test_a_batch_of_lists() -> None:
    """In a batch, each list is only its message, without total and next page."""
    answered = await send(HOST, "POST", "/api/ListWishes[]", headers=BEARER | JSON, body=b"[{},{}]")

    assert (200, 2) == (answered.status, len(answered.json))
    assert (None, None) == (answered.header("X-Total-Count"), answered.header("Link"))


@pytest.mark.parametrize(
    "target", ["/api/wishes.csv?flat=true", "/api/wishes?format=csv&Flat=1", "/api/csv/reply/ListWishes?flat=true"]
)
async def test_flat_csv(target: str) -> None:
    """CSV is flat if the query requests it, however the format was chosen."""
    answered = await send(HOST, "GET", target, headers=BEARER)

    assert "text/csv; charset=utf-8" == answered.header("Content-Type")
    assert 'attachment;filename="ListWishes.csv"' == answered.header("Content-Disposition")
    assert f'WishId,Text\r\n{WISH_ID},"a, b"\r\n{OTHER_ID},\r\n' == answered.text


async def test_flat_is_for_csv() -> None:
    """Other formats ignore the flat form."""
    answered = await send(HOST, "GET", "/api/greetings/Sun?flat=true&bom=true")

    assert answered.json == {"Result": "Hello, Sun", "Count": 0}
