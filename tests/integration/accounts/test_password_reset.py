"""Tests of the password reset."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.support.accounts import ADDRESS, PASSWORD, Installation, described, installation, token_in

from platform_api import identity
from platform_api.accounts.errors import LinkExpired, LinkUsed, UnknownLink
from platform_api.accounts.messages import GetResetPasswordToken, GetResetPasswordTokenResponse, PasswordReset
from platform_api.accounts.settings import AccountSettings
from platform_api.database.transaction import Transaction
from platform_api.identity import TooManyFailures
from servicehost.contract.call import Call
from servicehost.contract.errors import InvalidFields, NotAuthenticated, ServiceError
from servicehost.security.messages import Authenticate
from servicehost.security.services import WrongCredentials

NEW_PASSWORD = "a better password"


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member."""
    async with installation() as platform:
        await platform.member()
        yield platform


async def link(platform: Installation) -> str:
    """Request a link; its token."""
    await platform.ask_for_reset()
    return token_in((await platform.mails())[-1])


async def test_a_new_password_takes_the_place_of_the_old(platform: Installation) -> None:
    """After a reset only the new password signs in."""
    await platform.reset(await link(platform), NEW_PASSWORD)
    assert described(await platform.authenticate(NEW_PASSWORD)).user_id
    with pytest.raises(WrongCredentials):
        await platform.authenticate(PASSWORD)


async def test_every_address_is_answered_the_same(platform: Installation) -> None:
    """The response does not tell whether an address is registered."""
    call = Call(client="192.0.2.1")
    for address in (ADDRESS, "stranger@example.com"):
        answer = await platform.accounts.get_reset_token(GetResetPasswordToken(user_name=address), call)
        assert GetResetPasswordTokenResponse() == answer


async def test_every_address_is_the_same_work(platform: Installation) -> None:
    """Every address takes the same statements, so that the time does not tell either."""
    with platform.database.recording() as for_stranger:
        await platform.ask_for_reset("stranger@example.com")
    with platform.database.recording() as for_member:
        await platform.ask_for_reset(ADDRESS)
    assert for_stranger == for_member


async def test_an_unknown_address_gets_no_mail(platform: Installation) -> None:
    """The letter to an address without a user is withheld when it is due."""
    before = await platform.mails()
    await platform.ask_for_reset("stranger@example.com")
    assert before == await platform.mails()


async def test_the_mail_goes_to_the_address_as_its_owner_wrote_it(platform: Installation) -> None:
    """The link is sent to the stored address, not to the address of the request."""
    await platform.ask_for_reset("FIRST@example.com")
    assert ADDRESS == (await platform.mails())[-1].to


async def test_every_session_ends(platform: Installation) -> None:
    """A reset ends every session of the user."""
    session = await platform.bearer()
    await platform.reset(await link(platform), NEW_PASSWORD)
    call = Call(headers={"authorization": f"Bearer {session.bearer_token}"})
    with pytest.raises(NotAuthenticated):
        await platform.sign_in.authenticate(Authenticate(), call)


async def test_a_link_works_once(platform: Installation) -> None:
    """A used link is refused."""
    token = await link(platform)
    await platform.reset(token, NEW_PASSWORD)
    with pytest.raises(LinkUsed, match="Sign in with the password that you chose"):
        await platform.reset(token, PASSWORD)


async def test_a_link_expires(platform: Installation) -> None:
    """A link expires two hours after its sending."""
    token = await link(platform)
    platform.wait(AccountSettings().reset_life)
    with pytest.raises(LinkExpired):
        await platform.reset(token, NEW_PASSWORD)


async def test_asking_again_mails_the_same_link(platform: Installation) -> None:
    """Further requests do not invalidate the link."""
    first = await link(platform)
    assert first == await link(platform)


async def test_asking_again_after_it_expired_makes_another_link(platform: Installation) -> None:
    """A request after the link has expired starts a new version, and the expired one stays expired."""
    first = await link(platform)
    platform.wait(timedelta(hours=2))
    assert first != await link(platform)
    with pytest.raises(LinkExpired):
        await platform.reset(first, NEW_PASSWORD)


async def test_only_the_latest_letter_waits(platform: Installation) -> None:
    """Ten requests queue one letter."""
    for _ in range(10):
        await platform.ask_for_reset()
    assert 1 == len([mail for mail in await platform.mails() if "Reset" in mail.subject])


async def test_a_password_that_was_changed_otherwise_voids_the_link(platform: Installation) -> None:
    """A link from before a change of password is refused."""
    token = await link(platform)
    platform.wait(timedelta(minutes=1))

    async def change(tx: Transaction) -> None:
        user = await identity.find_user_by_address(tx, "first@example.com")
        assert user is not None
        await identity.set_password(tx, user.id, "another hash")

    await platform.database.write(change)
    with pytest.raises(LinkExpired):
        await platform.reset(token, NEW_PASSWORD)


async def test_a_link_of_an_erased_user_is_refused(platform: Installation) -> None:
    """A link is refused after its user was erased."""
    token = await link(platform)
    await platform.database.write(lambda tx: identity.erase(tx, platform.verified[-1][0]))
    with pytest.raises(LinkExpired):
        await platform.reset(token, NEW_PASSWORD)


@pytest.mark.parametrize("token", ["nonsense", "AZehorPE.AAAA"])
async def test_any_other_link_is_unknown(platform: Installation, token: str) -> None:
    """A token that was never mailed is refused without computing a hash."""
    computed = platform.passwords.computations
    with pytest.raises(UnknownLink):
        await platform.reset(token, NEW_PASSWORD)
    assert computed == platform.passwords.computations


async def test_the_link_of_a_registration_resets_no_password(platform: Installation) -> None:
    """The token of a mailbox proof is refused."""
    await platform.register("other@example.com")
    proof = token_in((await platform.mails())[-1])
    with pytest.raises(UnknownLink):
        await platform.reset(proof, NEW_PASSWORD)


async def test_all_errors_are_reported_at_once(platform: Installation) -> None:
    """Errors of the token, the password and the confirmation are reported together."""
    message = PasswordReset(new_password="short", confirm_password="other")
    with pytest.raises(InvalidFields) as refusal:
        await platform.accounts.reset_password(message, Call())
    assert [("Token", "NotEmpty"), ("NewPassword", "Length"), ("ConfirmPassword", "Equal")] == [
        (error.field, error.code) for error in refusal.value.fields
    ]


async def test_the_address_is_refused_as_a_password(platform: Installation) -> None:
    """The address of the user is refused as a password."""
    with pytest.raises(InvalidFields) as refusal:
        await platform.reset(await link(platform), "First@example.com")
    assert ["NotEqual"] == [error.code for error in refusal.value.fields]


async def test_a_reset_ends_the_pause_of_its_client(platform: Installation) -> None:
    """A reset ends the pause of its client, however many sign-ins failed."""
    token = await link(platform)
    for number in range(60):
        call = Call(client=f"203.0.113.{number}")
        with pytest.raises(ServiceError):
            await platform.authenticate("wrong password", call=call)
    with pytest.raises(TooManyFailures):
        await platform.authenticate(PASSWORD)
    await platform.reset(token, NEW_PASSWORD)
    assert described(await platform.authenticate(NEW_PASSWORD)).user_id
