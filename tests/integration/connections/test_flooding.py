"""Repeated connecting and removing by one contact, and its effect on a person who has blocked it or not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.support.contacts import an_organisation
from tests.support.meetings import asking, grant
from tests.support.world import World, by

from platform_api import notices
from platform_api.connections.messages import InviteContact, RemoveConnection
from platform_api.connections.services import address_verified
from platform_api.connections.upkeep import expire_overdue
from platform_api.connections.wording import NoticeFacts
from platform_api.database.statements import Query, as_tuple
from platform_api.foundation.well_known import ConnectionStatus, ContactType, RequestStatus
from platform_api.limits import QuotaExceeded
from platform_api.mail.tables import letters
from platform_api.mail.values import Withhold
from platform_api.notices import NoticeKind
from platform_api.notices.tables import notices as notice_table
from platform_api.roles.standard import EMPLOYEE, ORGANISATION, STAFF
from servicehost.contract.scalars import Guid

NOTICES = Query(select(func.count()).select_from(notice_table).where(notice_table.c.contact_id.is_not(None)), int)
SENDERS = Query(select(letters.c.sent_by, letters.c.sent_for).order_by(letters.c.id), as_tuple)
REAL_ORGANISATION = ContactType.REAL_ORGANISATION.id


class Flood:
    """A person, and organisations whose staff connect and remove this person repeatedly."""

    def __init__(self, world: World, victim: Guid) -> None:
        self.world = world
        self.victim = victim

    @classmethod
    async def begin(cls, world: World) -> "Flood":
        """Register the victim."""
        return cls(world, await world.person("victim@example.com", "Victim"))

    async def organisation(self, owner: Guid) -> Guid:
        """An organisation of a person."""
        return await an_organisation(self.world.database, owner)

    async def connect(self, organisation: Guid, person: Guid) -> None:
        """Make the victim staff, with a mail."""
        await self.world.sending.connect(asking(organisation, self.victim, STAFF), by(person))

    async def remove(self, person: Guid) -> None:
        """Remove the latest connection."""
        latest = (await self.world.all_connections())[-1]
        await self.world.answering.remove(RemoveConnection(connection_id=latest.id), by(person))

    async def loop(self, organisation: Guid, person: Guid, times: int) -> None:
        """Connect and remove."""
        for _ in range(times):
            await self.connect(organisation, person)
            await self.remove(person)

    async def told(self) -> list[NoticeKind]:
        """The kinds of the notices of the victim."""
        found = await self.world.database.read(lambda tx: notices.latest_notices(tx, self.victim, 1000))
        return [notice.kind for notice in found]

    async def mails(self) -> list[NoticeKind]:
        """The kinds of the notices in the mails to the victim."""
        facts = await self.world.facts_of_waiting_letters()
        return [each.kind for each in facts if isinstance(each, NoticeFacts)]

    async def withheld(self) -> int:
        """The number of letters that would be withheld from the victim."""
        return len([each for each in await self.world.facts_of_waiting_letters() if isinstance(each, Withhold)])


@pytest.fixture
async def flood() -> AsyncIterator[Flood]:
    """A flood without quotas, limited only by the rules of notices."""
    world = World(limit=None)
    yield await Flood.begin(world)
    world.close()


class TestWhoHasBlocked:
    """A person who has blocked a contact is notified of none of its acts."""

    async def test_nothing_is_heard_of_an_organisation_that_connects_and_removes(self, flood: Flood) -> None:
        """150 times, as in the original report: no notice, no mail, and two withheld letters."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)
        await flood.world.block(flood.victim, organisation)

        await flood.loop(organisation, owner, 150)

        assert ([], [], 2) == (await flood.told(), await flood.mails(), await flood.withheld())
        assert 0 == await flood.world.database.read(lambda tx: tx.one(NOTICES))
        assert 150 == len([each for each in await flood.world.all_connections() if each.ended_at])

    async def test_several_of_its_staff_are_no_way_round(self, flood: Flood) -> None:
        """All of them act for the blocked contact."""
        staff = [await flood.world.person(f"staff{number}@example.com") for number in range(3)]
        organisation = await flood.organisation(staff[0])
        for person in staff[1:]:
            await grant(flood.world, person, organisation)
        await flood.world.block(flood.victim, organisation)

        for person in staff:
            await flood.loop(organisation, person, 3)

        assert ([], []) == (await flood.told(), await flood.mails())

    async def test_several_organisations_of_a_person_who_is_blocked_are_none_either(self, flood: Flood) -> None:
        """A block covers the person's acts for other contacts: requests, and connections without acceptance."""
        owner = await flood.world.person("owner@example.com")
        organisations = [await flood.organisation(owner) for _ in range(3)]
        await flood.world.block(flood.victim, owner)

        for organisation in organisations:
            await flood.loop(organisation, owner, 2)
            await flood.world.sending.connect(asking(organisation, flood.victim, EMPLOYEE), by(owner))

        assert ([], []) == (await flood.told(), await flood.mails())
        assert [] == await flood.world.received(flood.victim)

    async def test_a_block_hides_what_the_blocked_person_has_sent_for_others(self, flood: Flood) -> None:
        """A pending request of an organisation is ignored, and stays pending to the organisation."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)
        await flood.world.sending.connect(asking(organisation, flood.victim, EMPLOYEE), by(owner))

        await flood.world.block(flood.victim, owner)

        assert [] == await flood.world.received(flood.victim)
        assert RequestStatus.PENDING is (await flood.world.all_requests())[0].status

    async def test_what_a_blocked_person_sends_again_for_others_is_ignored(self, flood: Flood) -> None:
        """The request had expired when the person was blocked; a colleague had sent it first."""
        owner, clerk = await flood.world.person("owner@example.com"), await flood.world.person("clerk@example.com")
        organisation = await flood.organisation(owner)
        await grant(flood.world, clerk, organisation)
        await flood.world.sending.connect(asking(organisation, flood.victim, EMPLOYEE), by(clerk))
        flood.world.pass_time(timedelta(days=15))
        await flood.world.database.write(expire_overdue)
        await flood.world.block(flood.victim, owner)

        await flood.world.resend(owner, (await flood.world.all_requests())[0].id, organisation)

        assert [] == await flood.world.received(flood.victim)

    async def test_an_invitation_by_a_blocked_person_for_others_is_ignored(self, flood: Flood) -> None:
        """The victim may have verified the address before, or verify it later."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)
        await flood.world.block(flood.victim, owner)
        for address in ("victim@example.com", "later@example.com"):
            await flood.world.sending.invite(
                InviteContact(contact_id=organisation, email_address=address, roles=[EMPLOYEE]), by(owner)
            )

        await flood.world.database.write(lambda tx: address_verified(tx, flood.victim, "later@example.com"))

        assert [] == await flood.world.received(flood.victim)
        assert 2 == len(await flood.world.received(flood.victim, ignored=True))

    async def test_a_block_after_the_connection_silences_what_follows(self, flood: Flood) -> None:
        """The earlier notice stays. Its letter, which had not been sent, is withheld, like that of the removal."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)
        await flood.connect(organisation, owner)

        await flood.world.block(flood.victim, organisation)
        await flood.remove(owner)
        await flood.loop(organisation, owner, 3)

        assert ([NoticeKind.CONNECTED], []) == (await flood.told(), await flood.mails())

    async def test_a_letter_of_a_person_who_is_blocked_before_it_leaves_is_withheld(self, flood: Flood) -> None:
        """A letter may wait a day for its turn; the person acted for an organisation that is not blocked."""
        owner = await flood.world.person("owner@example.com")
        await flood.connect(await flood.organisation(owner), owner)

        await flood.world.block(flood.victim, owner)

        assert ([], 1) == (await flood.mails(), await flood.withheld())

    @pytest.mark.parametrize("resent_first", [True, False])
    async def test_what_a_blocked_person_sends_again_is_not_mailed(self, flood: Flood, *, resent_first: bool) -> None:
        """A colleague who is not blocked had sent it, so the pending request stays in the list of received requests."""
        owner, clerk = await flood.world.person("owner@example.com"), await flood.world.person("clerk@example.com")
        organisation = await flood.organisation(owner)
        await grant(flood.world, clerk, organisation)
        await flood.world.sending.connect(asking(organisation, flood.victim, EMPLOYEE), by(clerk))
        flood.world.pass_time(timedelta(minutes=6))
        request = (await flood.world.all_requests())[0].id

        if not resent_first:
            await flood.world.block(flood.victim, owner)
        await flood.world.resend(owner, request, organisation)
        if resent_first:
            await flood.world.block(flood.victim, owner)

        assert [Withhold] == [type(each) for each in await flood.world.facts_of_waiting_letters()]
        assert 1 == len(await flood.world.received(flood.victim))

    async def test_an_acceptance_by_whom_one_has_blocked_is_not_told(self, flood: Flood) -> None:
        """The victim asked an organisation, and blocks the person who answers for it."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)
        await flood.world.ask(flood.victim, organisation, ORGANISATION, REAL_ORGANISATION)
        await flood.world.block(flood.victim, owner)

        await flood.world.accept(owner, (await flood.world.all_requests())[0].id)

        assert ([], []) == (await flood.told(), await flood.mails())
        assert [ConnectionStatus.ACTIVE] == [each.status for each in await flood.world.all_connections()]

    async def test_the_act_of_a_person_of_its_own_is_told(self, flood: Flood) -> None:
        """Blocking an organisation does not block the people who act for it."""
        owner = await flood.world.person("owner@example.com")
        await flood.world.block(flood.victim, await flood.organisation(owner))
        await flood.world.ask(flood.victim, owner)

        await flood.world.accept(owner, (await flood.world.all_requests())[0].id)

        assert [NoticeKind.ACCEPTED] == await flood.told()

    @pytest.mark.parametrize("act", ["connect", "remove"])
    async def test_the_blocked_side_cannot_tell_by_the_work(self, flood: Flood, act: str) -> None:
        """The numbers of statements are the same as without a block, the first time and later."""
        owner = await flood.world.person("owner@example.com")
        blocked, free = await flood.organisation(owner), await flood.organisation(owner)
        await flood.world.block(flood.victim, blocked)

        counts = [[await _cost(flood, act, organisation, owner) for _ in range(2)] for organisation in (blocked, free)]

        assert counts[0] == counts[1]


