"""Tests that strangers who request letters to an address neither use up anything of its owner's nor gain anything."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.support.accounts import (
    ADDRESS,
    INVITATION,
    PASSWORD,
    Installation,
    described,
    installation,
    token_in,
)

from platform_api import contacts, identity
from platform_api.accounts.errors import LinkExpired
from platform_api.accounts.letters import AccountLetters
from platform_api.accounts.services import READY, READY_ALREADY
from platform_api.accounts.settings import AccountSettings
from platform_api.accounts.tables import account_links, registrations
from platform_api.contacts import SaveUserProfile
from platform_api.contacts import tables as contact_tables
from platform_api.database.statements import Query
from platform_api.identity import TooManyFailures
from platform_api.limits import Quota
from platform_api.mail.values import DropReason, Withhold
from servicehost.contract.call import Call
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import Guid
from servicehost.security.services import WrongCredentials

OWN_PASSWORD = "the owner's password"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REGISTRATIONS = Query(select(func.count()).select_from(registrations), int)
LINKS = Query(select(func.count()).select_from(account_links), int)
CONTACTS = Query(select(contact_tables.contacts.c.id).order_by(contact_tables.contacts.c.created_at), Guid)


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation without limits for each client."""
    async with installation() as platform:
        unlimited = Quota("requests of a client", None, HOUR)
        platform.accounts = type(platform.accounts)(
            platform.database,
            platform.passwords,
            platform.accounts.keys,
            platform.accounts.proved_by_invitation,
            platform.accounts.address_verified,
            AccountSettings(registrations=unlimited, resets=unlimited),
        )
        yield platform


async def name_of_the_only_contact(platform: Installation) -> str:
    """The name of the only contact."""
    (contact_id,) = await platform.database.read(lambda tx: tx.all(CONTACTS))
    contact = await platform.database.read(lambda tx: contacts.get_contact(tx, contact_id))
    assert contact is not None
    return contact.full_name


# Registrations


async def test_a_stranger_who_registers_an_address_gets_no_account(platform: Installation) -> None:
    """The owner's password becomes that of the account, and the stranger's is never used."""
    await platform.register(password="the stranger's password", first_name="Evil")
    await platform.verify(await platform.link_to(), OWN_PASSWORD, first_name="Real", surname="Owner")
    assert "Real Owner" == described(await platform.authenticate(OWN_PASSWORD)).display_name
    with pytest.raises(WrongCredentials):
        await platform.authenticate("the stranger's password")


@pytest.mark.parametrize("before", [0, 1, 4, 50])
@pytest.mark.parametrize("after", [0, 1, 4])
async def test_the_owner_completes_their_own_registration(platform: Installation, before: int, after: int) -> None:
    """The owner's password completes the owner's registration, with its name, among those of strangers."""
    for number in range(before):
        await platform.register(password=f"strange password {number}", first_name="Evil")
    await platform.register(password=OWN_PASSWORD, first_name="Real", surname="Owner")
    for number in range(after):
        await platform.register(password=f"stranger password {number}", first_name="Evil")
    await platform.verify(await platform.link_to(), OWN_PASSWORD)
    assert "Real Owner" == described(await platform.authenticate(OWN_PASSWORD)).display_name
    assert "Real Owner" == await name_of_the_only_contact(platform)


@pytest.mark.parametrize("number", [5, 6, 50])
async def test_a_flood_of_registrations_leaves_few_rows_and_one_letter(platform: Installation, number: int) -> None:
    """Many registrations leave five rows, one link and one letter, and the owner can still create the account."""
    for each in range(number):
        await platform.register(password=f"strange password {each}", first_name=f"Evil {each}")
    assert (5, 1) == (
        await platform.database.read(lambda tx: tx.one(REGISTRATIONS)),
        await platform.database.read(lambda tx: tx.one(LINKS)),
    )
    assert 1 == len(await platform.mails())
    await platform.verify(await platform.link_to(), OWN_PASSWORD)
    assert f"Evil {number - 1} Person" == described(await platform.authenticate(OWN_PASSWORD)).display_name
    assert 0 == await platform.database.read(lambda tx: tx.one(REGISTRATIONS))


