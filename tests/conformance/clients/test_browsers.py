"""Pages of other sites in a real browser, with the published client and the server's JavaScript sources."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.support.browsing import chromium, site
from tests.support.clients import node_modules
from tests.support.installation import UNLIMITED, Server, bearer, running
from tests.support.people import PASSWORD, Person, operator_of, register

from platform_api.foundation.well_known import ContactType
from platform_api.roles.standard import SUBCONTRACTOR

pytestmark = pytest.mark.conformance

DOCUMENTED = Path(__file__).parents[3] / "docs" / "clients.md"
LIBRARY = "@servicestack/client/dist/servicestack-client.mjs"

START = """async url => {
    const { JsonServiceClient } = await import('/servicestack-client.mjs');
    window.dtos = await import(`${url}/api/types/mjs`);
    window.client = new JsonServiceClient(url);
    window.url = url;
}"""
"""Start of every page: imports the client from its own site, and the messages from the server."""

SIGN_IN = """async ([userName, password]) => {
    const answer = await client.post(new dtos.Authenticate({ provider: 'credentials', userName, password }));
    return [answer.userName, answer.bearerToken ?? null, client.useTokenCookie ?? false, document.cookie];
}"""

OWN_CONTACT = "async () => (await client.api(new dtos.GetOwnContact())).response?.Contact.ContactId ?? null"

CONNECT = """async ([ContactId, ToContactId, ContactTypeId, role]) => (await client.api(new dtos.ConnectContactsInRoles(
    { ContactId, ToContactId, ContactTypeId, Roles: [role] }))).succeeded"""

STEAL = """async ([url, body]) => {
    const told = [];
    for (const mode of ['cors', 'no-cors'])
        for (const [path, method] of [['GetOwnContact', 'GET'], ['ConnectContactsInRoles', 'POST']]) {
            const sent = { mode, method, credentials: 'include', body: method == 'POST' ? body : undefined };
            told.push(await fetch(`${url}/api/${path}`, sent).then(answer => answer.type, error => error.name));
        }
    return told;
}"""
"""Ask and act with what the browser attaches, as a page that means ill would."""

EMBED = """url => new Promise(resolve => {
    window.stolen = value => { window.got = value; };
    const script = document.createElement('script');
    script.src = `${url}/api/GetOwnContact?callback=stolen`;
    script.onload = script.onerror = () => resolve(window.got?.Contact ?? null);
    document.head.append(script);
})"""

SUBMIT = """([url, members]) => {
    const form = document.createElement('form');
    Object.assign(form, { action: `${url}/api/ConnectContactsInRoles`, method: 'POST' });
    for (const [name, value] of Object.entries(members))
        form.append(Object.assign(document.createElement('input'), { name, value }));
    document.body.append(form);
    form.submit();
}"""


@dataclass(frozen=True)
class World:
    """A server, the ports of two other sites, and two people.

    Attributes:
        server: server that allows pages of `friend`, under both names of this machine.
        friend: port of an allowed site.
        stranger: port of a site that is not allowed.
        first: a person.
        second: another person.
    """

    server: Server
    friend: int
    stranger: int
    first: Person
    second: Person

    @property
    def wish(self) -> dict[str, str]:
        """Send a request from the first person to the second."""
        return {
            "ContactId": self.first.contact,
            "ToContactId": self.second.contact,
            "ContactTypeId": ContactType.REAL_PERSON.id,
            "Roles": SUBCONTRACTOR,
        }

    def requests(self) -> list[dict[str, Any]]:
        """Return the requests that the second person has received."""
        path = f"/api/contacts/{self.second.contact}/connectionrequests/received"
        found: list[dict[str, Any]] = self.server.send("GET", path, None, bearer(self.second.token)).json[
            "ConnectionRequests"
        ]
        return found

    def cancel(self) -> None:
        """Cancel all requests."""
        for each in self.requests():
            body = {"ConnectionRequestId": each["ConnectionRequestId"]}
            assert 200 == self.server.post("/api/CancelConnectionRequest", body, self.first.token).status


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the files of the other sites: an empty page and the published client."""
    folder = tmp_path_factory.mktemp("pages")
    copy(node_modules() / LIBRARY, folder)
    (folder / "index.html").write_text("<!doctype html><title>A page</title>", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, pages: Path) -> Iterator[World]:
    """A server that knows a friend, and a stranger."""
    folder = tmp_path_factory.mktemp("platform")
    with site(pages) as friend, site(pages) as stranger:
        allowed = f"http://127.0.0.1:{friend},http://localhost:{friend}"
        with running(folder, {**UNLIMITED, "cors.allowed_origins": allowed}) as server:
            operator = operator_of(server)
            people = [register(server, operator, name) for name in ("first", "second")]
            yield World(server, friend, stranger, *people)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run a browser."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, world: World) -> Iterator[Page]:
    """Open a page of the allowed site in a new browser context, with access to the server."""
    with browser.new_context() as context, context.new_page() as page:
        open_at(page, world, f"http://127.0.0.1:{world.friend}")
        yield page
    world.cancel()


