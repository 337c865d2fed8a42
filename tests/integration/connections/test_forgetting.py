"""Purging of the addresses of strangers, and erasing of contacts."""

import functools
from datetime import timedelta

import pytest
from tests.support.world import World

from platform_api import contacts, journal
from platform_api.connections import merging
from platform_api.connections.errors import AlreadyDeclined, NewerRequest
from platform_api.connections.upkeep import expire_overdue, purge_addresses
from platform_api.connections.values import Act
from platform_api.contacts import NAME_WITHOUT_ADDRESS
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from platform_api.journal import upkeep as upkeep_of_journal
from platform_api.roles.standard import EMPLOYEE, SUBCONTRACTOR
from servicehost.contract.scalars import Guid

INVITED = "Stranger@Example.com"


async def an_expired_invitation(world: World) -> tuple[Guid, Guid, Guid]:
    """A sender, the contact that it keeps for a stranger, and the invitation, which has expired."""
    sender = await world.person("sender@example.com")
    virtual = await world.invite(sender, INVITED)
    world.pass_time(timedelta(days=15))
    await world.database.write(expire_overdue)
    return sender, virtual, (await world.all_requests())[0].id


async def test_a_strangers_address_is_forgotten_thirty_days_after_the_expiry(world: World) -> None:
    """Neither the request nor the contact contains it any more, and the request cannot be sent again."""
    sender, virtual, request = await an_expired_invitation(world)
    world.pass_time(timedelta(days=30))

    await world.database.write(purge_addresses)

    contact = await world.database.read(lambda tx: contacts.get_contact(tx, virtual))
    assert contact is not None
    assert (None, None, NAME_WITHOUT_ADDRESS) == (contact.email, contact.address_key, contact.full_name)
    assert (None, "") == ((await world.request(request)).address_key, (await world.request(request)).recipient_key)
    with pytest.raises(NewerRequest):
        await world.resend(sender, request)


async def test_until_then_the_request_can_be_sent_again(world: World) -> None:
    """A day earlier nothing has changed."""
    sender, _, request = await an_expired_invitation(world)
    world.pass_time(timedelta(days=29))

    await world.database.write(purge_addresses)
    await world.resend(sender, request)

    assert RequestStatus.PENDING is (await world.request(request)).status


async def test_an_address_with_another_invitation_pending_is_kept(world: World) -> None:
    """A letter that has yet to be sent needs the address."""
    sender, virtual, _ = await an_expired_invitation(world)
    world.pass_time(timedelta(days=30))
    await world.invite(sender, INVITED, SUBCONTRACTOR)

    await world.database.write(purge_addresses)

    contact = await world.database.read(lambda tx: contacts.get_contact(tx, virtual))
    assert contact is not None
    assert INVITED == contact.email


async def test_an_erased_contact_leaves_nothing_open(world: World) -> None:
    """Pending requests are void and active connections removed; the history of the others stays."""
    sender, receiver = await world.person("sender@example.com"), await world.person("receiver@example.com")
    await world.ask(sender, receiver)
    await world.accept(receiver, (await world.all_requests())[0].id)
    await world.ask(sender, receiver, SUBCONTRACTOR)

    await world.database.write(lambda tx: merging.erase(tx, receiver))

    assert [ConnectionStatus.REMOVED, ConnectionStatus.VOID] == [each.status for each in await world.all_connections()]
    assert [RequestStatus.ACCEPTED, RequestStatus.VOID] == [each.status for each in await world.all_requests()]


async def test_what_was_done_by_mail_is_the_persons_own_once_they_register(world: World) -> None:
    """The journal names the person instead of the virtual contact."""
    sender = await world.person("sender@example.com")
    await world.invite(sender, INVITED, EMPLOYEE)
    request = (await world.all_requests())[0].id
    await world.accept_by_token(request, await world.token(request))

    person = await world.person(INVITED)

    assert [sender, person] == [each.entry.person for each in await world.journal_of(request)]


async def test_the_feeds_of_both_ends_have_what_happened_between_them(world: World) -> None:
    """They include the acts of the virtual contact before its person's registration."""
    sender = await world.person("sender@example.com")
    await world.invite(sender, INVITED, EMPLOYEE)
    request = (await world.all_requests())[0].id
    await world.accept_by_token(request, await world.token(request))
    person = await world.person(INVITED)
    await world.database.write(upkeep_of_journal.sequence)

    feeds = [
        await world.database.read(functools.partial(journal.entries_concerning, contact=end, before=None, limit=9))
        for end in (sender, person)
    ]

    assert [[Act.ACCEPT_BY_MAIL, Act.SEND]] * 2 == [
        [each.entry.act for each in feed if each.entry.subject_id == request] for feed in feeds
    ]


async def test_a_link_does_not_undo_a_decline(world: World) -> None:
    """Only the contact that declined can accept after all, after a sign-in."""
    sender = await world.person("sender@example.com")
    invited = await world.person(INVITED)
    await world.invite(sender, INVITED)
    request = (await world.all_requests())[0].id
    await world.decline(invited, request)

    with pytest.raises(AlreadyDeclined):
        await world.accept_by_token(request, await world.token(request))
