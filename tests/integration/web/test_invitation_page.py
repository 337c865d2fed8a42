"""The page behind the link of a request mail, at an installation below a path of its site."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from tests.support.mailed_pages import Browser, action_of, form_of
from tests.support.world import World

from platform_api.connections.messages import PublicConnectionRequestStatusUpdate
from platform_api.foundation.well_known import RequestStatus
from platform_api.web.cards import Cards
from platform_api.web.services import WebService
from servicehost.contract.call import Handler
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Request
from servicehost.contract.scalars import Guid
from servicehost.http.app import Host

ORIGIN = "https://platform.example"
INVITED = "invited@example.com"


@dataclass
class Site:
    """A host below a path, a browser, and an invitation."""

    world: World
    browser: Browser
    sender: Guid
    request: Guid

    async def link(self) -> str:
        """Return the path and query of the link in the newest mail."""
        token = await self.world.token(self.request)
        message = PublicConnectionRequestStatusUpdate(connection_request_id=self.request, token=token)
        return self.browser.host.addresses.path_of(message)

    async def send_again(self) -> None:
        """Send the invitation again after the cooldown."""
        self.world.pass_time(timedelta(minutes=6))
        await self.world.resend(self.sender, self.request)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """An installation at https://platform.example/connect with one invitation."""
    world = World()
    service = Service("Platform API", f"{ORIGIN}/connect")
    web = WebService(Cards(service), world.links, world.answering, None)  # type: ignore[arg-type]
    handlers: dict[type[Request[Any]], Handler] = {
        PublicConnectionRequestStatusUpdate: world.answering.accept_publicly,
        **web.handlers(),
    }
    host = Host(Catalog(service, handlers))
    sender = await world.person("sender@example.com", "Sending")
    await world.invite(sender, INVITED)
    (request,) = await world.all_requests()
    yield Site(world, Browser(host, ORIGIN), sender, request.id)
    world.close()


async def test_the_link_of_the_mail_opens_a_page_that_changes_nothing(site: Site) -> None:
    """A mail scanner opens the link, and the request stays pending."""
    link = await site.link()
    page = await site.browser.open(link)
    assert (200, f"/connect/api/public/connectionrequests/{site.request}/accept") == (
        page.status,
        link.partition("?")[0],
    )
    assert "Sending Person would like to add you as an employee." in page.text
    assert RequestStatus.PENDING is (await site.world.request(site.request)).status


async def test_the_button_accepts_the_request(site: Site) -> None:
    """The form carries the token and is sent below the path of the site."""
    page = await site.browser.open(await site.link())
    assert {"Token": await site.world.token(site.request)} == form_of(page)
    assert f"/connect/api/public/connectionrequests/{site.request}/answer" == action_of(page)
    done = await site.browser.submit(page)
    assert (200, None) == (done.status, action_of(done))
    assert "Sending Person is now your employer." in done.text
    assert RequestStatus.ACCEPTED is (await site.world.request(site.request)).status


async def test_the_page_of_an_old_link_mails_the_newest_one_again(site: Site) -> None:
    """Its button accepts nothing."""
    old = await site.link()
    await site.send_again()
    page = await site.browser.open(old)
    assert f"/connect/api/public/connectionrequests/{site.request}/mailagain" == action_of(page)
    site.world.pass_time(timedelta(minutes=6))
    done = await site.browser.submit(page)
    assert (200, True) == (done.status, "We sent the newest link" in done.text)
    request = await site.world.request(site.request)
    assert (RequestStatus.PENDING, 1) == (request.status, request.mailed_again_count)


async def test_a_refusal_is_shown_as_a_page_with_its_status_and_header_fields(site: Site) -> None:
    """The limits of a resend answer 429 and name the seconds to wait."""
    old = await site.link()
    await site.send_again()
    refused = await site.browser.submit(await site.browser.open(old))
    assert (429, "300", None) == (refused.status, refused.header("Retry-After"), action_of(refused))
    assert "<h2>This did not work</h2>" in refused.text


@pytest.mark.parametrize(
    ("status", "heading", "days"), [(410, "The request expired", 15), (410, "The request is closed", 0)]
)
async def test_a_request_that_has_ended_offers_no_button(site: Site, status: int, heading: str, days: int) -> None:
    """The page names the state: expired, or closed after its sender has cancelled it."""
    link = await site.link()
    if days:
        site.world.pass_time(timedelta(days=days))
    else:
        await site.world.cancel(site.sender, site.request)
    page = await site.browser.open(link)
    assert (status, True, None) == (page.status, f"<h2>{heading}</h2>" in page.text, action_of(page))


async def test_a_link_that_is_not_genuine_is_not_found(site: Site) -> None:
    """The page explains what to do, in the same words for every such link."""
    path = (await site.link()).partition("?")[0]
    for target in (path, f"{path}?Token=x"):
        page = await site.browser.open(target)
        assert (404, True) == (page.status, "Copy the complete link from the email." in page.text)
