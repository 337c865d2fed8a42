"""Pages of the host in a real browser: lists with many members on a desktop and on a phone, and the filter."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar

import pytest
from playwright.sync_api import Browser, Page
from tests.support.browsing import chromium
from tests.support.demo import DemoAuthenticator
from tests.support.raw_http import uvicorn_with_h11

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Access, Member, Message, Public, Request, Route
from servicehost.contract.scalars import Guid
from servicehost.formats.registry import HOST_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings

pytestmark = pytest.mark.conformance

DESK = (1280, 900)
TELEPHONE = (390, 844)
NAMES = ("Sun", "Moon and all of the stars that anybody can see", "A" * 60)


class Person(Message):
    """A message nested in a row."""

    person_id: Annotated[Guid, Member()]
    full_name: Annotated[str | None, Member()] = None
    email_address: Annotated[str | None, Member()] = None


class Line(Message):
    """A row with more members than fit on a screen."""

    line_id: Annotated[Guid, Member()]
    person: Annotated[Person | None, Member()] = None
    first_role_name: Annotated[str | None, Member()] = None
    second_role_name: Annotated[str | None, Member()] = None
    third_role_name: Annotated[str | None, Member()] = None
    status_name: Annotated[str | None, Member()] = None
    status_id: Annotated[Guid, Member()]
    is_incoming: Annotated[bool, Member()] = False
    from_date: Annotated[datetime | None, Member()] = None
    until_date: Annotated[datetime | None, Member()] = None
    allow_cancel: Annotated[bool, Member()] = False
    description: Annotated[str | None, Member()] = None


class LinesResponse(Message):
    """A list."""

    lines: Annotated[list[Line], Member()]


class GetLines(Request[LinesResponse]):
    """A list of many members."""

    access: ClassVar[Access] = Public
    changes_state: ClassVar[bool] = False
    routes: ClassVar[tuple[Route, ...]] = (Route("/lines"),)


def guid(number: int) -> Guid:
    """Return the Guid of a number."""
    return Guid(f"0193a1b2-0000-7000-8000-{number:012d}")


def line(number: int, name: str) -> Line:
    """A row of which every member but the status differs from the next one."""
    return Line(
        line_id=guid(number),
        person=Person(person_id=guid(number + 100), full_name=name, email_address=f"number{number}@example.com"),
        first_role_name=f"Subcontractor {number}",
        second_role_name=f"Main Contractor {number}",
        third_role_name=f"Represented Organisation {number}",
        status_name="Pending",
        status_id=guid(500),
        is_incoming=number % 2 == 0,
        from_date=datetime(2026, 11, number + 1, 17, 3, number, tzinfo=UTC),
        until_date=datetime(2026, 12, number + 1, 17, 3, number, tzinfo=UTC),
        allow_cancel=number % 3 == 0,
        description=f"{name} {number}",
    )


async def lines(_message: GetLines, _call: Call) -> LinesResponse:
    """Return three rows."""
    return LinesResponse(lines=[line(number, name) for number, name in enumerate(NAMES)])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Run a host with that operation; yield its address."""
    service = Service(name="Lines", public_url="http://127.0.0.1", namespace="urn:lines", clr_namespace="Lines")
    host = Host(Catalog(service, {GetLines: lines}), HOST_FORMATS, DemoAuthenticator(), HostSettings(access_log=False))
    with uvicorn_with_h11(host) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run Chromium in a separate thread, as its synchronous interface requires."""
    assert threading.current_thread() is threading.main_thread()
    with chromium() as running:
        yield running


def opened(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """Open a page in a window of this size."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    return page


def widths(page: Page) -> Mapping[str, Sequence[int]]:
    """Return elements wider than their container: the page, and scrolling elements."""
    found: Mapping[str, Sequence[int]] = page.evaluate(
        """() => ({
            page: [document.documentElement.scrollWidth, innerWidth],
            table: (scroll => [scroll.scrollWidth, scroll.clientWidth])(document.querySelector('.scroll')),
        })"""
    )
    return found


def hidden_columns(page: Page) -> list[str]:
    """Return the headings of columns that are partly or completely outside the window."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.records thead th')]
            .filter(head => head.getBoundingClientRect().right > innerWidth).map(head => head.textContent)"""
    )
    return found


def test_a_list_fits_a_desk(browser: Browser, url: str) -> None:
    """At 1,280 pixels no column is cut off, with all rows closed or one opened."""
    page = opened(browser, f"{url}/api/lines.html", DESK)

    for _ in range(2):
        assert [] == hidden_columns(page)
        assert all(inner <= outer for inner, outer in widths(page).values())
        page.locator(".records details summary").first.click()


def test_what_repeats_is_hidden(browser: Browser, url: str) -> None:
    """The status, which is the same in every row, has no column and appears once, where it can be opened."""
    page = opened(browser, f"{url}/api/lines.html", DESK)
    heads = page.locator(".records thead th").all_text_contents()

    assert "Status name" not in heads
    assert "Person" in heads
    page.get_by_text("The same in every row").click()
    assert page.get_by_text("Pending").is_visible()
    assert 1 == page.get_by_text("Pending").count()


def test_a_telephone_shows_cards(browser: Browser, url: str) -> None:
    """At 390 pixels each row is a card as wide as the window, with labelled values."""
    page = opened(browser, f"{url}/api/lines.html", TELEPHONE)
    shown: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.records td')].slice(0, 2)
            .map(cell => getComputedStyle(cell, '::before').content)"""
    )

    assert all(inner <= outer for inner, outer in widths(page).values())
    assert ['"Person"', '"First role name"'] == shown
    assert ["block"] * len(NAMES) == page.locator(".records tbody tr").evaluate_all(
        "rows => rows.map(row => getComputedStyle(row).display)"
    )


def test_the_name_leads_home(browser: Browser, url: str) -> None:
    """The service's name on a page links to its front page; here, to the list of operations."""
    page = opened(browser, f"{url}/api/lines.html", DESK)
    page.get_by_role("heading", name="Lines", level=1).get_by_role("link").click()

    assert f"{url}/api/metadata" == page.url


def test_the_filter_says_when_nothing_matches(browser: Browser, url: str) -> None:
    """A filter without matches says so, and what to do."""
    page = opened(browser, f"{url}/api/metadata", DESK)
    field, told = page.get_by_role("searchbox"), page.locator("#filter-count")

    field.fill("lin")
    assert "1 of 1" == told.text_content()
    field.fill("nonsense")
    assert "No operation matches. Try fewer or shorter words." == told.text_content()
    field.fill("")
    assert "1 operation" == told.text_content()
