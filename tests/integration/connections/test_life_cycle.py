"""The life cycle on a real database: who may do what, what comes of it, and what each side gets to see."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, update
from tests.support.contacts import an_organisation
from tests.support.world import PERSON, VIRTUAL, World, by

from platform_api.connections.errors import (
    AlreadyAccepted,
    AlreadyCancelled,
    AlreadyConnected,
    AlreadyDeclined,
    AlreadyRemoved,
    ConnectionNotFound,
    NewerRequest,
    RequestExpired,
    RequestNotFound,
    ResentTooSoon,
    TokenRequired,
    TooManyPending,
)
from platform_api.connections.links import Sight
from platform_api.connections.messages import (
    ConnectContactsInRoles,
    ConnectionRequestStatusUpdate,
    ConnectionStatusUpdate,
)
from platform_api.connections.upkeep import expire_overdue
from platform_api.connections.values import Terms
from platform_api.contacts import grants, records
from platform_api.contacts.errors import ContactNotFound, WrongValue
from platform_api.contacts.grants import NewGrant, Scope
from platform_api.contacts.messages import ContactSummaryModel
from platform_api.contacts.tables import contacts
from platform_api.database.statements import Command
from platform_api.database.transaction import Transaction
from platform_api.directory.messages import ContactConnectionModel
from platform_api.limits.rules import QuotaExceeded
from platform_api.notices import notices
from platform_api.outbox.values import Drop
from platform_api.roles.standard import EMPLOYEE, EMPLOYER, ORGANISATION, STAFF, SUBCONTRACTOR
from platform_api.well_known import ConnectionStatus, ContactType, RequestStatus
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import Guid

INVITED = "Invited@Example.com"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A small world, new for each test."""
    small = World()
    yield small
    small.close()


async def two(world: World) -> tuple[Guid, Guid]:
    """A sender and a receiver."""
    return await world.person("sender@example.com", "Sending"), await world.person("receiver@example.com", "Receiving")


async def pending(world: World) -> tuple[Guid, Guid, Guid]:
    """A sender, a receiver and the request between them."""
    sender, receiver = await two(world)
    await world.ask(sender, receiver)
    return sender, receiver, (await world.all_requests())[0].id