async def test_a_password_that_was_pushed_out_is_like_any_other(platform: Installation) -> None:
    """After five newer registrations the owner's is gone, but the typed password still becomes that of the account."""
    await platform.register(password=OWN_PASSWORD, first_name="Real")
    for number in range(5):
        await platform.register(password=f"strange password {number}", first_name="Evil")
    await platform.verify(await platform.link_to(), OWN_PASSWORD, first_name="Real", surname="Owner")
    assert "Real Owner" == described(await platform.authenticate(OWN_PASSWORD)).display_name


async def test_the_owner_drops_the_organisation_of_a_stranger(platform: Installation) -> None:
    """The owner can complete a stranger's registration without its organisation."""
    await platform.register(business_profile=SaveUserProfile(trading_name="Evil Pty Ltd"))
    await platform.verify(await platform.link_to(), OWN_PASSWORD, drop_organisation=True)
    assert "First Person" == await name_of_the_only_contact(platform)


@pytest.mark.parametrize("number", [0, 1, 3, 5])
async def test_a_proof_costs_the_same_however_many_registered(platform: Installation, number: int) -> None:
    """A proof computes five comparisons and one hash, whichever registration it completes."""
    await platform.register(password=OWN_PASSWORD)
    for each in range(number):
        await platform.register(password=f"strange password {each}")
    for password in (OWN_PASSWORD, "quite another password"):
        token, computed = await platform.link_to(), platform.passwords.computations
        await platform.verify(token, password)
        assert 6 == platform.passwords.computations - computed
        platform.wait(MINUTE)
        contact_id = platform.verified[-1][0]
        await platform.database.write(lambda tx, contact_id=contact_id: identity.erase(tx, contact_id))  # type: ignore[misc]
        await platform.register(password=OWN_PASSWORD)


async def test_a_link_is_not_replaced_by_strangers(platform: Installation) -> None:
    """Further registrations do not invalidate the link in the mailbox."""
    await platform.register(password=OWN_PASSWORD)
    token = await platform.link_to()
    for _ in range(40):
        platform.wait(30 * MINUTE)
        await platform.register(password="the stranger's password")
    assert {token} == {token_in(mail) for mail in await platform.mails()}
    await platform.verify(token, OWN_PASSWORD)


async def test_a_late_letter_brings_a_link_that_works(platform: Installation) -> None:
    """The lifetime of a link begins when its letter is sent, even a day late."""
    await platform.register()
    platform.wait(DAY)
    token = await platform.link_to()
    platform.wait(DAY - MINUTE)
    await platform.verify(token)


async def test_an_expired_link_completes_no_later_registration(platform: Installation) -> None:
    """An expired link completes no later registration, and a new link no registration from before it."""
    await platform.register(password="the stranger's password", first_name="Evil")
    old = await platform.link_to()
    platform.wait(DAY)
    await platform.register(password=OWN_PASSWORD, first_name="Real")
    new = await platform.link_to()
    with pytest.raises(LinkExpired):
        await platform.verify(old)
    await platform.verify(new, "the stranger's password")
    assert "Real Person" == await name_of_the_only_contact(platform)


async def test_two_proofs_at_once_make_one_account(platform: Installation) -> None:
    """The first of two concurrent proofs sets the password; the others are answered that the account exists."""
    await platform.register(password=OWN_PASSWORD)
    token = await platform.link_to()
    answers = await asyncio.gather(
        *(platform.answer_to_proof(token, f"typed password {number}") for number in range(4))
    )
    assert sorted([READY, *[READY_ALREADY] * 3]) == sorted(map(str, answers))
    assert "First Person" == await name_of_the_only_contact(platform)
    signed_in = 0
    for number in range(4):
        try:
            await platform.authenticate(f"typed password {number}", call=Call(client=f"203.0.113.{number}"))
            signed_in += 1
        except WrongCredentials:
            pass
    assert 1 == signed_in


