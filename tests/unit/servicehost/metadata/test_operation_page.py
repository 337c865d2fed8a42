"""The page of an operation: its order, its tables, its samples, in every format and language."""

from html import unescape

import pytest
from tests.support.documented import Site
from tests.support.pages import visible_text

from servicehost.languages import tabs

PLACEHOLDERS = (
    "The following are sample HTTP requests and responses. "
    "The placeholders shown need to be replaced with actual values."
)
ITEM = (
    '{"Id":"00000000-0000-0000-0000-000000000000","Created":"0001-01-01T00:00:00.0000000","Labels":{"String":"String"}}'
)
STATUS = (
    '{"ErrorCode":"String","Message":"String","StackTrace":"String","Errors":[{"ErrorCode":"String",'
    '"FieldName":"String","Message":"String","Meta":{"String":"String"}}],"Meta":{"String":"String"}}'
)
HEAD = "NameParameterData TypeRequiredDescription"


def between(lines: list[str], first: str, last: str) -> list[str]:
    """Return the lines after `first` and before `last`."""
    start = lines.index(first) + 1
    return lines[start : lines.index(last, start)]


def override(page_name: str) -> str:
    """Return the sentence on the content type."""
    return (
        "To override the Content-type in your clients, use the HTTP Accept Header, "
        f"append the .{page_name} suffix or ?format={page_name}"
    )


def test_a_get_operation_in_full(site: Site) -> None:
    """Base and nested types have their own tables; the sample has no body; JSON pages mention JSONP."""
    expected = [
        "Platform API",
        "<back to all web services",
        "GetItems",
        "Rows of a list.",
        "The following routes are available for this service:",
        "GET/api/items/{OwnerId}",
        "GET/api/items",
        "GetItems Parameters:",
        HEAD,
        "OwnerIdpathGuid?No",
        "RequestorNamequeryGuidNoWho asks",
        "TagsformList<Guid>NoAny of these",
        "PagedModel Parameters:",
        HEAD,
        "PageSizeformint?NoRows of a page",
        "SortOrderformSortOrderNo",
        "SortOrder Enum:",
        "Ascending",
        "Descending",
        "GetItemsResponse Parameters:",
        HEAD,
        "ItemsformList<Item>No",
        "ResponseStatusformResponseStatusNo",
        "Item Parameters:",
        HEAD,
        "IdformGuidNo",
        "CreatedformDateTimeYesWhen <it> was made & kept",
        "LabelsformDictionary<string, string>No",
        override("json"),
        "To embed the response in a jsonp callback, append ?callback=myCallback",
        "HTTP + JSON",
        PLACEHOLDERS,
        "GET /api/items/{OwnerId} HTTP/1.1 ",
        "Host: pfapi.pstpf.com.au ",
        "Accept: application/json",
        "HTTP/1.1 200 OK",
        "Content-Type: application/json",
        "Content-Length: length",
        f'{{"Items":[{ITEM}],"ResponseStatus":{STATUS}}}',
    ]
    assert expected == visible_text(site.page("GetItems"))


@pytest.mark.parametrize(
    ("format_name", "page_name", "content_type"),
    [
        ("json", "json", "application/json"),
        ("xml", "xml", "application/xml"),
        ("jsv", "jsv", "text/jsv"),
        ("csv", "csv", "text/csv"),
        ("jsonl", "other", "text/jsonl"),
    ],
)
def test_what_differs_between_formats(site: Site, format_name: str, page_name: str, content_type: str) -> None:
    """The sentence, the heading and the content types differ; JSON lines have another name."""
    lines = visible_text(site.page("ConnectionStatusUpdate", format_name))
    assert override(page_name) in lines
    assert f"HTTP + {page_name.upper()}" in lines
    assert lines.count(f"Accept: {content_type}") == 1
    assert lines.count(f"Content-Type: {content_type}") == 2
    assert ("To embed the response in a jsonp callback, append ?callback=myCallback" in lines) == (
        format_name == "json"
    )


def test_the_jsv_sample(site: Site) -> None:
    """Guid members are omitted: the request is a line with a tab."""
    page = site.page("ConnectionStatusUpdate", "jsv")
    assert "Content-Length: length\n\n{\n\t\n}</pre>" in page
    lines = visible_text(page)
    expected = [
        "Content-Length: length",
        "{",
        "}",
        "HTTP/1.1 200 OK",
        "Content-Type: text/jsv",
        "Content-Length: length",
    ]
    expected += ["{", "\tResponseStatus: ", "\t{", "\t\tErrorCode: String,"]
    start = lines.index("Content-Length: length")
    assert expected == lines[start : start + len(expected)]


