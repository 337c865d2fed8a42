"""No list and no act takes more steps of SQLite's virtual machine because the tables have grown."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.support.accounts import CHEAP
from tests.support.catalog import the_catalog
from tests.support.crowd import HUB_ADDRESS, NEWCOMER, PASSWORD, Crowd, a_crowd
from tests.support.world import PERSON, by

from platform_api import contacts, journal
from platform_api.accounts import upkeep as upkeep_of_accounts
from platform_api.accounts.settings import AccountSettings
from platform_api.connections import showing
from platform_api.connections import upkeep as upkeep_of_connections
from platform_api.connections.messages import ConnectContactsInRoles
from platform_api.contacts import NewOrganisation, Profile
from platform_api.database.transaction import Transaction
from platform_api.directory import (
    GetConnectionRequests,
    GetConnectionsToContact,
    GetDataLists,
    GetLists,
    GetOwnContact,
    ListsService,
)
from platform_api.foundation.well_known import ContactType
from platform_api.identity import SignInPauses
from platform_api.identity import upkeep as upkeep_of_identity
from platform_api.journal import upkeep as upkeep_of_journal
from platform_api.limits import upkeep as upkeep_of_limits
from platform_api.lists.settings import PageLimits
from platform_api.mail import store as mail_store
from platform_api.mail.messages import GetMailboxMessages
from platform_api.mail.services import MailboxService
from platform_api.mail.settings import MailSettings
from platform_api.mail.upkeep import Upkeep
from platform_api.roles.messages import GetRolesForConnection
from platform_api.roles.services import RolesService
from platform_api.roles.standard import BUSINESS_CONTACT, STAFF
from platform_api.work import store as work_store
from platform_api.work.worker import PLANNED, SCANNED
from servicehost.contract.call import Call
from servicehost.contract.messages import Request
from servicehost.contract.types import ListOf, Ref
from servicehost.security.passwords import Passwords

pytestmark = pytest.mark.sqlite_only(reason="counts the steps of SQLite's virtual machine")

SMALL = 10
MOST = 1.3
PAGE = 2

Act = Callable[[Crowd], Awaitable[Any]]


def _requests(**members: Any) -> Act:
    def ask(crowd: Crowd) -> Awaitable[Any]:
        asked: dict[str, Any] = {"contact_id": crowd.hub, "page_size": PAGE, **members}
        return crowd.world.directory.connection_requests(GetConnectionRequests(**asked), by(crowd.hub))

    return ask


def _connections(*, with_peer: bool = False, **members: Any) -> Act:
    def ask(crowd: Crowd) -> Awaitable[Any]:
        asked: dict[str, Any] = {"is_paged_mode": True, "page_size": PAGE, "contact_type_id": PERSON, **members}
        asked |= {"contact_id": crowd.peer if with_peer else crowd.hub, "requestor_contact_id": crowd.hub}
        return crowd.world.directory.connections_to_contact(GetConnectionsToContact(**asked), by(crowd.hub))

    return ask


def _mailbox(**members: Any) -> Act:
    return lambda crowd: MailboxService(crowd.world.database, PageLimits()).messages(
        GetMailboxMessages(page_size=PAGE, **members), by(crowd.hub)
    )


def _roles(crowd: Crowd) -> Awaitable[Any]:
    message = GetRolesForConnection(from_contact_id=crowd.hub, contact_id=crowd.peer, contact_type_id=PERSON)
    return RolesService(crowd.world.database, crowd.world.roles).roles_for_connection(message, by(crowd.hub))


def _data_lists(crowd: Crowd) -> Awaitable[Any]:
    return ListsService(crowd.world.database, crowd.world.roles).get_data_lists(
        GetDataLists(licensee_id=crowd.hub), by(crowd.hub)
    )


OLDEST, NEWEST = ContactType.REAL_PERSON.id, ContactType.VIRTUAL_ORGANISATION.id

LISTS: Mapping[type[Request[Any]], Mapping[str, Act]] = {
    GetConnectionRequests: {
        "received": _requests(),
        "received and ignored": _requests(include_ignored_requests=True),
        "received of the oldest type": _requests(contact_types=[OLDEST]),
        "received of the newest types": _requests(contact_types=[NEWEST, OLDEST], include_ignored_requests=True),
        "sent": _requests(action="sent"),
        "sent to the oldest type": _requests(action="sent", contact_types=[OLDEST]),
        "the second page": lambda crowd: _requests(after=crowd.requests["received"][5])(crowd),
        "the second page of sent": lambda crowd: _requests(action="sent", after=crowd.requests["sent"][5])(crowd),
    },
    GetConnectionsToContact: {
        "own": _connections(),
        "own, also removed": _connections(include_removed=True),
        "own, by number": _connections(page_number=2),
        "own, by cursor": lambda crowd: _connections(after=crowd.connections["received"][5])(crowd),
        "with another": _connections(with_peer=True),
        "with another, also removed": _connections(with_peer=True, include_removed=True),
        "with another, by number": _connections(with_peer=True, include_removed=True, page_number=2),
    },
    GetMailboxMessages: {"the mailbox": _mailbox(), "the mailbox, by number": _mailbox(page_number=2)},
    GetRolesForConnection: {"roles": _roles},
    GetDataLists: {"lists": _data_lists},
}
"""Every list of every operation; an operation that answers with a list has a row here."""


def _database(unit: Callable[..., Any]) -> Act:
    return lambda crowd: crowd.world.database.write(unit)


def _at(days: int, unit: Callable[..., Any]) -> Act:
    """A unit that runs so many days later."""

    async def later(crowd: Crowd) -> None:
        crowd.world.database.now += timedelta(days=days)
        try:
            await crowd.world.database.write(unit)
        finally:
            crowd.world.database.now -= timedelta(days=days)

    return later


async def _enrol(crowd: Crowd) -> None:
    """Connect the peer to an organisation of the hub, in a role without acceptance."""
    organisation = NewOrganisation(owner=crowd.hub, profile=Profile(trading_name="Some Company"))
    made = await crowd.world.database.write(lambda tx: contacts.create_organisation(tx, organisation))
    message = ConnectContactsInRoles(contact_id=made, to_contact_id=crowd.peer, contact_type_id=PERSON, roles=[STAFF])
    await crowd.world.sending.connect(message, by(crowd.hub))


async def _claim_a_letter(tx: Transaction) -> None:
    (due,) = await work_store.oldest(tx, mail_store.LETTERS, 1)
    await work_store.claim(tx, mail_store.LETTERS, due.id, tx.now + timedelta(minutes=1))


ACTS: Mapping[str, Act] = {
    "GetOwnContact": lambda crowd: crowd.world.directory.own_contact(GetOwnContact(), by(crowd.hub)),
    "GetLists": lambda crowd: ListsService(crowd.world.database, crowd.world.roles).get_list(GetLists(), Call()),
    "ConnectContactsInRoles": lambda crowd: crowd.world.ask(crowd.hub, crowd.peer, BUSINESS_CONTACT),
    "ConnectContactsInRoles at once": _enrol,
    "InviteContact": lambda crowd: crowd.world.invite(crowd.hub, "somebody@example.com"),
    "InviteContact by contact": lambda crowd: crowd.world.invite(
        crowd.hub, "record@example.com", BUSINESS_CONTACT, crowd.record
    ),
    "ConnectionRequestResend": lambda crowd: crowd.world.resend(crowd.hub, crowd.requests["sent"][0]),
    "ConnectionRequestResend of an expired one": lambda crowd: crowd.world.resend(
        crowd.hub, crowd.requests["expired"][0]
    ),
    "AcceptConnectionRequest": lambda crowd: crowd.world.accept(crowd.hub, crowd.requests["received"][0]),
    "DeclineConnectionRequest": lambda crowd: crowd.world.decline(crowd.hub, crowd.requests["received"][0]),
    "IgnoreConnectionRequest": lambda crowd: crowd.world.ignore(crowd.hub, crowd.requests["received"][0]),
    "CancelConnectionRequest": lambda crowd: crowd.world.cancel(crowd.hub, crowd.requests["sent"][0]),
    "CancelConnection": lambda crowd: crowd.world.cancel_connection(crowd.hub, crowd.connections["sent"][0]),
    "RemoveConnection": lambda crowd: crowd.world.remove(crowd.hub, crowd.connections["active sent"][0]),
    "BlockContact": lambda crowd: crowd.world.block(crowd.hub, crowd.peer),
    "UnblockContact": lambda crowd: crowd.world.unblock(crowd.hub, crowd.kept[0]),
    "RegisterNewUser": lambda crowd: crowd.accounts.register("newcomer@example.com"),
    "a mailbox is proved": lambda crowd: crowd.world.person("nobody@example.com"),
    "forget strangers": _at(100, upkeep_of_connections.purge_addresses),
    "Authenticate": lambda crowd: crowd.accounts.authenticate(PASSWORD, HUB_ADDRESS),
    "GetResetPasswordToken": lambda crowd: crowd.accounts.ask_for_reset(HUB_ADDRESS),
    "read the feed of a contact": lambda crowd: crowd.world.database.read(
        lambda tx: journal.entries_concerning(tx, crowd.hub, None, PAGE)
    ),
    "claim a letter": _database(_claim_a_letter),
}
"""What people do, and what the mail worker does for each letter."""

SWEEPS: Mapping[str, tuple[int, Act]] = {
    "find the letters that are due": (
        PLANNED,
        _database(lambda tx: work_store.oldest(tx, mail_store.LETTERS, PLANNED)),
    ),
    "scan the owners of letters": (
        SCANNED,
        _database(lambda tx: work_store.scan(tx, mail_store.LETTERS, None, SCANNED)),
    ),
    "show the requests to an address": (showing.BATCH, lambda crowd: crowd.world.person(NEWCOMER)),
    "expire requests": (upkeep_of_connections.BATCH, _at(15, upkeep_of_connections.expire_overdue)),
    "recover abandoned letters": (200, _at(30, Upkeep(MailSettings()).recover)),
    "forget recipients": (200, _database(Upkeep(MailSettings()).forget_recipients)),
    "purge the mailbox": (200, _database(Upkeep(MailSettings()).purge_mailbox)),
    "purge sessions": (upkeep_of_identity.BATCH, _database(lambda tx: upkeep_of_identity.purge(tx, SignInPauses()))),
    "purge registrations": (
        upkeep_of_accounts.BATCH,
        _database(lambda tx: upkeep_of_accounts.purge(tx, AccountSettings())),
    ),
    "purge limits": (upkeep_of_limits.BATCH, _database(upkeep_of_limits.purge)),
    "sequence the journal": (upkeep_of_journal.BATCH, _database(upkeep_of_journal.sequence)),
}


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    """Cheap hashes."""
    made = Passwords(CHEAP)
    yield made
    made.close()


def test_every_operation_that_answers_with_a_list_is_measured() -> None:
    """A new one fails here until it has a row."""
    found = {
        operation.request.python
        for operation in the_catalog()
        if operation.response
        and any(isinstance(m.core, ListOf) and isinstance(m.core.item, Ref) for m in operation.response.members)
    }
    assert found == set(LISTS)


async def _steps_of(crowd: Crowd, act: Act) -> int:
    """The steps that an act takes, which is undone."""
    with crowd.world.database.trial() as steps:
        await act(crowd)
    return steps[0]


@pytest.fixture(scope="module")
def small(passwords: Passwords) -> Iterator[Crowd]:
    """Ten of everything."""
    crowd = asyncio.run(a_crowd(SMALL, passwords))
    yield crowd
    crowd.world.close()


@pytest.fixture(scope="module", params=[1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def large(request: pytest.FixtureRequest, passwords: Passwords) -> Iterator[Crowd]:
    """Much more of everything."""
    crowd = asyncio.run(a_crowd(request.param, passwords))
    yield crowd
    crowd.world.close()


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for rows in LISTS.values() for name, act in rows.items()])
async def test_a_page_costs_the_same_in_a_list_of_any_length(small: Crowd, large: Crowd, act: Act) -> None:
    """Counting included."""
    assert await _steps_of(large, act) <= MOST * await _steps_of(small, act)


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for name, act in ACTS.items()])
async def test_an_act_costs_the_same_however_much_there_is(small: Crowd, large: Crowd, act: Act) -> None:
    """Whatever else hangs on the contacts and the letters that it is about."""
    assert await _steps_of(large, act) <= MOST * await _steps_of(small, act)


@pytest.mark.parametrize(("batch", "sweep"), [pytest.param(*each, id=name) for name, each in SWEEPS.items()])
async def test_a_sweep_changes_one_batch_at_most(small: Crowd, large: Crowd, batch: int, sweep: Act) -> None:
    """And costs no more for each row of it."""
    of_each = await _steps_of(small, sweep) / SMALL
    assert await _steps_of(large, sweep) <= MOST * of_each * min(large.size, batch)