class TestWhoHasNotBlocked:
    """A flood by a contact that is not blocked causes one notice and one mail of each kind."""

    async def test_connecting_and_removing_is_told_once_a_day(self, flood: Flood) -> None:
        """One notice and one mail of each kind, and again the next day."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)
        both = [NoticeKind.REMOVED, NoticeKind.CONNECTED]

        await flood.loop(organisation, owner, 20)
        assert (both, sorted(both)) == (await flood.told(), sorted(await flood.mails()))
        flood.world.pass_time(timedelta(days=1))
        await flood.loop(organisation, owner, 20)

        assert (both * 2, sorted(both * 2)) == (await flood.told(), sorted(await flood.mails()))

    async def test_one_pair_gets_one_removal_notice_a_day(self, flood: Flood) -> None:
        """Whichever of the two removes, and whether or not the first notice was read."""
        other = await flood.world.person("other@example.com")
        told = {flood.victim: 0, other: 0}
        for remover in (other, flood.victim, other):
            await flood.world.ask(other, flood.victim)
            request = (await flood.world.all_requests())[-1].id
            await flood.world.accept(flood.victim, request)
            await flood.remove(remover)
        for contact in told:
            found = await flood.world.database.read(lambda tx, contact=contact: notices.latest_notices(tx, contact, 10))  # type: ignore[misc]
            told[contact] = len([notice for notice in found if notice.kind is NoticeKind.REMOVED])

        assert {flood.victim: 1, other: 0} == told

    async def test_the_notice_tells_the_latest(self, flood: Flood) -> None:
        """It refers to the present connection."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)

        await flood.loop(organisation, owner, 2)
        await flood.connect(organisation, owner)

        found = await flood.world.database.read(lambda tx: notices.latest_notices(tx, flood.victim, 10))
        connected = [notice.subject_id for notice in found if notice.kind is NoticeKind.CONNECTED]
        assert [(await flood.world.all_connections())[-1].id] == connected


