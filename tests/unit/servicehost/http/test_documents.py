"""Tests of serving the host's own pages; their content is tested elsewhere."""

import re
from html import unescape

import msgspec
import pytest
from tests.support.asgi import send
from tests.support.demo import demo_host

from servicehost.metadata import FILTER_SOURCE

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
    """Pages are HTML with a policy that allows no external content."""
    answered = await send(HOST, "GET", target)

    assert answered.status == 200
    assert answered.header("Content-Type") == "text/html; charset=utf-8"
    assert "default-src 'none'" in (answered.header("Content-Security-Policy") or "")
    assert answered.header("X-Content-Type-Options") == "nosniff"
    assert expected in answered.text


@pytest.mark.parametrize(
    ("target", "allowed"),
    [("/api/metadata", True), ("/api/json/metadata?op=Hello", False), ("/api/greetings/B.html", False)],
)
async def test_scripts(target: str, allowed: bool) -> None:
    """Only the list has a script, which is allowed by its hash; allowing it by address would also allow JSONP scripts."""
    policy = (await send(HOST, "GET", target)).header("Content-Security-Policy") or ""

    assert allowed == (f"script-src {FILTER_SOURCE};" in policy)
    assert "script-src 'self'" not in policy


async def test_pages_have_a_referrer_policy() -> None:
    """Pages of the host have a referrer policy."""
    for target in ("/api/metadata", "/api/json/metadata?op=Hello"):
        assert "same-origin" == (await send(HOST, "GET", target)).header("Referrer-Policy")


@pytest.mark.parametrize("target", ["/api/openapi.json", "/api/openapi", "/API/OpenApi.JSON"])
async def test_openapi(target: str) -> None:
    """The OpenAPI document states the public address."""
    answered = await send(HOST, "GET", target, headers={"Host": "elsewhere.example", "Accept": "application/xml"})

    assert "application/json; charset=utf-8" == answered.header("Content-Type")
    assert [{"url": "http://127.0.0.1:8000"}] == answered.json["servers"]
    assert "application/x-msgpack" in answered.text
    assert "text/html" not in answered.text


@pytest.mark.parametrize("target", ["/api/openapi.yaml", "/api/openapi.yml"])
async def test_openapi_as_yaml(target: str) -> None:
    """The OpenAPI document is available in YAML."""
    answered = await send(HOST, "GET", target)

    assert "application/yaml; charset=utf-8" == answered.header("Content-Type")
    assert (await send(HOST, "GET", "/api/openapi.json")).json == msgspec.yaml.decode(answered.body)


async def test_contract() -> None:
    """The contract file lists the operations."""
    answered = await send(HOST, "GET", "/api/types/metadata")

    assert "application/json; charset=utf-8" == answered.header("Content-Type")
    assert "UpdateWish" in answered.text
    assert "AcceptPage" not in answered.text


async def test_links_of_the_list_lead_somewhere() -> None:
    """All links of the list of operations work."""
    html = (await send(HOST, "GET", "/api/metadata")).text
    for link in set(re.findall(r'href="(/[^"]*)"', html)):
        assert 200 == (await send(HOST, "GET", unescape(link))).status


@pytest.mark.parametrize(
    "target", ["/api/openapi.xml", "/api/msgpack/metadata?op=Hello", "/api/html/metadata", "/api/explorer"]
)
async def test_documents_that_there_are_not(target: str) -> None:
    """Formats without documentation pages are 404."""
    assert 404 == (await send(HOST, "GET", target)).status


async def test_unpublished_operations_are_not_listed() -> None:
    """Unpublished operations have no documentation page."""
    assert "AcceptPage" not in (await send(HOST, "GET", "/api/metadata")).text


@pytest.mark.parametrize("name", ["Nothing", "AcceptPage", "%3Cscript%3E"])
async def test_unknown_operation(name: str) -> None:
    """The page of an unknown operation is 404, with its name escaped."""
    answered = await send(HOST, "GET", f"/api/json/metadata?op={name}")

    assert answered.status == 404
    assert answered.header("Content-Type") == "text/html; charset=utf-8"
    assert "<script>" not in answered.text


@pytest.mark.parametrize("target", ["/api/metadata/", "//api/metadata/", "/api//metadata//"])
async def test_redirect_of_the_index(target: str) -> None:
    """An address with a trailing slash redirects to the one without, and never to another host."""
    answered = await send(HOST, "GET", target)

    assert answered.status == 301
    assert answered.header("Location") == "/api/metadata"


async def test_types() -> None:
    """The sources are plain text, with the options that tools read back."""
    answered = await send(HOST, "GET", "/api/types/typescript?IncludeTypes=Hello")

    assert answered.header("Content-Type") == "text/plain; charset=utf-8"
    assert "Options:" in answered.text
    assert "IncludeTypes: Hello" in answered.text


async def test_types_without_options() -> None:
    """An option may be a name without a value."""
    assert "Options:" not in (await send(HOST, "GET", "/api/types/typescript?WithoutOptions")).text


async def test_index_of_types() -> None:
    """The index lists the public address of each source."""
    answered = await send(HOST, "GET", "/api/types", headers={"Host": "elsewhere.example"})

    assert answered.json["TypeScript"] == "http://127.0.0.1:8000/api/types/typescript"


@pytest.mark.parametrize("target", ["/api/types/klingon", "/api/types/typescript/x"])
async def test_unknown_language(target: str) -> None:
    """The source in an unknown language is 404."""
    assert (await send(HOST, "GET", target)).status == 404