async def test_a_registration_after_the_proof_is_not_completed(platform: Installation) -> None:
    """A used link completes no further registration, and the next letter says that there is an account."""
    await platform.register(password=OWN_PASSWORD)
    token = await platform.link_to()
    await platform.verify(token, OWN_PASSWORD)
    await platform.register(password="the stranger's password")
    assert READY_ALREADY == await platform.answer_to_proof(token, "the stranger's password")
    assert "already" in (await platform.mails())[-1].subject
    assert described(await platform.authenticate(OWN_PASSWORD)).user_id


async def test_an_account_by_invitation_ends_the_proof(platform: Installation) -> None:
    """After a registration by invitation, the link of a stranger's registration has no effect."""
    await platform.register(password="the stranger's password")
    token = await platform.link_to()
    platform.invited = {"first@example.com"}
    await platform.register(token=INVITATION, password=OWN_PASSWORD, first_name="Real")
    assert READY_ALREADY == await platform.answer_to_proof(token, "the stranger's password")
    assert "Real Person" == await name_of_the_only_contact(platform)
    with pytest.raises(WrongCredentials):
        await platform.authenticate("the stranger's password")


# Resets


async def test_resets_by_strangers_do_not_delay_the_owners(platform: Installation) -> None:
    """After any number of requests the mailed link works, and the next letter is due within an hour."""
    await platform.member()
    for _ in range(200):
        await platform.ask_for_reset()
        platform.wait(7 * MINUTE)
    token = await platform.link_to()
    await platform.ask_for_reset()
    await platform.reset(token, OWN_PASSWORD)
    assert described(await platform.authenticate(OWN_PASSWORD)).user_id


async def test_letters_leave_further_and_further_apart(platform: Installation) -> None:
    """With a request each minute, letters leave at once and after 5, 15 and 60 minutes, for every address."""
    await platform.member()
    for address in (ADDRESS, "stranger@example.com"):
        queued = []
        for minute in range(150):
            before = len(await platform.letters_waiting())
            await platform.ask_for_reset(address)
            if len(await platform.letters_waiting()) > before:
                queued.append(minute)
            await platform.mails()
            platform.wait(MINUTE)
        assert [0, 5, 20, 80, 140] == queued


async def test_a_request_within_a_gap_is_the_same_work(platform: Installation) -> None:
    """A request within a gap runs the same statements as one that queues a letter."""
    await platform.member()
    asked: list[list[object]] = []
    for minutes in (0, 1, 10, 1, 1500):
        platform.wait(minutes * MINUTE)
        with platform.database.recording() as statements:
            await platform.ask_for_reset()
        await platform.mails()
        asked.append(statements)
    assert all(asked[0] == each for each in asked)


async def test_after_a_reset_the_next_is_mailed_at_once(platform: Installation) -> None:
    """After a link was used, the next one is mailed without a gap."""
    await platform.member()
    await platform.ask_for_reset()
    await platform.reset(await platform.link_to(), OWN_PASSWORD)
    await platform.ask_for_reset()
    await platform.reset(await platform.link_to(), "yet another password")
    assert described(await platform.authenticate("yet another password")).user_id


async def test_an_unknown_address_has_its_letter_withheld(platform: Installation) -> None:
    """A letter to an unknown address runs the same statements, has facts of the same shape, and is withheld."""
    await platform.member()
    letters = AccountLetters(AccountSettings())
    loaded: list[object] = []
    statements: list[list[object]] = []
    for address in (ADDRESS, "stranger@example.com"):
        await platform.ask_for_reset(address)
        _, key = (await platform.letters_waiting())[-1]
        with platform.database.recording() as executed:
            loaded.append(await platform.database.write(lambda tx, key=key: letters.load_reset(tx, key)))  # type: ignore[misc]
        statements.append(executed)
    assert statements[0] == statements[1]
    real, withheld = loaded
    assert isinstance(withheld, Withhold)
    assert (DropReason.UNREGISTERED, type(real), "stranger@example.com") == (
        withheld.reason,
        type(withheld.facts),
        withheld.facts.to,
    )


