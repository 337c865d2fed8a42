"""Tests of registration and of the proof of a mailbox."""

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
    """A registered person can sign in after the proof of the mailbox."""
    await platform.register()
    await platform.prove()
    assert ADDRESS == described(await platform.authenticate()).user_name


async def test_signing_in_needs_the_proof(platform: Installation) -> None:
    """A registration without proof does not create an account."""
    await platform.register()
    with pytest.raises(WrongCredentials):
        await platform.authenticate()


async def test_every_address_is_answered_the_same(platform: Installation) -> None:
    """The response does not tell whether an address is registered."""
    await platform.member()
    assert await platform.register("stranger@example.com") == await platform.register(ADDRESS)


async def test_every_address_is_the_same_work(platform: Installation) -> None:
    """Every address takes the same statements and number of hashes, so that the time does not tell either."""
    await platform.member()
    computed = platform.passwords.computations
    with platform.database.recording() as for_stranger:
        await platform.register("stranger@example.com")
    with platform.database.recording() as for_member:
        await platform.register(ADDRESS)
    assert for_stranger == for_member
    assert 2 == platform.passwords.computations - computed


async def test_a_registered_address_is_informed_by_mail(platform: Installation) -> None:
    """Only the mailbox learns that there is an account already."""
    await platform.member()
    await platform.register()
    mail = (await platform.mails())[-1]
    assert "You already have an account with Platform API" == mail.subject
    assert "Token=" not in mail.text


async def test_an_account_survives_a_second_registration(platform: Installation) -> None:
    """Registering the address of an account does not change the account."""
    await platform.member()
    await platform.register(password="another password")
    assert described(await platform.authenticate(PASSWORD)).user_id


async def test_addresses_are_compared_by_their_key(platform: Installation) -> None:
    """An address in another casing belongs to the same account."""
    await platform.member("First@Example.com")
    await platform.register("first@EXAMPLE.com")
    assert "already" in (await platform.mails())[-1].subject


async def test_the_same_proof_again_is_no_error(platform: Installation) -> None:
    """A repeated proof succeeds without a second account or another password."""
    await platform.register()
    token = await platform.link_to()
    await platform.verify(token)
    again = [await platform.answer_to_proof(token), await platform.answer_to_proof(token, "another password")]
    assert [READY_ALREADY] * 2 == again
    assert 1 == len(await platform.database.read(lambda tx: tx.all(CONTACT_IDS)))
    assert described(await platform.authenticate()).user_id


async def test_a_proof_needs_a_password(platform: Installation) -> None:
    """A proof without a password is refused before anything is computed."""
    await platform.register()
    token, computed = await platform.link_to(), platform.passwords.computations
    for password, code in ((None, "NotEmpty"), ("", "NotEmpty"), ("short", "Length"), (ADDRESS, "NotEqual")):
        with pytest.raises(InvalidFields) as refusal:
            await platform.verify(token, password)
        assert [("Password", code)] == [(error.field, error.code) for error in refusal.value.fields]
    assert computed == platform.passwords.computations


async def test_a_link_expires(platform: Installation) -> None:
    """A link expires a day after its sending."""
    await platform.register()
    token = await platform.link_to()
    platform.wait(AccountSettings().proof_life)
    with pytest.raises(LinkExpired):
        await platform.verify(token)


async def test_a_genuine_link_expires_with_its_registration(platform: Installation) -> None:
    """The link of a purged registration has expired; it is not reported as unknown."""
    await platform.register()
    token = await platform.link_to()
    platform.wait(timedelta(days=30))
    await platform.database.write(lambda tx: upkeep.purge(tx, AccountSettings()))
    with pytest.raises(LinkExpired):
        await platform.verify(token)


@pytest.mark.parametrize("token", ["", "nonsense", "AZehorPE.AAAA", "."])
async def test_any_other_link_is_unknown(platform: Installation, token: str) -> None:
    """A token that was never mailed is refused."""
    with pytest.raises(UnknownLink):
        await platform.verify(token)


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.PASSWORD_RESET])
async def test_a_token_of_another_purpose_proves_no_mailbox(platform: Installation, purpose: Purpose) -> None:
    """The tokens of an invitation and of a reset are refused."""
    await platform.register()
    _, key = (await platform.letters_waiting())[-1]
    token = tokens.derive(platform.accounts.keys(), purpose, key.subject_id, 1)
    with pytest.raises(UnknownLink):
        await platform.verify(tokens.named(key.subject_id, token))