class TestSending:
    """What is asked for, and what comes of it."""

    async def test_a_request_makes_a_pending_connection_and_a_pending_request(self, world: World) -> None:
        """Both are made in one transaction, and each side lists its own half."""
        sender, receiver, request = await pending(world)

        mine, theirs = (await world.sent(sender))[0], (await world.received(receiver))[0]
        assert (request, "Pending", True, False) == (
            mine.connection_request_id,
            mine.connection_status_name,
            mine.allow_cancel,
            mine.is_incoming,
        )
        assert (request, "Pending", False, True) == (
            theirs.connection_request_id,
            theirs.connection_status_name,
            theirs.allow_cancel,
            theirs.is_incoming,
        )
        assert ("Employee", "Employer") == (mine.contact_role_name, theirs.contact_role_name)

    async def test_the_same_request_again_changes_nothing(self, world: World) -> None:
        """A second sending finds the first."""
        sender, receiver, _ = await pending(world)

        await world.ask(sender, receiver)

        assert 1 == len(await world.all_requests())
        assert 1 == len(await world.all_connections())

    async def test_the_mirrored_request_becomes_one_active_connection(self, world: World) -> None:
        """The receiver who asks the sender in the inverse role accepts by it."""
        sender, receiver, request = await pending(world)

        await world.ask(receiver, sender, EMPLOYER)

        assert [ConnectionStatus.ACTIVE] == [connection.status for connection in await world.all_connections()]
        assert RequestStatus.ACCEPTED is (await world.request(request)).status

    async def test_a_role_that_needs_no_acceptance_connects_at_once(self, world: World) -> None:
        """An organisation enrols its staff without asking, and they are told."""
        owner, staff = await two(world)
        organisation = await an_organisation(world.database, owner)

        await world.sending.connect(_asking(organisation, staff, STAFF), by(owner))

        assert [ConnectionStatus.ACTIVE] == [connection.status for connection in await world.all_connections()]
        assert [] == await world.all_requests()
        assert ["receiver@example.com"] == [facts.to for facts in await world.facts_of_waiting_letters()]

    async def test_whom_nobody_asked_shows_nothing_private(self, world: World) -> None:
        """Connecting to somebody in a role without acceptance does not show the maker their telephone number."""
        owner, staff = await two(world)
        organisation = await an_organisation(world.database, owner)
        await world.database.write(lambda tx: _reachable(tx, organisation))
        await world.sending.connect(_asking(organisation, staff, STAFF), by(owner))

        maker_sees = (await world.connections(organisation, staff, caller=owner))[0].contact
        staff_sees = (await world.connections(staff, organisation, kind=ContactType.REAL_ORGANISATION.id))[0].contact

        assert (None, None) == (seen(maker_sees).mobile_number, seen(maker_sees).email_address)
        assert "office@example.com" == seen(staff_sees).email_address

    @pytest.mark.parametrize("roles", [[], [ORGANISATION], ["00000000-0000-4000-8000-000000000099"]])
    async def test_roles_that_are_not_possible_are_refused(self, world: World, roles: list[Guid]) -> None:
        """No role, a role that a person cannot hold, and an id of nothing each name the member that is wrong."""
        sender, receiver = await two(world)
        message = _asking(sender, receiver, EMPLOYEE)
        message.roles = roles

        with pytest.raises(WrongValue) as refusal:
            await world.sending.connect(message, by(sender))

        assert ["Roles"] == [error.field for error in refusal.value.fields]

    async def test_nobody_connects_with_themselves(self, world: World) -> None:
        """The other contact is another contact."""
        sender, _ = await two(world)

        with pytest.raises(WrongValue):
            await world.ask(sender, sender)

    async def test_the_type_of_the_other_contact_is_a_check(self, world: World) -> None:
        """A wrong ContactTypeId means a wrong contact."""
        sender, receiver = await two(world)

        with pytest.raises(WrongValue):
            await world.ask(sender, receiver, kind=VIRTUAL)

    async def test_nobody_sends_for_a_contact_that_is_not_theirs(self, world: World) -> None:
        """Without a grant the answer is that of a contact that does not exist."""
        sender, receiver = await two(world)

        with pytest.raises(ContactNotFound):
            await world.sending.connect(_asking(receiver, sender, EMPLOYEE), by(sender))

    async def test_quotas_refuse_with_the_time_to_wait(self) -> None:
        """Beyond the quota a sending is refused, and says when to try again."""
        world = World(limit=1)
        sender, receiver, _ = await pending(world)

        with pytest.raises(QuotaExceeded) as refusal:
            await world.ask(sender, receiver, SUBCONTRACTOR)

        assert "3600" == refusal.value.headers["Retry-After"]
        world.close()

    async def test_a_sender_has_only_so_many_pending_requests(self) -> None:
        """The limit counts what is pending now."""
        world = World(Terms(pending=1))
        sender, receiver, request = await pending(world)

        with pytest.raises(TooManyPending):
            await world.ask(sender, receiver, SUBCONTRACTOR)
        await world.cancel(sender, request)
        await world.ask(sender, receiver, SUBCONTRACTOR)

        assert 2 == len(await world.all_requests())
        world.close()


