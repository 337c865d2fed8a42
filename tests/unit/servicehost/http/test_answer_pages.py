"""Tests of responses and errors as HTML pages."""

import re
from html import unescape

import pytest
from tests.support.asgi import Answered, send
from tests.support.demo import BEARER, COOKIE, demo_host
from tests.support.pages import visible_text

HOST = demo_host()
PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HTML = "text/html; charset=utf-8"


async def look(target: str, headers: dict[str, str] | None = None) -> Answered:
    """Open an address as a browser does."""
    return await send(HOST, "GET", target, headers=PAGE | (headers or {}))


def links(page: Answered) -> list[str]:
    """The link targets of a page."""
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', page.text)]


async def test_answer() -> None:
    """A response page shows the operation and its result."""
    page = await look("/api/greetings/Sun")

    assert (200, HTML) == (page.status, page.header("Content-Type"))
    assert ["Demo", "<back to all web services", "Hello", "Says hello to anybody."] == visible_text(page.text)[:4]
    assert "<dd>Hello, Sun</dd>" in page.text
    assert '{"' not in page.text


async def test_policy() -> None:
    """A response page has the policy of all pages, and its reply varies by Accept."""
    page = await look("/api/greetings/Sun")

    assert "default-src 'none'" in (page.header("Content-Security-Policy") or "")
    assert "script" not in page.text
    assert "nosniff" == page.header("X-Content-Type-Options")
    assert ["Accept", "Accept-Encoding"] == page.headers("Vary")


async def test_links_to_the_same_in_other_formats() -> None:
    """Links lead to the same response in each format."""
    page = await look("/api/greetings/Sun?count=2&Format=html")

    for name in ("json", "xml", "jsv", "csv&flat=true&bom=true", "jsonl", "msgpack"):
        assert f"/api/greetings/Sun?count=2&format={name}" in links(page)
    assert "/api/json/metadata?op=Hello" in links(page)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/api/greetings/Sun.html", "/api/greetings/Sun?format=xml"),
        ("/api/Hello.html?name=a%20b", "/api/Hello?name=a%20b&format=xml"),
        ("/api/html/reply/Hello?name=Sun", "/api/html/reply/Hello?name=Sun&format=xml"),
    ],
)
async def test_links_from_paths_that_decide(target: str, expected: str) -> None:
    """Links to other formats omit the suffix, which would override the query, and all links work."""
    assert expected in links(await look(target))
    assert "application/xml" == (await send(HOST, "GET", expected)).header("Content-Type")


async def test_no_links_to_what_cannot_be_asked_again() -> None:
    """A page that answers a form has no links that would repeat the operation."""
    headers = PAGE | {"Content-Type": "application/x-www-form-urlencoded"}
    page = await send(HOST, "POST", "/api/greetings", headers=headers, body=b"Name=Sun")

    assert "<dd>Hello, Sun</dd>" in page.text
    assert not [link for link in links(page) if "format=" in link]


async def test_links_stay_on_this_site() -> None:
    """Links never start with two slashes, which would name another host."""
    page = await look("//health")

    assert page.status == 200
    assert not [link for link in links(page) if link.startswith("//")]


async def test_list() -> None:
    """A list is shown as a table with the total."""
    page = await look("/api/wishes", BEARER)

    assert "<caption>2 rows</caption>" in page.text
    assert "Total: 2" in page.text


async def test_values_are_escaped() -> None:
    """Values of a request are escaped in the page."""
    page = await look("/api/greetings/%3Cscript%3Ealert(1)%3C%2Fscript%3E?x=%22%3E%3Cb%3E")

    assert "<script>" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<b>" not in page.text


async def test_nothing_to_say() -> None:
    """An operation without a response shows people a confirmation."""
    page = await send(HOST, "POST", "/api/forgotten", headers=PAGE | BEARER)

    assert (200, HTML) == (page.status, page.header("Content-Type"))
    assert "It is done." in page.text


async def test_status_of_an_answer() -> None:
    """The page has the status of the response."""
    headers = PAGE | BEARER | {"Content-Type": "application/x-www-form-urlencoded"}

    assert 201 == (await send(HOST, "PUT", "/api/wishes", headers=headers, body=b"Text=x")).status


async def test_redirects_stay_redirects() -> None:
    """A redirect is not replaced by a page."""
    assert (302, b"") == ((await look("/")).status, (await look("/")).body)


@pytest.mark.parametrize(
    ("target", "status", "expected"),
    [
        ("/api/nothing", 404, "Not Found"),
        ("/api/greetings", 400, "Bad Request"),
        ("/api/me", 401, "Unauthorized"),
        ("/api/json/reply/Nothing?format=html", 405, "Method Not Allowed"),
        ("/api/Hello.html", 400, "Bad Request"),
    ],
)
async def test_refusals(target: str, status: int, expected: str) -> None:
    """An error page shows the reason and the request id."""
    page = await look(target)

    assert (status, HTML) == (page.status, page.header("Content-Type"))
    assert expected in visible_text(page.text)
    assert (page.header("X-Request-Id") or "?") in page.text


async def test_every_problem_is_listed() -> None:
    """All field errors are listed, escaped."""
    page = await look("/api/UpdateWish.html?WishId=%3Cb%3E&ContactId=x", BEARER)

    assert "<li>&#39;&lt;b&gt;&#39; is an Invalid value for &#39;WishId&#39;" in page.text
    assert "for &#39;ContactId&#39;" in page.text


async def test_cookies_go_with_pages() -> None:
    """Cookies renewed during authentication are set."""
    assert 2 == len((await look("/api/me", {"Cookie": "ss-tok=renewed"})).headers("Set-Cookie"))
    assert 200 == (await look("/api/me", COOKIE)).status


@pytest.mark.parametrize("target", ["/api/Hello.html", "/api/html/reply/Hello"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"Name":"Sun"}'),
        ("", b'{"Name":"Sun"}'),
        ("application/xml", b"<Hello><Name>Sun</Name></Hello>"),
        ("application/x-www-form-urlencoded", b"Name=Sun"),
    ],
)
async def test_bodies_of_requests_for_pages(target: str, content_type: str, body: bytes) -> None:
    """On a path with the HTML format the Content-Type decides the body format."""
    headers = {"Content-Type": content_type} if content_type else {}
    page = await send(HOST, "POST", target, headers=headers, body=body)

    assert "<dd>Hello, Sun</dd>" in page.text


async def test_pages_are_not_read() -> None:
    """A body in HTML is 415."""
    headers = {"Content-Type": "text/html"}

    assert 415 == (await send(HOST, "POST", "/api/greetings", headers=headers, body=b"<p>")).status


@pytest.mark.parametrize("target", ["/api/wishes", "/api/wishes?format=html", "/api/wishes.html?jsconfig=cc"])
async def test_the_next_page_is_a_page(target: str) -> None:
    """The link to the next page of a list has the format once."""
    page = await look(target, BEARER)

    following = [link for link in links(page) if "After=" in link]
    assert 1 == len(following)
    assert following[0].endswith("&format=html")
    assert 1 == following[0].count("format=")