def open_at(page: Page, world: World, origin: str) -> None:
    """Open a page of a site that the server allows."""
    page.goto(origin)
    page.evaluate(START, world.server.url)


def sign_in(page: Page) -> list[Any]:
    """Sign in the first person on a page; return what the page receives."""
    told: list[Any] = page.evaluate(SIGN_IN, ["first@example.com", PASSWORD])
    return told


def test_a_page_of_an_allowed_site_signs_in_with_cookies(page: Page, world: World) -> None:
    """Scripts cannot read the tokens; `X-Cookies` tells the client that they exist; later requests are authenticated."""
    assert page.evaluate(OWN_CONTACT) is None
    assert ["first@example.com", None, True, ""] == sign_in(page)
    assert world.first.contact == page.evaluate(OWN_CONTACT)


def test_a_page_of_an_allowed_site_acts_for_the_visitor(page: Page, world: World) -> None:
    """State changes succeed after the browser's preflight request."""
    sign_in(page)
    assert page.evaluate(CONNECT, list(world.wish.values())) is True
    assert 1 == len(world.requests())


def test_a_page_of_an_allowed_site_signs_out(page: Page) -> None:
    """Signing out deletes the cookies."""
    sign_in(page)
    page.evaluate("async () => client.post(new dtos.AuthenticateLogout())")
    assert page.evaluate(OWN_CONTACT) is None
    assert [] == page.context.cookies()


def test_a_page_of_an_allowed_site_reads_header_fields(page: Page) -> None:
    """Scripts can read totals and the request id."""
    sign_in(page)
    script = """async () => {
        const wanted = new dtos.GetOwnContact(), names = [];
        client.responseFilter = answer => names.push(...answer.headers.keys());
        await client.send(wanted);
        return names;
    }"""
    assert "x-request-id" in page.evaluate(script)


def test_a_page_of_an_allowed_site_far_away_uses_a_token(page: Page, world: World) -> None:
    """Browsers withhold cookies from pages of other sites; a token in the body works from any site."""
    open_at(page, world, f"http://localhost:{world.friend}")
    sign_in(page)
    assert page.evaluate(OWN_CONTACT) is None
    script = """async ([userName, password]) => {
        const credentials = new dtos.Authenticate({ provider: 'credentials', userName, password });
        client.bearerToken = (await client.post(credentials, { useTokenCookie: false })).bearerToken;
    }"""
    page.evaluate(script, ["first@example.com", PASSWORD])
    assert world.first.contact == page.evaluate(OWN_CONTACT)
    assert page.evaluate(CONNECT, list(world.wish.values())) is True


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_learns_and_changes_nothing(page: Page, world: World, host: str) -> None:
    """With the visitor's cookies, responses are unreadable and state changes are rejected."""
    sign_in(page)
    page.goto(f"http://{host}:{world.stranger}")
    body = json.dumps(world.wish | {"Roles": [SUBCONTRACTOR]})
    told = page.evaluate(STEAL, [world.server.url, body])
    assert ["TypeError", "TypeError", "opaque", "opaque"] == told
    assert [] == world.requests()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_learns_nothing_by_a_script(page: Page, world: World, host: str) -> None:
    """JSONP responds as without a sign-in."""
    sign_in(page)
    page.goto(f"http://{host}:{world.stranger}")
    assert page.evaluate(EMBED, world.server.url) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_form_of_another_site_changes_nothing(page: Page, world: World, host: str) -> None:
    """The visitor sees an error page, whether or not the browser attached the cookies."""
    sign_in(page)
    page.goto(f"http://{host}:{world.stranger}")
    with page.expect_navigation(url=f"{world.server.url}/**") as shown:
        page.evaluate(SUBMIT, [world.server.url, world.wish])
    assert shown.value is not None
    assert 403 == shown.value.status
    assert [] == world.requests()


def test_the_same_form_of_an_allowed_site_is_taken(page: Page, world: World) -> None:
    """The site alone caused the rejections above."""
    sign_in(page)
    page.goto(f"http://127.0.0.1:{world.friend}")
    with page.expect_navigation(url=f"{world.server.url}/**") as shown:
        page.evaluate(SUBMIT, [world.server.url, world.wish])
    assert shown.value is not None
    assert 200 == shown.value.status
    assert 1 == len(world.requests())


def test_the_example_of_the_documentation_signs_in(page: Page, world: World, pages: Path) -> None:
    """The page of `docs/clients.md` shows the signed-in user."""
    (example,) = re.findall(r"```html\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.DOTALL)
    (pages / "example.html").write_text(example.replace("http://127.0.0.1:8000", world.server.url), encoding="utf-8")
    page.goto(f"http://127.0.0.1:{world.friend}/example.html")
    page.get_by_text("first Person").wait_for()