class TestResending:
    """A request that is sent again."""

    async def test_a_resend_kills_the_old_token_and_mails_the_next(self, world: World) -> None:
        """One letter waits, and it carries the next version: that of the version before has lost its place."""
        sender, _, request = await pending(world)
        world.pass_time(timedelta(minutes=6))

        await world.resend(sender, request)

        assert [2] == [facts.token_version for facts in await world.facts_of_waiting_letters()]

    async def test_a_resend_within_the_cooldown_is_refused_and_changes_nothing(self, world: World) -> None:
        """The row stays as it is."""
        sender, _, request = await pending(world)
        before = await world.request(request)

        with pytest.raises(ResentTooSoon):
            await world.resend(sender, request)

        assert before == await world.request(request)

    async def test_an_expired_request_is_pending_again_after_a_resend(self, world: World) -> None:
        """The connection follows, and the receiver sees it again."""
        sender, receiver, request = await pending(world)
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        assert ["Expired"] == [each.connection_status_name for each in await world.sent(sender)]

        await world.resend(sender, request)

        assert [request] == [each.connection_request_id for each in await world.received(receiver)]
        assert [ConnectionStatus.PENDING] == [each.status for each in await world.all_connections()]

    async def test_a_new_sending_takes_the_place_of_an_expired_one(self, world: World) -> None:
        """The old request can no longer be sent again, so there is one live request for a key."""
        sender, receiver, request = await pending(world)
        world.pass_time(timedelta(days=15))
        await world.ask(sender, receiver)

        with pytest.raises(ServiceError) as refusal:
            await world.resend(sender, request)

        assert "NewerRequest" == refusal.value.code
        assert 1 == len(await world.sent(sender))

    async def test_only_the_senders_side_sends_again(self, world: World) -> None:
        """To everybody else the request does not exist, the receiver included."""
        _, receiver, request = await pending(world)

        with pytest.raises(RequestNotFound):
            await world.resend(receiver, request)

    async def test_the_contact_named_must_be_one_of_the_two(self, world: World) -> None:
        """ContactId is a check."""
        sender, _, request = await pending(world)
        stranger = await world.person("stranger@example.com")
        world.pass_time(timedelta(minutes=6))

        with pytest.raises(WrongValue):
            await world.resend(sender, request, contact=stranger)