def test_members_travel_in_the_body_where_a_route_takes_post(site: Site) -> None:
    """Members in a route's path are not in the body, nor are unstated members of other types."""
    expected = [HEAD, "IdpathGuidNo", "NamebodystringNoIts <b>name</b>", "RestpathstringNo"]
    assert expected == between(visible_text(site.page("SaveItem")), "SaveItem Parameters:", override("json"))


def test_verbs_as_declared_and_the_sample_of_the_first_route(site: Site) -> None:
    """Several verbs are joined by commas."""
    lines = visible_text(site.page("SaveItem"))
    heading = "The following routes are available for this service:"
    expected = ["POST/api/items", "PUT/api/items/{Id}", "PUT,POST/api/items/{Rest*}"]
    assert expected == between(lines, heading, "SaveItem Parameters:")
    assert "POST /api/items HTTP/1.1 " in lines


def test_a_bare_response_status_has_no_table_and_its_members_at_the_top(site: Site) -> None:
    """This is the sample response of an operation that returns a ResponseStatus."""
    lines = visible_text(site.page("SaveItem"))
    assert "ResponseStatus Parameters:" not in lines
    assert lines[-1].startswith('{"ErrorCode":"String","Message":"String"')


def test_an_operation_without_routes_is_posted_to_its_predefined_path(site: Site) -> None:
    """It has no heading for routes; without members there is no table and an empty body; without a description there is no line."""
    expected = [
        "Platform API",
        "<back to all web services",
        "Ping",
        override("other"),
        "HTTP + OTHER",
        PLACEHOLDERS,
        "POST /api/jsonl/reply/Ping HTTP/1.1 ",
        "Host: pfapi.pstpf.com.au ",
        "Accept: text/jsonl",
        "Content-Type: text/jsonl",
        "Content-Length: length",
        "{}",
        "HTTP/1.1 200 OK",
    ]
    assert expected == visible_text(site.page("Ping", "jsonl"))[: len(expected)]


def test_an_operation_that_answers_nothing_has_no_sample_response(site: Site) -> None:
    """It is a one-way operation."""
    assert visible_text(site.page("Forget"))[-3:] == ["Content-Type: application/json", "Content-Length: length", "{}"]
    assert "POST /api/json/oneway/Forget HTTP/1.1 " in visible_text(site.page("Forget"))


def test_a_delete_has_no_body(site: Site) -> None:
    """Its sample ends after Accept."""
    assert visible_text(site.page("DeleteItem", "xml"))[-1] == "Accept: application/xml"


def test_a_role_is_said_below_the_authentication(site: Site) -> None:
    """The line appears only if a role is required."""
    lines = visible_text(site.page("DeleteItem"))
    assert lines[4:6] == ["Requires Authentication", "Requires the role: Operator"]


def test_nothing_unpublished_is_shown(site: Site) -> None:
    """Unpublished members are in neither tables nor samples nor sources."""
    assert "Action" not in site.page("ConnectionStatusUpdate", "xml")
    assert "Action" not in site.page("ConnectionStatusUpdate", "json", "typescript")


def test_a_source_replaces_the_tables(site: Site) -> None:
    """Its caption links to the file of these types."""
    html = site.page("ConnectionStatusUpdate", "json", "TypeScript")
    lines = visible_text(html)
    assert "    public ConnectionId: string;" in lines
    assert lines[lines.index(override("json")) - 1] == "TypeScript ConnectionStatusUpdate DTOs"
    assert "ConnectionStatusUpdate Parameters:" not in lines
    assert 'href="/api/types/typescript?IncludeTypes=ConnectionStatusUpdate.*"' in html


def test_an_unknown_language_is_said_on_the_page(site: Site) -> None:
    """The key is escaped, and the known languages are listed."""
    html = site.page("Ping", "json", "<cobol>")
    known = ", ".join(language.key for language in tabs())
    assert f"There is no language '<cobol>'. The host has: {known}" in unescape(html)
    assert "<cobol>" not in html


def test_descriptions_are_escaped(site: Site) -> None:
    """Descriptions are text, not markup."""
    html = site.page("SaveItem")
    assert "Its &lt;b&gt;name&lt;/b&gt;" in html


def test_links_keep_format_and_language(site: Site) -> None:
    """Links lead to the same language in another format, and back to the parameters."""
    html = site.page("Ping", "xml", "mjs")
    assert '<a href="/api/csv/metadata?op=Ping&amp;lang=mjs">CSV</a>' in html
    assert '<a href="/api/xml/metadata?op=Ping&amp;lang=mjs" aria-current="page">JavaScript</a>' in html
    assert '<a href="/api/xml/metadata?op=Ping">Metadata</a>' in html
