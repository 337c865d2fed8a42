"""The index of operations, and the page for an operation that there is none of."""

import re

from tests.support.documented import Site
from tests.support.pages import visible_text


def test_operations_by_name_with_a_link_for_each_format(site: Site) -> None:
    """The names in ordinal order, then the formats in theirs."""
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
    """With words for those who do not see the mark."""
    rows = re.findall(r"<tr>.*?</tr>", site.documentation.index(), re.DOTALL)
    marked = [re.search(r"op=(\w+)", row)[1] for row in rows if 'aria-label="Requires Authentication"' in row]  # type: ignore[index]
    assert marked == ["ConnectionRequestResend", "ConnectionStatusUpdate", "DeleteItem", "Forget", "SaveItem"]


def test_links_lead_to_pages_and_sources(site: Site) -> None:
    """Under the mount."""
    html = site.documentation.index()
    assert 'href="/api/jsonl/metadata?op=Ping"' in html
    assert 'href="/api/types/typescript"' in html


def test_an_unknown_operation_is_named(site: Site) -> None:
    """Escaped, with the way back."""
    html = site.documentation.unknown("<script>")
    expected = [
        "Platform API",
        "<back to all web services",
        "No such operation",
        "The service has no operation '<script>'. The list of all operations has those that there are.",
    ]
    assert expected == visible_text(html)
    assert "<script>" not in html