class TestAnswering:
    """What the receiver, and the sender, make of a request."""

    async def test_accepting_makes_the_connection_active_and_tells_the_sender(self, world: World) -> None:
        """The sender gets a notice and a mail."""
        sender, receiver, request = await pending(world)

        await world.accept(receiver, request)

        assert ["Active"] == [each.connection_status_name for each in await world.connections(sender, receiver)]
        assert 1 == len(await world.database.read(lambda tx: notices.latest(tx, sender, 10)))
        assert "sender@example.com" in [getattr(facts, "to", None) for facts in await world.facts_of_waiting_letters()]

    async def test_across_an_active_connection_both_see_what_is_private(self, world: World) -> None:
        """Before acceptance neither sees the other's telephone number; afterwards both do."""
        sender, receiver, request = await pending(world)
        before = (await world.received(receiver))[0].contact

        await world.accept(receiver, request)

        mine = (await world.connections(sender, receiver))[0].contact
        theirs = (await world.connections(receiver, sender))[0].contact
        assert None is seen(before).mobile_number
        assert "0400 000 000" == seen(mine).mobile_number
        assert "sender@example.com" == seen(theirs).email_address

    async def test_a_declined_request_can_still_be_accepted(self, world: World) -> None:
        """Within the window a decline is undone by the one who declined."""
        _, receiver, request = await pending(world)
        await world.decline(receiver, request)

        await world.accept(receiver, request)

        assert [ConnectionStatus.ACTIVE] == [each.status for each in await world.all_connections()]

    async def test_a_decline_is_not_undone_while_a_newer_request_is_pending(self, world: World) -> None:
        """There is one request to answer at a time; the refusal says which."""
        sender, receiver, request = await pending(world)
        await world.decline(receiver, request)
        await world.ask(sender, receiver)

        with pytest.raises(NewerRequest):
            await world.accept(receiver, request)

        assert RequestStatus.DECLINED is (await world.request(request)).status

    async def test_a_decline_is_not_undone_once_the_two_are_connected(self, world: World) -> None:
        """The one who declined has asked in its turn, and was accepted."""
        sender, receiver, request = await pending(world)
        await world.decline(receiver, request)
        await world.ask(receiver, sender, EMPLOYER)
        await world.accept(sender, (await world.all_requests())[1].id)

        with pytest.raises(AlreadyConnected):
            await world.accept(receiver, request)

    async def test_an_expired_request_is_not_sent_again_once_the_two_are_connected(self, world: World) -> None:
        """The other side connected in the inverse role, which needs no acceptance."""
        member, owner = await two(world)
        organisation = await an_organisation(world.database, owner)
        await world.ask(member, organisation, ORGANISATION, ContactType.REAL_ORGANISATION.id)
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        await world.sending.connect(_asking(organisation, member, STAFF), by(owner))

        with pytest.raises(AlreadyConnected):
            await world.resend(member, (await world.all_requests())[0].id)

    async def test_a_sender_who_cancels_a_declined_request_ends_its_undo(self, world: World) -> None:
        """The receiver is told that it was cancelled."""
        sender, receiver, request = await pending(world)
        await world.decline(receiver, request)
        await world.cancel(sender, request)

        with pytest.raises(AlreadyCancelled):
            await world.accept(receiver, request)

    async def test_an_ignored_request_is_hidden_from_its_receiver_and_pending_to_its_sender(self, world: World) -> None:
        """Only the receiver's list changes; the sender's is the same, byte for byte."""
        sender, receiver, request = await pending(world)
        before = await world.sent(sender)

        await world.ignore(receiver, request)

        assert before == await world.sent(sender)
        assert [] == await world.received(receiver)
        assert [request] == [each.connection_request_id for each in await world.received(receiver, ignored=True)]

    async def test_no_mail_reaches_the_receiver_of_an_ignored_request(self, world: World) -> None:
        """A resend of it succeeds, and its letter is dropped when it is claimed."""
        sender, receiver, request = await pending(world)
        await world.ignore(receiver, request)
        world.pass_time(timedelta(minutes=6))

        await world.resend(sender, request)

        assert [Drop] == [type(each) for each in await world.facts_of_waiting_letters()]

    async def test_an_ignored_request_can_still_be_accepted(self, world: World) -> None:
        """The mark is no state."""
        _, receiver, request = await pending(world)
        await world.ignore(receiver, request)

        await world.accept(receiver, request)

        assert RequestStatus.ACCEPTED is (await world.request(request)).status

    async def test_after_a_cancel_nothing_waits_to_be_mailed(self, world: World) -> None:
        """Queued letters of a cancelled request are dropped."""
        sender, _, request = await pending(world)

        await world.cancel(sender, request)

        assert [] == await world.facts_of_waiting_letters()

    @pytest.mark.parametrize(("winner", "loser", "refusal"), [
        ("accept", "cancel", AlreadyAccepted),
        ("decline", "accept_later", AlreadyDeclined),
        ("cancel", "accept", AlreadyCancelled),
    ])  # fmt: skip
    async def test_the_loser_is_told_the_winner(
        self, world: World, winner: str, loser: str, refusal: type[ServiceError]
    ) -> None:
        """Another final state answers 409 with the state that won."""
        sender, receiver, request = await pending(world)
        acts = {"accept": receiver, "decline": receiver, "cancel": sender}
        await getattr(world, winner)(acts[winner], request)
        if loser == "accept_later":
            world.pass_time(timedelta(days=15))
            loser = "accept"

        with pytest.raises(refusal):
            await getattr(world, loser)(acts[loser], request)

    async def test_past_its_expiry_a_request_is_gone(self, world: World) -> None:
        """Even before the sweep."""
        _, receiver, request = await pending(world)
        world.pass_time(timedelta(days=14))

        with pytest.raises(RequestExpired):
            await world.accept(receiver, request)
        assert [] == await world.received(receiver)

    @pytest.mark.parametrize("act", ["accept", "decline", "ignore", "cancel"])
    async def test_a_strangers_answer_is_that_of_a_request_that_does_not_exist(self, world: World, act: str) -> None:
        """The two refusals are the same, word for word."""
        _, _, request = await pending(world)
        stranger = await world.person("stranger@example.com")

        with pytest.raises(RequestNotFound) as hidden:
            await getattr(world, act)(stranger, request)
        with pytest.raises(RequestNotFound) as missing:
            await getattr(world, act)(stranger, Guid("01900000-0000-7000-8000-000000000009"))

        assert missing.value.message == hidden.value.message

    @pytest.mark.parametrize(("act", "side"), [("cancel", 1), ("accept", 0), ("decline", 0), ("ignore", 0)])
    async def test_each_act_belongs_to_one_side(self, world: World, act: str, side: int) -> None:
        """The sender cannot answer, the receiver cannot withdraw."""
        sender, receiver, request = await pending(world)

        with pytest.raises(RequestNotFound):
            await getattr(world, act)((sender, receiver)[side], request)

    async def test_a_missing_action_is_refused(self, world: World) -> None:
        """Where the path does not say which act is meant, a guess would be dangerous."""
        _, receiver, request = await pending(world)
        message = ConnectionRequestStatusUpdate(connection_request_id=request, contact_id=receiver, role_id=EMPLOYEE)

        with pytest.raises(ServiceError) as refusal:
            await world.answering.update_request(message, by(receiver))

        assert "ActionRequired" == refusal.value.code

    async def test_somebody_who_was_granted_may_answer_for_an_organisation(self, world: World) -> None:
        """The journal says who acted, and for whom."""
        owner, sender = await two(world)
        organisation = await an_organisation(world.database, owner)
        clerk = await world.person("clerk@example.com")
        await grant(world, clerk, organisation)
        await world.sending.connect(
            _asking(sender, organisation, EMPLOYER, ContactType.REAL_ORGANISATION.id), by(sender)
        )
        request = (await world.all_requests())[0].id

        await world.accept(clerk, request)

        last = (await world.journal_of(request))[-1].entry
        assert ("accept", clerk, organisation) == (last.act, last.person, last.acted_for)


