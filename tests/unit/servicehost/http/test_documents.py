"""Tests of the host's own pages: what is behind them is tested where it is written."""

import pytest
from tests.support.asgi import send
from tests.support.demo import demo_host

HOST = demo_host()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/api/metadata", "UpdateWish"),
        ("/api/json/metadata", "UpdateWish"),
        ("/api/json/metadata?op=Hello", "HTTP + JSON"),
        ("/api/xml/metadata?op=HELLO", "HTTP + XML"),
        ("/api/json/metadata?op=Hello&lang=typescript", "class Hello"),
        ("/api/JSON/Metadata?Op=Hello", "Says hello to anybody."),
    ],
)
async def test_pages(target: str, expected: str) -> None:
    """Pages are HTML, and let nothing in from elsewhere."""
    answered = await send(HOST, "GET", target)

    assert answered.status == 200
    assert answered.header("Content-Type") == "text/html; charset=utf-8"
    assert "default-src 'none'" in (answered.header("Content-Security-Policy") or "")
    assert answered.header("X-Content-Type-Options") == "nosniff"
    assert expected in answered.text


async def test_unpublished_operations_are_not_listed() -> None:
    """Pages of a web application are no documentation."""
    assert "AcceptPage" not in (await send(HOST, "GET", "/api/metadata")).text


@pytest.mark.parametrize("name", ["Nothing", "AcceptPage", "%3Cscript%3E"])
async def test_unknown_operation(name: str) -> None:
    """A page of an unknown operation is 404 and says so, without becoming a page of somebody else's."""
    answered = await send(HOST, "GET", f"/api/json/metadata?op={name}")

    assert answered.status == 404
    assert answered.header("Content-Type") == "text/html; charset=utf-8"
    assert "<script>" not in answered.text


async def test_redirect_of_the_index() -> None:
    """The address with a slash behind it leads to the one without."""
    answered = await send(HOST, "GET", "/api/metadata/")

    assert answered.status == 301
    assert answered.header("Location") == "/api/metadata"


async def test_types() -> None:
    """The sources are plain text, with the options that tools read back."""
    answered = await send(HOST, "GET", "/api/types/typescript?IncludeTypes=Hello")

    assert answered.header("Content-Type") == "text/plain; charset=utf-8"
    assert "Options:" in answered.text
    assert "IncludeTypes: Hello" in answered.text


async def test_types_without_options() -> None:
    """A name without value is an option too."""
    assert "Options:" not in (await send(HOST, "GET", "/api/types/typescript?WithoutOptions")).text


async def test_index_of_types() -> None:
    """The index tells where each source is, by the public address."""
    answered = await send(HOST, "GET", "/api/types", headers={"Host": "elsewhere.example"})

    assert answered.json["TypeScript"] == "http://127.0.0.1:8000/api/types/typescript"


@pytest.mark.parametrize("target", ["/api/types/klingon", "/api/types/typescript/x"])
async def test_unknown_language(target: str) -> None:
    """There is no source in a language that nobody wrote a generator for."""
    assert (await send(HOST, "GET", target)).status == 404
