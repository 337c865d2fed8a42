"""Tests of the pages behind the links of account letters, as a browser without scripts uses them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from tests.support.accounts import ADDRESS, ORIGIN, Installation, described, installation
from tests.support.asgi import Answered
from tests.support.mailed_pages import Browser, form_of

from platform_api.accounts.settings import AccountSettings
from platform_api.contacts import SaveUserProfile
from platform_api.web.cards import Cards
from platform_api.web.services import WebService
from servicehost.contract.catalog import Catalog, Service
from servicehost.formats.registry import HOST_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings
from servicehost.security.services import WrongCredentials

OWN_PASSWORD = "the owner's password"


@dataclass
class Visitor:
    """A browser at an installation."""

    platform: Installation
    browser: Browser

    async def open(self, path: str, token: str) -> Answered:
        """Open a link."""
        return await self.browser.open(f"{path}?Token={token}")

    async def submit(self, page: Answered, **typed: str) -> Answered:
        """Fill in the form of a page and send it."""
        return await self.browser.submit(page, **typed)


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A browser at an empty installation."""
    async with installation() as platform:
        service = Service("Platform API", ORIGIN, "urn:platform", "Platform")
        web = WebService(Cards(service), None, None, platform.accounts)  # type: ignore[arg-type]
        handlers = {**platform.accounts.handlers(), **web.handlers()}
        host = Host(Catalog(service, handlers), HOST_FORMATS, platform.sign_in.authenticator, HostSettings())
        yield Visitor(platform, Browser(host, ORIGIN))


VERIFY, RESET = "/api/account/verifymailbox", "/api/account/passwordreset"


async def test_the_page_shows_the_newest_registration_and_changes_nothing(visitor: Visitor) -> None:
    """The page has the registered names and organisation and an empty password, and opening it has no effect."""
    await visitor.platform.register(business_profile=SaveUserProfile(trading_name="Acme & <Söhne>"))
    token = await visitor.platform.link_to()
    for _ in range(2):
        page = await visitor.open(VERIFY, token)
        fields = form_of(page)
        assert fields.pop("RegistrationId")
        assert {"Token": token, "FirstName": "First", "Surname": "Person", "Password": ""} == fields
        assert "Do not register Acme &amp; &lt;Söhne&gt;" in page.text
    assert [] == visitor.platform.verified


@pytest.mark.parametrize("path", [VERIFY, RESET])
async def test_a_page_behind_a_link_is_not_stored(visitor: Visitor, path: str) -> None:
    """The page is not cached, its address is not sent to other sites, and it runs no script."""
    await visitor.platform.register()
    page = await visitor.open(path, await visitor.platform.link_to())
    assert (200, "no-store", "same-origin") == (
        page.status,
        page.header("Cache-Control"),
        page.header("Referrer-Policy"),
    )
    assert "<script" not in page.text
    assert "script-src" not in (page.header("Content-Security-Policy") or "")


async def test_the_button_completes_the_registration(visitor: Visitor) -> None:
    """The form with the registered password completes the registration."""
    await visitor.platform.register(password=OWN_PASSWORD)
    page = await visitor.open(VERIFY, await visitor.platform.link_to())
    done = await visitor.submit(page, Password=OWN_PASSWORD)
    assert (200, True) == (done.status, "Your registration is complete" in done.text)
    assert "First Person" == described(await visitor.platform.authenticate(OWN_PASSWORD)).display_name


async def test_the_reader_corrects_a_strangers_registration(visitor: Visitor) -> None:
    """The form can change the names, leave out the organisation and set another password."""
    await visitor.platform.register(
        password="the stranger's password", business_profile=SaveUserProfile(trading_name="Evil Pty Ltd")
    )
    page = await visitor.open(VERIFY, await visitor.platform.link_to())
    await visitor.submit(page, FirstName="Real", Surname="Owner", Password=OWN_PASSWORD, DropOrganisation="true")
    assert "Real Owner" == described(await visitor.platform.authenticate(OWN_PASSWORD)).display_name
    with pytest.raises(WrongCredentials):
        await visitor.platform.authenticate("the stranger's password")


@pytest.mark.parametrize("typed", [{"Password": ""}, {"Password": "short"}, {"Password": ADDRESS}, {"FirstName": " "}])
async def test_a_mistake_shows_the_form_again(visitor: Visitor, typed: dict[str, str]) -> None:
    """After an error the form keeps all values except the password, and can be sent again."""
    await visitor.platform.register()
    page = await visitor.open(VERIFY, await visitor.platform.link_to())
    again = await visitor.submit(page, **{"FirstName": "Real", "Password": OWN_PASSWORD} | typed)
    assert (400, "", "no-store") == (again.status, form_of(again)["Password"], again.header("Cache-Control"))
    assert typed.get("FirstName", "Real") == form_of(again)["FirstName"]
    done = await visitor.submit(again, FirstName="Real", Password=OWN_PASSWORD)
    assert 200 == done.status
    assert "Real Person" == described(await visitor.platform.authenticate(OWN_PASSWORD)).display_name


async def test_a_used_link_says_that_the_registration_is_complete(visitor: Visitor) -> None:
    """The page of a used link, and a form that is sent twice, say that the registration is complete."""
    await visitor.platform.register()
    token = await visitor.platform.link_to()
    page = await visitor.open(VERIFY, token)
    for _ in range(2):
        done = await visitor.submit(page, Password=OWN_PASSWORD)
        assert (200, True) == (done.status, "Your registration is complete" in done.text)
    after = await visitor.open(VERIFY, token)
    assert (200, True, False) == (after.status, "is complete" in after.text, "<form" in after.text)


async def test_an_expired_link_says_so(visitor: Visitor) -> None:
    """The page of an expired link is 410 and says what to do."""
    await visitor.platform.register()
    token = await visitor.platform.link_to()
    visitor.platform.wait(AccountSettings().proof_life)
    page = await visitor.open(VERIFY, token)
    assert (410, True, False) == (page.status, "has expired" in page.text, "<form" in page.text)


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_a_wrong_link_says_so(visitor: Visitor, token: str) -> None:
    """The page of an unknown link is 404."""
    page = await visitor.open(VERIFY, token)
    assert (404, True, False) == (page.status, "is not valid" in page.text, "<form" in page.text)


async def test_a_page_of_another_site_submits_nothing(visitor: Visitor) -> None:
    """A form of another site is refused, even with a genuine link."""
    await visitor.platform.register()
    token = await visitor.platform.link_to()
    elsewhere = Browser(visitor.browser.host, "https://evil.example", "cross-site")
    answer = await elsewhere.post(f"{VERIFY}/confirm", {"Token": token, "Password": OWN_PASSWORD})
    assert (403, []) == (answer.status, visitor.platform.verified)


async def test_a_password_is_reset_by_its_page(visitor: Visitor) -> None:
    """After an error the form is shown again; after a reset the page says that the link was used."""
    await visitor.platform.member()
    await visitor.platform.ask_for_reset()
    page = await visitor.open(RESET, await visitor.platform.link_to())
    again = await visitor.submit(page, NewPassword=OWN_PASSWORD, ConfirmPassword="another password")
    assert 400 == again.status
    done = await visitor.submit(again, NewPassword=OWN_PASSWORD, ConfirmPassword=OWN_PASSWORD)
    assert (200, True) == (done.status, "Your password has been changed" in done.text)
    assert described(await visitor.platform.authenticate(OWN_PASSWORD)).user_id
    used = await visitor.submit(page, NewPassword="another password", ConfirmPassword="another password")
    assert (410, True) == (used.status, "was used already" in used.text)