class TestEnding:
    """The end of a connection."""

    async def test_either_side_removes_an_active_connection_and_the_other_is_told(self, world: World) -> None:
        """It stays listable with IncludeRemoved."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)
        connection = (await world.all_connections())[0].id

        await world.remove(receiver, connection)

        assert [] == await world.connections(sender, receiver)
        removed = (await world.connections(sender, receiver, removed=True))[0]
        assert ("Removed", True) == (
            removed.connection_status_name,
            removed.contact and removed.contact.is_removed_contact,
        )
        told = await world.database.read(lambda tx: notices.latest(tx, sender, 10))
        assert ["removed", "accepted"] == [each.kind for each in told]

    async def test_cancelling_a_connection_is_cancelling_its_request(self, world: World) -> None:
        """The same act, reached from the list of connections."""
        sender, _, request = await pending(world)

        await world.cancel_connection(sender, (await world.all_connections())[0].id)

        assert RequestStatus.CANCELLED is (await world.request(request)).status
        assert ConnectionStatus.CANCELLED is (await world.all_connections())[0].status

    async def test_an_accepted_connection_is_not_cancelled(self, world: World) -> None:
        """A cancel that comes late says that it was accepted."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)

        with pytest.raises(AlreadyAccepted):
            await world.cancel_connection(sender, (await world.all_connections())[0].id)

    async def test_a_removed_connection_is_not_cancelled(self, world: World) -> None:
        """The state that won is named."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)
        connection = (await world.all_connections())[0].id
        await world.remove(sender, connection)

        with pytest.raises(AlreadyRemoved):
            await world.cancel_connection(sender, connection)

    async def test_the_receiver_cannot_cancel(self, world: World) -> None:
        """Only who asked may withdraw."""
        _, receiver, _ = await pending(world)

        with pytest.raises(ConnectionNotFound):
            await world.cancel_connection(receiver, (await world.all_connections())[0].id)

    @pytest.mark.parametrize("member", ["ContactId", "RoleId", "ContactTypeId"])
    async def test_a_name_that_does_not_fit_is_refused_and_nothing_happens(self, world: World, member: str) -> None:
        """Each of the three is a check; the member that is wrong is named."""
        sender, receiver, _ = await pending(world)
        connection = (await world.all_connections())[0]
        message = ConnectionStatusUpdate(
            connection_id=connection.id,
            contact_id=connection.id if member == "ContactId" else receiver,
            contact_type_id=connection.id if member == "ContactTypeId" else PERSON,
            role_id=connection.id if member == "RoleId" else EMPLOYEE,
            action="cancel",
        )

        with pytest.raises(WrongValue) as refusal:
            await world.answering.update_connection(message, by(sender))

        assert [member] == [error.field for error in refusal.value.fields]
        assert connection == (await world.all_connections())[0]

    async def test_without_an_action_an_older_connection_is_removed(self, world: World) -> None:
        """Most published clients use no route: then the status says what is meant."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)
        world.pass_time(timedelta(seconds=11))
        connection = (await world.all_connections())[0]
        message = ConnectionStatusUpdate(
            connection_id=connection.id, contact_id=receiver, contact_type_id=PERSON, role_id=EMPLOYEE
        )

        await world.answering.update_connection(message, by(sender))

        assert ConnectionStatus.REMOVED is (await world.all_connections())[0].status


