"""The index of operations, and the page for an unknown operation."""

import base64
import hashlib
import re

from tests.support.documented import Site
from tests.support.pages import visible_text

from servicehost.formats.registry import WIRE_FORMATS
from servicehost.metadata import FILTER_SOURCE, Documentation
from servicehost.metadata.filtering import FILTER


def test_operations_by_name_with_a_link_for_each_format(site: Site) -> None:
    """Names are in ordinal order, formats in the order of the host."""
    names = [
        "ConnectionRequestResend",
        "ConnectionStatusUpdate",
        "DeleteItem",
        "Forget",
        "GetItems",
        "Ping",
        "SaveItem",
    ]
    lines = visible_text(site.documentation.index())
    assert [f"{name}JSONXMLJSVCSVJSONL" for name in names] == lines[3:10]


def test_what_requires_authentication_is_marked(site: Site) -> None:
    """The mark has a text for screen readers."""
    rows = re.findall(r"<tr>.*?</tr>", site.documentation.index(), re.DOTALL)
    marked = [re.search(r"op=(\w+)", row)[1] for row in rows if 'aria-label="Requires Authentication' in row]  # type: ignore[index]
    assert marked == ["ConnectionRequestResend", "ConnectionStatusUpdate", "DeleteItem", "Forget", "SaveItem"]


def test_links_lead_to_pages_and_sources(site: Site) -> None:
    """All links are below the mount."""
    html = site.documentation.index()
    assert 'href="/api/jsonl/metadata?op=Ping"' in html
    assert 'href="/api/types/typescript"' in html


def test_what_else_describes_all_operations_is_linked() -> None:
    """Only existing documents are linked, below the mount."""
    catalog = Site().catalog
    linked = Documentation(catalog, WIRE_FORMATS, [("OpenAPI", "/openapi.json")]).index()
    assert '<a href="/api/openapi.json">OpenAPI</a>' in linked
    assert "openapi" not in Documentation(catalog, WIRE_FORMATS).index()


def test_formats_without_pages_have_no_column(site: Site) -> None:
    """The contract defines five columns; pages of answers link to the other formats."""
    assert "msgpack" not in site.documentation.index().lower()


def test_descriptions_are_shown_by_style(site: Site) -> None:
    """They are attributes for the filter, not text of the row."""
    html = site.documentation.index()
    assert 'data-about="Rows of a list."' in html
    assert "Rows of a list." not in "".join(visible_text(html))


def test_the_filter_is_the_only_script(site: Site) -> None:
    """Its text matches the policy, and it is hidden until the script shows it."""
    html = site.documentation.index()
    assert [FILTER] == re.findall(r"<script type=\"module\">(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(FILTER.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == FILTER_SOURCE
    assert re.search(r'<div class="filter" role="search" hidden>', html)
    assert not re.search(r"\son\w+=|\ssrc=|javascript:", html)


def test_an_unknown_operation_is_named(site: Site) -> None:
    """The name is escaped, and the page links to the index."""
    html = site.documentation.unknown("<script>")
    expected = [
        "Platform API",
        "<back to all web services",
        "No such operation",
        "The service has no operation '<script>'. See the list of all operations.",
    ]
    assert expected == visible_text(html)
    assert "<script>" not in html
