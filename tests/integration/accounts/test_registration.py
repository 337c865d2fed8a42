"""Registration and the proof of a mailbox."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.support.accounts import (
    ADDRESS,
    INVITATION,
    PASSWORD,
    Installation,
    described,
    installation,
)

from platform_api import accounts, contacts, identity
from platform_api.accounts import upkeep
from platform_api.accounts.errors import LinkExpired, UnknownLink
from platform_api.accounts.messages import RegisterNewUser
from platform_api.accounts.services import CHECK_MAIL, READY, READY_ALREADY
from platform_api.accounts.settings import AccountSettings
from platform_api.contacts import SaveUserProfile, Scope
from platform_api.contacts import tables as contact_tables
from platform_api.database.statements import Query
from platform_api.foundation import tokens
from platform_api.foundation.tokens import Purpose
from platform_api.limits import QuotaExceeded
from servicehost.contract.call import Call
from servicehost.contract.errors import InvalidFields
from servicehost.contract.scalars import Guid
from servicehost.security.services import WrongCredentials

CONTACT_IDS = Query(select(contact_tables.contacts.c.id).order_by(contact_tables.contacts.c.created_at), Guid)


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An empty installation."""
    async with installation() as platform:
        yield platform


async def test_a_person_registers_proves_the_mailbox_and_signs_in(platform: Installation) -> None:
    """The first thing that anybody does here."""
    await platform.register()
    await platform.prove()
    assert ADDRESS == described(await platform.authenticate()).user_name


async def test_without_proof_nobody_signs_in(platform: Installation) -> None:
    """An account whose mailbox is not proved does not exist."""
    await platform.register()
    with pytest.raises(WrongCredentials):
        await platform.authenticate()


async def test_every_address_is_answered_the_same(platform: Installation) -> None:
    """Whether an address is registered is not told."""
    await platform.member()
    assert await platform.register("stranger@example.com") == await platform.register(ADDRESS)


async def test_every_address_is_the_same_work(platform: Installation) -> None:
    """The same statements and the same number of hashes, so that time tells nothing either."""
    await platform.member()
    computed = platform.passwords.computations
    with platform.database.recording() as for_stranger:
        await platform.register("stranger@example.com")
    with platform.database.recording() as for_member:
        await platform.register(ADDRESS)
    assert for_stranger == for_member
    assert 2 == platform.passwords.computations - computed


async def test_who_is_registered_already_is_told_by_mail(platform: Installation) -> None:
    """Only the owner of the mailbox learns that there is an account."""
    await platform.member()
    await platform.register()
    mail = (await platform.mails())[-1]
    assert "You already have an account with Platform API" == mail.subject
    assert "Token=" not in mail.text


async def test_an_account_survives_a_second_registration(platform: Installation) -> None:
    """Registering a taken address changes nothing of the account."""
    await platform.member()
    await platform.register(password="another password")
    assert described(await platform.authenticate(PASSWORD)).user_id


async def test_addresses_are_compared_by_their_key(platform: Installation) -> None:
    """Casing makes no second account."""
    await platform.member("First@Example.com")
    await platform.register("first@EXAMPLE.com")
    assert "already" in (await platform.mails())[-1].subject


async def test_the_same_proof_again_is_no_error(platform: Installation) -> None:
    """A lost reply can be asked for again, and makes no second account and no other password."""
    await platform.register()
    token = await platform.link_to()
    await platform.verify(token)
    again = [await platform.answer_to_proof(token), await platform.answer_to_proof(token, "another password")]
    assert [READY_ALREADY] * 2 == again
    assert 1 == len(await platform.database.read(lambda tx: tx.all(CONTACT_IDS)))
    assert described(await platform.authenticate()).user_id


async def test_a_proof_needs_a_password(platform: Installation) -> None:
    """The link shows who reads the mailbox, not who typed the registration; nothing is computed without one."""
    await platform.register()
    token, computed = await platform.link_to(), platform.passwords.computations
    for password, code in ((None, "NotEmpty"), ("", "NotEmpty"), ("short", "Length"), (ADDRESS, "NotEqual")):
        with pytest.raises(InvalidFields) as refusal:
            await platform.verify(token, password)
        assert [("Password", code)] == [(error.field, error.code) for error in refusal.value.fields]
    assert computed == platform.passwords.computations


async def test_a_link_expires(platform: Installation) -> None:
    """A day after its sending a link proves nothing."""
    await platform.register()
    token = await platform.link_to()
    platform.wait(AccountSettings().proof_life)
    with pytest.raises(LinkExpired):
        await platform.verify(token)


async def test_a_genuine_link_says_so_after_its_registration_is_forgotten(platform: Installation) -> None:
    """A link of long ago has expired; it is not called false."""
    await platform.register()
    token = await platform.link_to()
    platform.wait(timedelta(days=30))
    await platform.database.write(lambda tx: upkeep.purge(tx, AccountSettings()))
    with pytest.raises(LinkExpired):
        await platform.verify(token)