class TestInvitations:
    """Requests that travel by mail."""

    async def test_an_invitation_looks_the_same_whether_or_not_somebody_is_registered(self, world: World) -> None:
        """What the sender sees is what the sender typed."""
        sender = await world.person("sender@example.com")
        await world.person(INVITED)
        await world.invite(sender, INVITED)
        await world.invite(sender, "Nobody@Example.com")

        unknown, known = (seen(each.contact) for each in await world.sent(sender))

        assert (INVITED, INVITED, VIRTUAL) == (known.contact_full_name, known.email_address, known.contact_type_id)
        assert "Nobody@Example.com" == unknown.email_address
        assert known.contact_type_id == unknown.contact_type_id

    async def test_only_who_has_verified_the_address_is_shown_the_request(self, world: World) -> None:
        """It appears when the address is verified, and to nobody else."""
        sender, other = await two(world)
        await world.invite(sender, INVITED)
        assert [] == await world.received(other)

        invited = await world.person(INVITED.lower())

        assert 1 == len(await world.received(invited))

    async def test_accepting_makes_the_invited_contact_the_one_who_accepts(self, world: World) -> None:
        """The virtual contact is merged into the real one, and the sender's list shows who it is."""
        sender = await world.person("sender@example.com")
        virtual = await world.invite(sender, INVITED)
        invited = await world.person(INVITED)

        await world.accept(invited, (await world.all_requests())[0].id)

        listed = await world.connections(sender, invited)
        assert [invited] == [each.contact.contact_id for each in listed if each.contact]
        assert virtual not in await world.database.read(lambda tx: _kept(tx, sender))

    async def test_accepting_an_invitation_twice_over_does_not_connect_twice(self, world: World) -> None:
        """Whoever is connected already is told so, and may decline the invitation."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)
        await world.invite(sender, "receiver@example.com")
        invitation = (await world.all_requests())[1].id

        with pytest.raises(AlreadyConnected):
            await world.accept(receiver, invitation)
        await world.decline(receiver, invitation)

        assert 1 == len(await world.connections(sender, receiver))

    async def test_an_invitation_gives_way_to_nothing_but_takes_the_place_of_a_pending_request(
        self, world: World
    ) -> None:
        """Of two pending requests between the same people in the same roles, one becomes the connection."""
        sender, receiver, request = await pending(world)
        await world.invite(sender, "receiver@example.com")

        await world.accept(receiver, (await world.all_requests())[1].id)

        assert RequestStatus.VOID is (await world.request(request)).status
        assert 1 == len(await world.connections(sender, receiver))

    async def test_nobody_invites_their_own_address(self, world: World) -> None:
        """That would be a connection with oneself."""
        sender = await world.person("sender@example.com")

        with pytest.raises(WrongValue):
            await world.invite(sender, "SENDER@example.com")

    async def test_the_id_of_the_request_alone_accepts_nothing(self, world: World) -> None:
        """The sender knows the id, so the mailed token is required."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)

        with pytest.raises(TokenRequired):
            await world.accept_by_token((await world.all_requests())[0].id, None)

    async def test_the_token_of_the_mail_accepts_without_an_account(self, world: World) -> None:
        """The contact stays virtual; once its person registers it becomes that person."""
        sender = await world.person("sender@example.com")
        virtual = await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id

        await world.accept_by_token(request, await world.token(request))

        assert ["Active"] == [
            each.connection_status_name for each in await world.connections(sender, virtual, kind=VIRTUAL)
        ]
        person = await world.person(INVITED)
        assert ["Active"] == [each.connection_status_name for each in await world.connections(sender, person)]

    async def test_a_token_never_works_after_a_resend(self, world: World) -> None:
        """The old link opens a page that says so, and nothing else."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id
        old = await world.token(request)
        world.pass_time(timedelta(minutes=6))
        await world.resend(sender, request)

        with pytest.raises(RequestNotFound):
            await world.accept_by_token(request, old)
        assert Sight.REPLACED is (await world.links.look(request, old)).sight
        assert Sight.OPEN is (await world.links.look(request, await world.token(request))).sight

    async def test_an_old_link_mails_the_current_one_again_within_the_limits(self, world: World) -> None:
        """It is the same token, and it counts as a sending."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id
        old = await world.token(request)
        world.pass_time(timedelta(minutes=6))
        await world.resend(sender, request)

        with pytest.raises(ResentTooSoon):
            await world.links.mail_again(request, old)
        world.pass_time(timedelta(minutes=6))
        await world.links.mail_again(request, old)

        assert [2] == [facts.token_version for facts in await world.facts_of_waiting_letters()]
        assert 2 == (await world.request(request)).resent_count

    async def test_a_used_link_says_so(self, world: World) -> None:
        """A second look finds the connection."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id
        token = await world.token(request)
        await world.accept_by_token(request, token)

        assert Sight.ACCEPTED is (await world.links.look(request, token)).sight

    async def test_a_link_that_is_not_genuine_finds_nothing(self, world: World) -> None:
        """A token of another request is none of this one."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)
        await world.invite(sender, "other@example.com")
        first, second = await world.all_requests()

        with pytest.raises(RequestNotFound):
            await world.links.look(first.id, world.invitations.token(second))


