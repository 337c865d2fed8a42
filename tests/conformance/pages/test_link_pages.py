"""The pages of mailed links in a real browser, on a phone."""

import base64
import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.support.browsing import chromium
from tests.support.installation import UNLIMITED, Server, running

pytestmark = pytest.mark.conformance

TELEPHONE = (390, 844)
LINK = re.compile(r"http[^\"\\ ]*Token=[A-Za-z0-9_.-]+")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run Chromium."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run an installation with the built-in mailbox."""
    with running(tmp_path_factory.mktemp("pages"), UNLIMITED) as server:
        yield server


def link_to(server: Server, address: str) -> str:
    """Return the link in the mail to an address, from the built-in mailbox."""
    assert server.operator
    basic = {"Authorization": "Basic " + base64.b64encode(":".join(server.operator).encode()).decode()}
    for _ in range(200):
        for message in server.send("GET", "/api/mailbox", None, basic).json["Messages"]:
            if message["To"] == address:
                whole = server.send("GET", f"/api/mailbox/{message['MessageId']}", None, basic).json
                found = LINK.search(json.dumps(whole))
                assert found
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


def test_checkbox_stands_beside_its_label(server: Server, browser: Browser) -> None:
    """The checkbox has the browser's size, while other inputs are as wide as the page."""
    account = {
        "EmailAddress": "roofer@example.com",
        "Password": "a long enough passphrase",
        "FirstName": "Some",
        "Surname": "Roofer",
        "BusinessProfile": {"TradingName": "Some Roofs"},
    }
    assert server.post("/api/register", account).status == 200
    page = browser.new_page(viewport={"width": TELEPHONE[0], "height": TELEPHONE[1]})
    page.goto(link_to(server, "roofer@example.com"))

    widths = page.evaluate("[...document.querySelectorAll('form p input')].map(each => [each.type, each.offsetWidth])")

    assert {kind: width < 30 for kind, width in widths} == {"text": False, "password": False, "checkbox": True}
    assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE[0]
    page.close()


def test_damaged_invitation_link_says_what_to_do(server: Server, browser: Browser) -> None:
    """The page speaks of links, not of ids."""
    assert server.operator
    token, me = server.sign_in(*server.operator)
    body = {"EmailAddress": "invited@example.com", "Roles": ["955e1269-7ee7-5a71-87ed-25e9b76a8ee1"]}
    assert server.post(f"/api/contacts/{me}/invite/contact", body, token).status == 200
    page = browser.new_page(viewport={"width": TELEPHONE[0], "height": TELEPHONE[1]})
    page.goto(link_to(server, "invited@example.com")[:-3])

    assert page.inner_text("main .lead") == "This link is not valid. Copy the complete link from the email."
    page.close()
