"""Answers to requests, and the end of connections."""

from datetime import timedelta

import pytest
from tests.support.contacts import an_organisation
from tests.support.meetings import asking, grant, pending, seen, two, withdraw
from tests.support.world import PERSON, World, by

from platform_api import notices
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
    Voided,
)
from platform_api.connections.messages import (
    ConnectionRequestStatusUpdate,
    ConnectionStatusUpdate,
)
from platform_api.connections.upkeep import expire_overdue
from platform_api.contacts import WrongValue
from platform_api.foundation.well_known import ConnectionStatus, ContactType, RequestStatus
from platform_api.mail.values import Withhold
from platform_api.roles.standard import EMPLOYEE, EMPLOYER, ORGANISATION, STAFF
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import Guid

ORGANISATION_TYPE = ContactType.REAL_ORGANISATION.id


class TestAnswering:
    """Accepting, declining, ignoring and cancelling a request."""

    async def test_accepting_makes_the_connection_active_and_tells_the_sender(self, world: World) -> None:
        """The sender gets a notice and a mail."""
        sender, receiver, request = await pending(world)

        await world.accept(receiver, request)

        assert ["Active"] == [each.connection_status_name for each in await world.connections(sender, receiver)]
        assert 1 == len(await world.database.read(lambda tx: notices.latest_notices(tx, sender, 10)))
        assert "sender@example.com" in [getattr(facts, "to", None) for facts in await world.facts_of_waiting_letters()]

    @pytest.mark.parametrize("mirrored", [True, False])
    async def test_what_allowed_the_sending_must_hold_at_the_acceptance(self, world: World, *, mirrored: bool) -> None:
        """A person who may no longer act for the organisation connects nobody with it, however the request is accepted."""
        owner, member = await two(world)
        clerk = await world.person("clerk@example.com")
        organisation = await an_organisation(world.database, owner)
        await grant(world, clerk, organisation)
        await world.sending.connect(asking(organisation, member, EMPLOYEE), by(clerk))
        request = (await world.all_requests())[0].id
        await withdraw(world, clerk, organisation)

        with pytest.raises(Voided):
            await (
                world.ask(member, organisation, EMPLOYER, ORGANISATION_TYPE)
                if mirrored
                else world.accept(member, request)
            )

        assert RequestStatus.PENDING is (await world.request(request)).status
        assert [ConnectionStatus.PENDING] == [each.status for each in await world.all_connections()]

    @pytest.mark.parametrize("by_link", [True, False])
    async def test_accepting_what_has_been_removed_is_refused(self, world: World, *, by_link: bool) -> None:
        """Success would mean that the two are connected. Before the removal, a repeated acceptance succeeds."""
        sender, receiver, request = await pending(world)
        token = await world.token(request)
        await world.accept(receiver, request)
        await world.accept(receiver, request)
        await world.remove(sender, (await world.all_connections())[0].id)

        with pytest.raises(AlreadyRemoved):
            await (world.accept_by_token(request, token) if by_link else world.accept(receiver, request))

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
        """Within the undo window, the contact that declined can still accept."""
        _, receiver, request = await pending(world)
        await world.decline(receiver, request)

        await world.accept(receiver, request)

        assert [ConnectionStatus.ACTIVE] == [each.status for each in await world.all_connections()]

    async def test_a_decline_is_not_undone_while_a_newer_request_is_pending(self, world: World) -> None:
        """There is one request to answer at a time, and the error names it."""
        sender, receiver, request = await pending(world)
        await world.decline(receiver, request)
        await world.ask(sender, receiver)

        with pytest.raises(NewerRequest):
            await world.accept(receiver, request)

        assert RequestStatus.DECLINED is (await world.request(request)).status

    async def test_a_decline_is_not_undone_once_the_two_are_connected(self, world: World) -> None:
        """The contact that declined has sent a request of its own, which was accepted."""
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
        await world.sending.connect(asking(organisation, member, STAFF), by(owner))

        with pytest.raises(AlreadyConnected):
            await world.resend(member, (await world.all_requests())[0].id)

    async def test_a_sender_who_cancels_a_declined_request_ends_its_undo(self, world: World) -> None:
        """The error names the new state."""
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

        assert [Withhold] == [type(each) for each in await world.facts_of_waiting_letters()]

    async def test_an_ignored_request_can_still_be_accepted(self, world: World) -> None:
        """The mark does not change the state."""
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
        """An act after another final state is 409, and the code names that state."""
        sender, receiver, request = await pending(world)
        acts = {"accept": receiver, "decline": receiver, "cancel": sender}
        await getattr(world, winner)(acts[winner], request)
        if loser == "accept_later":
            world.pass_time(timedelta(days=15))
            loser = "accept"

        with pytest.raises(refusal):
            await getattr(world, loser)(acts[loser], request)

    async def test_past_its_expiry_a_request_is_gone(self, world: World) -> None:
        """The answer is 410 even before the sweep has written the expiry."""
        _, receiver, request = await pending(world)
        world.pass_time(timedelta(days=14))

        with pytest.raises(RequestExpired):
            await world.accept(receiver, request)
        assert [] == await world.received(receiver)

    @pytest.mark.parametrize("act", ["accept", "decline", "ignore", "cancel"])
    async def test_a_strangers_answer_is_that_of_a_request_that_does_not_exist(self, world: World, act: str) -> None:
        """Both errors have the same text."""
        _, _, request = await pending(world)
        stranger = await world.person("stranger@example.com")

        with pytest.raises(RequestNotFound) as hidden:
            await getattr(world, act)(stranger, request)
        with pytest.raises(RequestNotFound) as missing:
            await getattr(world, act)(stranger, Guid("01900000-0000-7000-8000-000000000009"))

        assert missing.value.message == hidden.value.message

    @pytest.mark.parametrize(("act", "side"), [("cancel", 1), ("accept", 0), ("decline", 0), ("ignore", 0)])
    async def test_each_act_belongs_to_one_side(self, world: World, act: str, side: int) -> None:
        """The sender cannot answer, and the receiver cannot cancel."""
        sender, receiver, request = await pending(world)

        with pytest.raises(RequestNotFound):
            await getattr(world, act)((sender, receiver)[side], request)

    async def test_a_missing_action_is_refused(self, world: World) -> None:
        """If the route does not name the act, a guess could be harmful."""
        _, receiver, request = await pending(world)
        message = ConnectionRequestStatusUpdate(connection_request_id=request, contact_id=receiver, role_id=EMPLOYEE)

        with pytest.raises(ServiceError) as refusal:
            await world.answering.update_request(message, by(receiver))

        assert "ActionRequired" == refusal.value.code

    async def test_somebody_who_was_granted_may_answer_for_an_organisation(self, world: World) -> None:
        """The journal records the person and the contact acted for."""
        owner, sender = await two(world)
        organisation = await an_organisation(world.database, owner)
        clerk = await world.person("clerk@example.com")
        await grant(world, clerk, organisation)
        await world.sending.connect(
            asking(sender, organisation, EMPLOYER, ContactType.REAL_ORGANISATION.id), by(sender)
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
        told = await world.database.read(lambda tx: notices.latest_notices(tx, sender, 10))
        assert ["removed", "accepted"] == [each.kind for each in told]

    async def test_cancelling_a_connection_is_cancelling_its_request(self, world: World) -> None:
        """It is the same act, available in the list of connections."""
        sender, _, request = await pending(world)

        await world.cancel_connection(sender, (await world.all_connections())[0].id)

        assert RequestStatus.CANCELLED is (await world.request(request)).status
        assert ConnectionStatus.CANCELLED is (await world.all_connections())[0].status

    async def test_an_accepted_connection_is_not_cancelled(self, world: World) -> None:
        """A late cancel is refused, and the code names the acceptance."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)

        with pytest.raises(AlreadyAccepted):
            await world.cancel_connection(sender, (await world.all_connections())[0].id)

    async def test_a_removed_connection_is_not_cancelled(self, world: World) -> None:
        """The error names the state."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)
        connection = (await world.all_connections())[0].id
        await world.remove(sender, connection)

        with pytest.raises(AlreadyRemoved):
            await world.cancel_connection(sender, connection)

    async def test_the_receiver_cannot_cancel(self, world: World) -> None:
        """Only the sender may cancel."""
        _, receiver, _ = await pending(world)

        with pytest.raises(ConnectionNotFound):
            await world.cancel_connection(receiver, (await world.all_connections())[0].id)

    @pytest.mark.parametrize("member", ["ContactId", "RoleId", "ContactTypeId"])
    async def test_a_name_that_does_not_fit_is_refused_and_nothing_happens(self, world: World, member: str) -> None:
        """Each of the three ids is checked, and the error names the wrong member."""
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
        """Most published clients use no route; the status then decides."""
        sender, receiver, request = await pending(world)
        await world.accept(receiver, request)
        world.pass_time(timedelta(seconds=11))
        connection = (await world.all_connections())[0]
        message = ConnectionStatusUpdate(
            connection_id=connection.id, contact_id=receiver, contact_type_id=PERSON, role_id=EMPLOYEE
        )

        await world.answering.update_connection(message, by(sender))

        assert ConnectionStatus.REMOVED is (await world.all_connections())[0].status