class TestBlocking:
    """What a contact sends that somebody has blocked."""

    async def test_to_the_blocked_sender_everything_looks_as_ever(self, world: World) -> None:
        """The sender's list is the same as that of somebody who is not blocked, ids and times apart."""
        sender, receiver = await two(world)
        other = await world.person("other@example.com", "Receiving")
        await world.block(receiver, sender)

        await world.ask(sender, receiver)
        await world.ask(sender, other)

        free, blocked = [_without_ids(each) for each in await world.sent(sender)]
        assert free == blocked

    async def test_nothing_of_it_reaches_the_one_who_blocked(self, world: World) -> None:
        """No mail, no row in the list of what was received."""
        sender, receiver = await two(world)
        await world.block(receiver, sender)

        await world.ask(sender, receiver)

        assert [] == await world.received(receiver)
        assert [Drop] == [type(each) for each in await world.facts_of_waiting_letters()]

    async def test_an_invitation_of_a_blocked_sender_reaches_nobody_either(self, world: World) -> None:
        """Whichever way round: the address may be registered before or after."""
        sender, receiver = await two(world)
        await world.block(receiver, sender)

        await world.invite(sender, "receiver@example.com")

        assert [] == await world.received(receiver)

    async def test_of_an_expired_request_that_is_sent_again_nothing_arrives_either(self, world: World) -> None:
        """The block came when nothing was pending; to the sender it is pending again."""
        sender, receiver, request = await pending(world)
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        await world.block(receiver, sender)

        await world.resend(sender, request)

        assert ["Pending"] == [model.connection_status_name for model in await world.sent(sender)]
        assert [] == await world.received(receiver)
        assert {(sender, "pending sent"): 1, (receiver, "ignored"): 1} == await world.totals()
        assert [Drop] == [type(each) for each in await world.facts_of_waiting_letters()][-1:]

    async def test_of_a_connection_that_needs_no_acceptance_it_is_told_nothing(self, world: World) -> None:
        """The connection is made as ever, without a notice and without a mail."""
        owner, staff = await two(world)
        organisation = await an_organisation(world.database, owner)
        await world.block(staff, organisation)

        await world.sending.connect(_asking(organisation, staff, STAFF), by(owner))

        assert [ConnectionStatus.ACTIVE] == [connection.status for connection in await world.all_connections()]
        assert [] == await world.facts_of_waiting_letters()

    async def test_a_block_hides_what_is_pending_and_ends_what_was_sent(self, world: World) -> None:
        """The blocked contact's request is ignored; one's own request to it is void."""
        sender, receiver, request = await pending(world)
        await world.ask(receiver, sender, SUBCONTRACTOR)

        await world.block(receiver, sender)

        assert [] == await world.received(receiver)
        assert RequestStatus.PENDING is (await world.request(request)).status
        assert [] == await world.received(sender)
        assert RequestStatus.VOID is (await world.all_requests())[1].status

    async def test_after_an_unblock_requests_arrive_again(self, world: World) -> None:
        """What is sent from then on is shown."""
        sender, receiver = await two(world)
        await world.block(receiver, sender)
        await world.unblock(receiver, sender)

        await world.ask(sender, receiver)

        assert 1 == len(await world.received(receiver))