async def test_a_registration_of_a_known_address_loads_alike(platform: Installation) -> None:
    """The letter to a registered address is loaded by the same statements as any other."""
    await platform.member()
    letters = AccountLetters(AccountSettings())
    statements: list[list[object]] = []
    for address in (ADDRESS, "stranger@example.com"):
        await platform.register(address)
        _, key = (await platform.letters_waiting())[-1]
        with platform.database.recording() as executed:
            await platform.database.write(lambda tx, key=key: letters.load_registration(tx, key))  # type: ignore[misc]
        statements.append(executed)
    assert statements[0] == statements[1]


@pytest.mark.no_database
def test_account_letters_have_no_daily_limit() -> None:
    """Account letters are not subject to the daily limit of an address."""
    assert [None, None] == [kind.allowance for kind in AccountLetters(AccountSettings()).kinds()]


# Under an attack on the password


async def attack(platform: Installation) -> None:
    """Send wrong passwords from many clients until the address is paused."""
    for number in range(60):
        with pytest.raises(ServiceError):
            await platform.authenticate("wrong password", call=Call(client=f"203.0.113.{number}"))


async def test_during_a_pause_the_owner_signs_in_by_a_reset(platform: Installation) -> None:
    """The 429 names the reset, and after it the owner signs in at once from an unknown network."""
    await platform.member()
    new_network = Call(client="198.51.100.9")
    await attack(platform)
    with pytest.raises(TooManyFailures, match="reset the password: after that you can sign in at once"):
        await platform.authenticate(call=new_network)
    await platform.ask_for_reset()
    await platform.reset(await platform.link_to(), OWN_PASSWORD, client=new_network.client)
    for _ in range(3):
        platform.wait(MINUTE)
        await attack(platform)
        assert described(await platform.authenticate(OWN_PASSWORD, call=new_network)).user_id


async def test_a_reset_admits_its_client_under_every_address_of_the_user(platform: Installation) -> None:
    """A reset by one address ends the pauses of all addresses of the user."""
    await platform.member()
    first = platform.verified[-1][0]
    await platform.member("second@example.com")
    second = platform.verified[-1][0]
    await platform.database.write(lambda tx: identity.merge(tx, second, first))
    await attack(platform)
    await platform.ask_for_reset("second@example.com")
    token = await platform.link_to("second@example.com")
    await platform.reset(token, OWN_PASSWORD, client="198.51.100.9")
    assert described(await platform.authenticate(OWN_PASSWORD, call=Call(client="198.51.100.9"))).user_id


async def test_a_proof_admits_its_client_at_once(platform: Installation) -> None:
    """A proof ends the pause of its client, even after guesses at the address."""
    await platform.register()
    await attack(platform)
    await platform.verify(await platform.link_to(), client="198.51.100.9")
    assert described(await platform.authenticate(call=Call(client="198.51.100.9"))).user_id


async def test_a_reset_and_a_sign_in_at_once(platform: Installation) -> None:
    """No session that the old password opens outlives a concurrent reset."""
    await platform.member()
    await platform.ask_for_reset()
    token = await platform.link_to()
    outcomes = await asyncio.gather(
        platform.reset(token, OWN_PASSWORD), platform.authenticate(PASSWORD), return_exceptions=True
    )
    assert outcomes[0] is None
    if not isinstance(outcomes[1], BaseException):
        headers = {"authorization": f"Bearer {described(outcomes[1]).bearer_token}"}
        found = await platform.sign_in.authenticator.authenticate(headers, {}, "192.0.2.1")
        assert found.principal is None
    assert described(await platform.authenticate(OWN_PASSWORD)).user_id
