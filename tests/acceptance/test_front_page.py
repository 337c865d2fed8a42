"""The front page of a server in the browser."""

import re
from pathlib import Path
from urllib.request import urlopen

from tests.support.installation import running


def test_every_link_of_the_front_page_leads_somewhere(tmp_path: Path) -> None:
    """It links to the operations, to OpenAPI, and to a typed client for each language on the pages."""
    with running(tmp_path) as server:
        front = read(server.url + "/")
        links = re.findall(r'<a href="(/[^"]*)"', front)
        pages = {link: read(server.url + link) for link in links}

    assert {"/api/metadata", "/api/openapi.json", "/api/types/python", "/api/types/zig"} <= set(links)
    assert pages.pop("/") == front
    assert all("ConnectionRequestResend" in page for page in pages.values())


def read(url: str) -> str:
    """Return the text at an address that returns 200."""
    with urlopen(url) as answer:  # noqa: S310 - of a server of this test
        text: str = answer.read().decode()
    return text