def _without_ids(model: ContactConnectionModel) -> tuple[object, ...]:
    """What somebody sees of a request, ids and times apart."""
    contact = seen(model.contact)
    return (
        contact.contact_full_name,
        contact.email_address,
        model.connection_status_name,
        model.is_connection_request,
        model.allow_cancel,
        model.allow_remove,
    )


async def grant(world: World, person: Guid, contact: Guid) -> None:
    """Let a person act for a contact."""

    async def unit(tx: Transaction) -> Guid:
        return await grants.give(tx, NewGrant(person=person, contact=contact, scopes=Scope.ALL))

    await world.database.write(unit)


def seen(contact: ContactSummaryModel | None) -> ContactSummaryModel:
    """A contact that is shown."""
    assert contact is not None
    return contact


def _asking(sender: Guid, receiver: Guid, role: Guid, kind: Guid = PERSON) -> ConnectContactsInRoles:
    return ConnectContactsInRoles(
        contact_id=sender, to_contact_id=receiver, contact_type_id=kind, roles=[role], send_connection_emails=True
    )


async def _kept(tx: Transaction, keeper: Guid) -> list[Guid]:
    return await records.kept_by(tx, keeper)


GIVE_EMAIL = Command(update(contacts).where(contacts.c.id == bindparam("contact")).values(email="office@example.com"))


async def _reachable(tx: Transaction, contact: Guid) -> int:
    return await tx.execute(GIVE_EMAIL, contact=contact)