@pytest.mark.parametrize("token", ["", "nonsense", "AZehorPE.AAAA", "."])
async def test_any_other_link_is_unknown(platform: Installation, token: str) -> None:
    """A token that was never mailed proves nothing."""
    with pytest.raises(UnknownLink):
        await platform.verify(token)


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.PASSWORD_RESET])
async def test_a_token_for_something_else_proves_no_mailbox(platform: Installation, purpose: Purpose) -> None:
    """The link of an invitation, or of a reset, does not prove the mailbox of a registration."""
    await platform.register()
    _, key = (await platform.letters_waiting())[-1]
    token = tokens.derive(platform.accounts.keys(), purpose, key.subject_id, 1)
    with pytest.raises(UnknownLink):
        await platform.verify(tokens.named(key.subject_id, token))


async def test_an_invitation_proves_its_mailbox_at_once(platform: Installation) -> None:
    """Who opened the mail of an invitation has proved the mailbox already."""
    platform.invited = {"first@example.com"}
    assert READY == (await platform.register(token=INVITATION)).message
    assert described(await platform.authenticate()).user_id
    assert [] == await platform.letters_waiting()


async def test_an_invitation_proves_no_other_mailbox(platform: Installation) -> None:
    """Another address than the invited one is proved by mail."""
    platform.invited = {"first@example.com"}
    answer = await platform.register("other@example.com", token=INVITATION)
    assert CHECK_MAIL == answer.message
    assert ["other@example.com"] == [mail.to for mail in await platform.mails()]


async def test_an_invitation_to_a_member_is_answered_as_any_other_address(platform: Installation) -> None:
    """A registered address gets a mail that says so; the account stays as it is."""
    await platform.member()
    platform.invited = {"first@example.com"}
    answer = await platform.register(token=INVITATION, password="another password")
    assert CHECK_MAIL == answer.message
    assert described(await platform.authenticate(PASSWORD)).user_id


async def test_the_life_cycle_is_told_of_a_verified_address(platform: Installation) -> None:
    """Requests that wait for an address are shown to whoever has proved it."""
    contact_id = await platform.member()
    assert [(contact_id, "first@example.com")] == platform.verified


async def test_a_user_is_a_real_person_with_the_profile_that_was_given(platform: Installation) -> None:
    """What the registration said is what the contact shows."""
    contact_id = await platform.member()
    contact = await platform.database.read(lambda tx: contacts.get_contact(tx, contact_id))
    assert contact is not None
    assert ("First Person", ADDRESS, "Real Person") == (contact.full_name, contact.email, contact.contact_type)


async def test_a_business_is_registered_with_its_person(platform: Installation) -> None:
    """The person may do everything for the organisation."""
    await platform.register(business_profile=SaveUserProfile(trading_name="Acme Pty Ltd"))
    await platform.prove()
    person = platform.verified[-1][0]
    ids = await platform.database.read(lambda tx: tx.all(CONTACT_IDS))
    (business,) = [contact for contact in ids if contact != person]
    assert await platform.database.read(lambda tx: contacts.may_act(tx, person, business, Scope.ALL))


async def test_the_names_that_register_clients_use_are_understood(platform: Installation) -> None:
    """ServiceStack's built-in Register message registers as well."""
    message = RegisterNewUser(
        user_name=ADDRESS,
        display_name="First Person",
        last_name=None,
        password=PASSWORD,
        confirm_password=PASSWORD,
        auto_login=True,
    )
    await platform.accounts.register(message, Call(client="192.0.2.1"))
    await platform.prove()
    assert "First Person" == described(await platform.authenticate()).display_name


async def test_all_that_is_wrong_is_said_at_once(platform: Installation) -> None:
    """Nobody has to send a registration five times."""
    message = RegisterNewUser(email_address="nobody", password="short", confirm_password="other")
    with pytest.raises(InvalidFields) as refusal:
        await platform.accounts.register(message, Call())
    assert {
        ("EmailAddress", "Email"),
        ("Password", "Length"),
        ("ConfirmPassword", "Equal"),
        ("FirstName", "NotEmpty"),
        ("Surname", "NotEmpty"),
    } == {(error.field, error.code) for error in refusal.value.fields}


async def test_a_refused_registration_costs_no_hash(platform: Installation) -> None:
    """What can be seen to be wrong is refused before anything is computed."""
    with pytest.raises(InvalidFields):
        await platform.register(password="short")
    assert 0 == platform.passwords.computations


async def test_one_client_cannot_register_without_end(platform: Installation) -> None:
    """The quota of a client is the same for every address."""
    for number in range(100):
        await platform.register(f"person{number}@example.com")
    with pytest.raises(QuotaExceeded):
        await platform.register("one.more@example.com")


async def test_registrations_are_forgotten(platform: Installation) -> None:
    """Who never proves the mailbox leaves nothing behind."""
    await platform.register()
    platform.wait(timedelta(days=9))
    # A registration and its link.
    assert 2 == await platform.database.write(lambda tx: upkeep.purge(tx, AccountSettings()))


async def test_what_waits_for_an_erased_address_is_forgotten(platform: Installation) -> None:
    """Erasure reaches registrations and resets, too."""
    await platform.register()
    await platform.ask_for_reset()
    await platform.database.write(lambda tx: accounts.erase(tx, "first@example.com"))
    assert [] == await platform.mails()


async def test_an_erased_user_is_gone(platform: Installation) -> None:
    """After erasure nobody signs in, and the address may be registered again."""
    contact_id = await platform.member()
    await platform.database.write(lambda tx: identity.erase(tx, contact_id))
    with pytest.raises(WrongCredentials):
        await platform.authenticate()
    await platform.member(password="another password")
    assert described(await platform.authenticate("another password")).user_id
