"""The `Link` header of a list leads to its next page from any address of the list."""

import base64
import re
import time
from collections.abc import Iterator

import pytest
from tests.support.installation import UNLIMITED, Server, running

ROWS = 3
SUBCONTRACTOR = "955e1269-7ee7-5a71-87ed-25e9b76a8ee1"
PERSON = "020d3f9a-11cb-59c7-829e-bd4a384ba7d9"

ADDRESSES = (
    "/api/contacts/{me}/connectionrequests/sent?PageSize=1",
    "/api/GetConnectionRequests?ContactId={me}&Action=sent&PageSize=1",
    "/api/GetConnectionRequests.csv?ContactId={me}&Action=Sent&PageSize=1",
    "/api/json/reply/GetConnectionRequests?ContactId={me}&Action=sent&PageSize=1",
    "/api/contacts/{me}/connections?RequestorContactId={me}&ContactTypeId={person}&IsPagedMode=true&PageSize=1",
    "/api/GetConnectionsToContact?ContactId={me}&RequestorContactId={me}&ContactTypeId={person}&PageSize=1&IsPagedMode=1",
    "/api/mailbox?PageSize=1",
    "/api/GetMailboxMessages?PageSize=1",
)


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str], str]]:
    """Return a server, the operator's credentials and contact; the operator has sent `ROWS` requests, and their mails are stored."""
    with running(tmp_path_factory.mktemp("links"), UNLIMITED) as server:
        assert server.operator
        basic = {"Authorization": "Basic " + base64.b64encode(":".join(server.operator).encode()).decode()}
        token, me = server.sign_in(*server.operator)
        for number in range(ROWS):
            body = {"EmailAddress": f"number{number}@example.com", "Roles": [SUBCONTRACTOR]}
            assert server.post(f"/api/contacts/{me}/invite/contact", body, token).status == 200
        for _ in range(200):
            if server.send("GET", "/api/mailbox", None, basic).headers["x-total-count"] == str(ROWS):
                break
            time.sleep(0.1)
        yield server, basic, me


@pytest.mark.parametrize("address", ADDRESSES)
def test_following_links_meets_every_row(signed_in: tuple[Server, dict[str, str], str], address: str) -> None:
    """With one row per page, no two pages are the same."""
    server, headers, me = signed_in
    following: str | None = address.format(me=me, person=PERSON)
    pages: list[tuple[int, bytes]] = []
    while following and len(pages) <= ROWS:
        answer = server.send("GET", following, None, headers)
        pages.append((answer.status, answer.body))
        link = re.fullmatch(r'<(?:http://[^/]+)?(/[^>]+)>; rel="next"', answer.headers.get("link", ""))
        following = link[1] if link else None

    assert ([200] * ROWS, ROWS) == ([status for status, _ in pages], len({body for _, body in pages}))


def test_path_is_not_repeated_in_links(signed_in: tuple[Server, dict[str, str], str]) -> None:
    """If the path contains the contact, the query of the link does not."""
    server, headers, me = signed_in
    link = server.send("GET", ADDRESSES[0].format(me=me), None, headers).headers["link"]

    assert re.fullmatch(rf"<{server.url}/api/contacts/{me}/connectionrequests/sent\?PageSize=1&After=[^&]+>.*", link)