class TestShares:
    """Each letter records the person and the contact whose share of the address's day it uses."""

    async def test_news_and_requests_name_their_senders(self, flood: Flood) -> None:
        """Letters of a person who acts for an organisation count for both."""
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)
        await flood.connect(organisation, owner)
        await flood.world.sending.connect(asking(organisation, flood.victim, EMPLOYEE), by(owner))

        senders = await flood.world.database.read(lambda tx: tx.all(SENDERS))
        assert [(owner, organisation), (owner, organisation)] == senders

    async def test_what_is_mailed_again_names_nobody(self, flood: Flood) -> None:
        """Its receiver has asked for it, so it uses no share of a sender."""
        sender = await flood.world.person("sender@example.com")
        await flood.world.invite(sender, "third@example.com")
        request = (await flood.world.all_requests())[0].id
        flood.world.pass_time(timedelta(minutes=6))

        await flood.world.links.mail_again(request, await flood.world.token(request))

        assert [(None, None)] == await flood.world.database.read(lambda tx: tx.all(SENDERS))


class TestQuotas:
    """Connecting in a role without acceptance counts like sending; ending is never refused."""

    async def test_connections_without_acceptance_are_counted(self) -> None:
        """For each user: the twenty-first is refused, for any organisation."""
        flood = await Flood.begin(World(limit=20))
        owner = await flood.world.person("owner@example.com")
        organisations = [await flood.organisation(owner) for _ in range(2)]
        for number in range(20):
            await flood.loop(organisations[number % 2], owner, 1)

        with pytest.raises(QuotaExceeded):
            await flood.connect(organisations[0], owner)

        assert 20 == len(await flood.world.all_connections())
        flood.world.close()

    async def test_an_organisation_is_counted_across_its_staff(self) -> None:
        """Ten by each of two people are the twenty of the organisation."""
        flood = await Flood.begin(World(limit=20))
        owner, clerk = await flood.world.person("owner@example.com"), await flood.world.person("clerk@example.com")
        organisation = await flood.organisation(owner)
        await grant(flood.world, clerk, organisation)
        for person in (owner, clerk):
            await flood.loop(organisation, person, 10)

        with pytest.raises(QuotaExceeded):
            await flood.connect(organisation, clerk)
        flood.world.close()

    async def test_what_exists_already_is_not_counted(self) -> None:
        """A repeated call changes nothing and does not count."""
        flood = await Flood.begin(World(limit=1))
        owner = await flood.world.person("owner@example.com")
        organisation = await flood.organisation(owner)

        for _ in range(3):
            await flood.connect(organisation, owner)

        assert 1 == len(await flood.world.all_connections())
        flood.world.close()

    @pytest.mark.parametrize("act", ["remove", "decline", "ignore", "block", "cancel"])
    async def test_ending_and_silencing_are_never_refused(self, act: str) -> None:
        """They are allowed even after every quota is used up."""
        world = World(limit=2)
        one, other = await world.person("one@example.com"), await world.person("other@example.com")
        await world.ask(other, one)
        first = (await world.all_requests())[0].id
        for person in ("third@example.com", "fourth@example.com"):
            await world.ask(one, await world.person(person))
        with pytest.raises(QuotaExceeded):
            await world.ask(one, await world.person("fifth@example.com"))
        if act == "remove":
            await world.accept(one, first)
        acts: dict[str, Callable[[], Awaitable[None]]] = {
            "remove": lambda: _remove_first(world, one),
            "decline": lambda: world.decline(one, first),
            "ignore": lambda: world.ignore(one, first),
            "block": lambda: world.block(one, other),
            "cancel": lambda: _cancel_own(world, one),
        }

        await acts[act]()

        assert [] == await world.received(one)
        world.close()


async def _remove_first(world: World, who: Guid) -> None:
    await world.remove(who, (await world.all_connections())[0].id)


async def _cancel_own(world: World, who: Guid) -> None:
    for request in await world.all_requests():
        if request.sender_id == who:
            await world.cancel(who, request.id)
    await world.block(who, (await world.all_requests())[0].sender_id)


async def _cost(flood: Flood, act: str, organisation: Guid, person: Guid) -> int:
    """The numbers of statements of connecting and of removing. The two are not connected afterwards."""
    with flood.world.database.recording() as connecting:
        await flood.connect(organisation, person)
    message = RemoveConnection(connection_id=(await flood.world.all_connections())[-1].id)
    with flood.world.database.recording() as removing:
        await flood.world.answering.remove(message, by(person))
    return len(connecting if act == "connect" else removing)
