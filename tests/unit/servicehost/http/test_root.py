"""Tests of a host below a path: of a proxy, or of another application that mounts it."""

import re
from html import unescape
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from tests.support.asgi import Answered, Application, scope_of, send
from tests.support.demo import BEARER, OTHER_ID, demo_host

from servicehost.contract.catalog import Service
from servicehost.http.exchange import request_path

HOST = demo_host(public_url="https://demo.example/below/it")
MOUNTED = Starlette(routes=[Mount("/below/it", app=HOST)])
PAGE = {"Accept": "text/html"}


def links(page: Answered) -> list[str]:
    """The link targets of a page on this host."""
    return [unescape(link) for link in re.findall(r'(?:href|action)="(/[^"]*)"', page.text)]


@pytest.mark.parametrize("application", [HOST, MOUNTED])
@pytest.mark.parametrize(
    "target", ["/api/metadata", "/api/json/metadata?op=Hello", "/api/nothing", "/api/greetings/Sun"]
)
async def test_links_of_pages_lead_somewhere(application: Application, target: str) -> None:
    """All links start with the root and work."""
    page = await send(application, "GET", "/below/it" + target, headers=PAGE)
    found = links(page)

    assert found
    assert [] == [link for link in found if not link.startswith("/below/it/")]
    statuses = {(await send(application, "GET", link)).status for link in set(found)}
    assert statuses <= {200, 302}


@pytest.mark.parametrize("application", [HOST, MOUNTED])
async def test_links_of_lists(application: Application) -> None:
    """The link to the next page is a public URL."""
    answered = await send(application, "GET", "/below/it/api/wishes", headers=BEARER)

    assert f'<https://demo.example/below/it/api/wishes?After={OTHER_ID}>; rel="next"' == answered.header("Link")


async def test_a_proxy_may_remove_the_root() -> None:
    """Requests without the root are served too."""
    short = await send(HOST, "GET", "/api/metadata/", headers=PAGE)
    long = await send(HOST, "GET", "//below/it//api/metadata/", headers=PAGE)

    assert (301, 301) == (short.status, long.status)
    assert "/below/it/api/metadata" == short.header("Location") == long.header("Location")


@pytest.mark.parametrize(
    ("target", "root_path", "root", "expected"),
    [
        ("/api/x", "", "", "/api/x"),
        ("/below/api/x", "", "/below", "/api/x"),
        ("/below", "", "/below", "/"),
        ("/below/", "", "/below", "/"),
        ("/belowit/x", "", "/below", "/belowit/x"),
        ("/below/below/x", "", "/below", "/below/x"),
        ("/api/x", "", "/below", "/api/x"),
        ("/mounted/api/x", "/mounted", "", "/api/x"),
        ("/mounted/below/x", "/mounted", "/below", "/below/x"),
        ("/api/x%2Fy", "/mounted", "", "/api/x%2Fy"),
    ],
)
def test_the_path_below_the_root(target: str, root_path: str, root: str, expected: str) -> None:
    """One root is removed, by whole segments: that of the scope, otherwise that of the public URL."""
    scope: dict[str, Any] = scope_of("GET", target) | {"root_path": root_path}

    assert expected == request_path(scope, root)


@pytest.mark.parametrize(
    ("url", "front", "expected"),
    [
        ("https://demo.example", "", ("", "/api", "/api/metadata")),
        ("https://demo.example/below/", "", ("/below", "/below/api", "/below/api/metadata")),
        ("https://demo.example/below", "/", ("/below", "/below/api", "/below/")),
    ],
)
def test_paths_of_a_service(url: str, front: str, expected: tuple[str, str, str]) -> None:
    """Root, mount and front page are in the form that clients use."""
    service = Service("Demo", url, front=front)

    assert expected == (service.root, service.base_path, service.home)