async def test_an_invitation_proves_its_mailbox_at_once(platform: Installation) -> None:
    """The token of an invitation proves the invited mailbox without a letter."""
    platform.invited = {"first@example.com"}
    assert READY == (await platform.register(token=INVITATION)).message
    assert described(await platform.authenticate()).user_id
    assert [] == await platform.letters_waiting()


async def test_an_invitation_proves_no_other_mailbox(platform: Installation) -> None:
    """With the token of an invitation, another address still needs a proof by mail."""
    platform.invited = {"first@example.com"}
    answer = await platform.register("other@example.com", token=INVITATION)
    assert CHECK_MAIL == answer.message
    assert ["other@example.com"] == [mail.to for mail in await platform.mails()]


async def test_an_invitation_to_a_member_is_answered_as_any_other_address(platform: Installation) -> None:
    """A registered address gets the letter about its account, and the account stays as it is."""
    await platform.member()
    platform.invited = {"first@example.com"}
    answer = await platform.register(token=INVITATION, password="another password")
    assert CHECK_MAIL == answer.message
    assert described(await platform.authenticate(PASSWORD)).user_id


async def test_a_verified_address_is_announced(platform: Installation) -> None:
    """The listener for verified addresses is called with the contact and the address."""
    contact_id = await platform.member()
    assert [(contact_id, "first@example.com")] == platform.verified


async def test_a_user_is_a_real_person_with_the_profile_that_was_given(platform: Installation) -> None:
    """The contact is a Real Person with the profile of the registration."""
    contact_id = await platform.member()
    contact = await platform.database.read(lambda tx: contacts.get_contact(tx, contact_id))
    assert contact is not None
    assert ("First Person", ADDRESS, "Real Person") == (contact.full_name, contact.email, contact.contact_type)


async def test_a_business_is_registered_with_its_person(platform: Installation) -> None:
    """The person gets every right on the registered organisation."""
    await platform.register(business_profile=SaveUserProfile(trading_name="Acme Pty Ltd"))
    await platform.prove()
    person = platform.verified[-1][0]
    ids = await platform.database.read(lambda tx: tx.all(CONTACT_IDS))
    (business,) = [contact for contact in ids if contact != person]
    assert await platform.database.read(lambda tx: contacts.may_act(tx, person, business, Scope.ALL))


async def test_the_names_that_register_clients_use_are_understood(platform: Installation) -> None:
    """The member names of ServiceStack's `Register` message are understood."""
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


async def test_all_errors_are_reported_at_once(platform: Installation) -> None:
    """All invalid members of a registration are reported together."""
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
    """An invalid registration is refused before a hash is computed."""
    with pytest.raises(InvalidFields):
        await platform.register(password="short")
    assert 0 == platform.passwords.computations


async def test_registrations_of_a_client_are_limited(platform: Installation) -> None:
    """The quota of a client covers registrations of all addresses."""
    for number in range(100):
        await platform.register(f"person{number}@example.com")
    with pytest.raises(QuotaExceeded):
        await platform.register("one.more@example.com")


async def test_registrations_are_purged(platform: Installation) -> None:
    """Registrations and links of mailboxes that were never proved are deleted."""
    await platform.register()
    platform.wait(timedelta(days=9))
    # A registration and its link.
    assert 2 == await platform.database.write(lambda tx: upkeep.purge(tx, AccountSettings()))


async def test_registrations_and_links_of_an_erased_address_are_removed(platform: Installation) -> None:
    """Erasing an address removes its registrations and links."""
    await platform.register()
    await platform.ask_for_reset()
    await platform.database.write(lambda tx: accounts.erase(tx, "first@example.com"))
    assert [] == await platform.mails()


async def test_an_erased_user_is_gone(platform: Installation) -> None:
    """An erased user cannot sign in, and the address can be registered again."""
    contact_id = await platform.member()
    await platform.database.write(lambda tx: identity.erase(tx, contact_id))
    with pytest.raises(WrongCredentials):
        await platform.authenticate()
    await platform.member(password="another password")
    assert described(await platform.authenticate("another password")).user_id
