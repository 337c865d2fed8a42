"""The contact behind an invited address is known only to itself until it accepts."""

from datetime import timedelta

import pytest
from tests.support.contacts import an_organisation
from tests.support.world import PERSON, World, by

from platform_api.connections.errors import Voided
from platform_api.connections.messages import ConnectionRequestStatusUpdate, ConnectionStatusUpdate, InviteContact
from platform_api.connections.upkeep import expire_overdue
from platform_api.connections.wording import RequestFacts
from platform_api.contacts import WrongValue
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from platform_api.roles.standard import EMPLOYEE, SUBCONTRACTOR
from servicehost.contract.scalars import Guid

INVITED = "Invited@Example.com"


class TestAnExpiredInvitation:
    """Events between the expiry of an invitation and the next sending."""

    async def test_it_is_shown_to_whoever_has_registered_since_once_it_is_sent_again(self, world: World) -> None:
        """Requests to an address are shown to the contact that has verified it, whatever their age."""
        sender = await world.person("sender@example.com")
        record = await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        invited = await world.person(INVITED)

        await world.resend(sender, request)

        assert [request] == [model.connection_request_id for model in await world.received(invited)]
        assert {
            (sender, "connections"): 1,
            (sender, "pending sent VP"): 1,
            (record, "connections"): 1,
            (invited, "received RP"): 1,
        } == await world.totals()


class TestAnotherInvitation:
    """Other invitations to an address whose owner has accepted one."""

    @pytest.mark.parametrize("expired", [False, True])
    async def test_it_can_be_sent_again_and_reaches_them(self, world: World, expired: bool) -> None:
        """The sender's record was merged; the mail is sent to the address of the person."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED, EMPLOYEE)
        world.pass_time(timedelta(days=15 if expired else 1))
        await world.database.write(expire_overdue)
        await world.invite(sender, INVITED, SUBCONTRACTOR)
        invited = await world.person(INVITED, "Invited")
        first, second = (request.id for request in await world.all_requests())
        await world.accept(invited, second)

        await world.resend(sender, first)

        waiting = [each for each in await world.facts_of_waiting_letters() if isinstance(each, RequestFacts)]
        assert [(INVITED, first)] == [(facts.to, facts.request_id) for facts in waiting]
        assert [first] == [model.connection_request_id for model in await world.received(invited)]

    async def test_once_it_has_expired_it_names_whom_the_record_became(self, world: World) -> None:
        """Each row in the list of sent requests has a name."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED, EMPLOYEE)
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        await world.invite(sender, INVITED, SUBCONTRACTOR)
        invited = await world.person(INVITED, "Invited")
        await world.accept(invited, (await world.all_requests())[1].id)

        contacts = [model.contact for model in await world.sent(sender)]

        assert ["Invited Person"] == [contact.contact_full_name for contact in contacts if contact]


class TestWhoIsBehindAnAddress:
    """Attempts of a sender to learn who owns an invited address."""

    @pytest.mark.parametrize("act", ["resend", "cancel the request", "cancel the connection"])
    async def test_naming_whoever_has_the_address_is_refused_like_naming_anybody_else(
        self, world: World, act: str
    ) -> None:
        """If only the ContactId of the owner fitted, it would reveal the owner."""
        sender, invited = await world.person("sender@example.com"), await world.person(INVITED)
        await world.invite(sender, INVITED)
        world.pass_time(timedelta(minutes=6))

        with pytest.raises(WrongValue) as refusal:
            await _act_naming(world, act, sender, invited)

        assert ["ContactId"] == [error.field for error in refusal.value.fields]

    async def test_the_type_of_whoever_has_the_address_is_refused_as_if_nobody_had_it(self, world: World) -> None:
        """To an organisation, the type Real Person at the other end would reveal a registration."""
        owner = await world.person("owner@example.com")
        await world.person(INVITED)
        organisation = await an_organisation(world.database, owner)
        invitation = InviteContact(contact_id=organisation, email_address=INVITED, roles=[EMPLOYEE])
        await world.sending.invite(invitation, by(owner))
        connection = (await world.all_connections())[0]
        message = ConnectionStatusUpdate(
            connection_id=connection.id,
            contact_id=organisation,
            contact_type_id=PERSON,
            role_id=EMPLOYEE,
            action="cancel",
        )

        with pytest.raises(WrongValue) as refusal:
            await world.answering.update_connection(message, by(owner))

        assert ["ContactTypeId"] == [error.field for error in refusal.value.fields]

    async def test_whoever_has_the_address_may_name_its_own_contact(self, world: World) -> None:
        """The invited contact knows its own id."""
        sender, invited = await world.person("sender@example.com"), await world.person(INVITED)
        await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id
        message = ConnectionRequestStatusUpdate(
            connection_request_id=request, contact_id=invited, role_id=EMPLOYEE, action="decline"
        )

        await world.answering.update_request(message, by(invited))

        assert RequestStatus.DECLINED is (await world.request(request)).status

    async def test_blocking_somebody_does_not_end_an_invitation_to_their_address(self, world: World) -> None:
        """Its end would reveal the owner of the address."""
        sender, invited = await world.person("sender@example.com"), await world.person(INVITED)
        await world.invite(sender, INVITED)

        await world.block(sender, invited)

        assert ["Pending"] == [model.connection_status_name for model in await world.sent(sender)]

    async def test_whom_the_sender_has_blocked_cannot_accept_its_invitation(self, world: World) -> None:
        """The sender has blocked the contact, and could not know that it owns the invited address."""
        sender, invited = await world.person("sender@example.com"), await world.person(INVITED)
        await world.invite(sender, INVITED)
        await world.block(sender, invited)

        with pytest.raises(Voided):
            await world.accept(invited, (await world.all_requests())[0].id)

        assert [ConnectionStatus.PENDING] == [connection.status for connection in await world.all_connections()]


async def _act_naming(world: World, act: str, sender: Guid, named: Guid) -> None:
    """An act of a sender on its request, with a ContactId."""
    request, connection = (await world.all_requests())[0], (await world.all_connections())[0]
    match act:
        case "resend":
            await world.resend(sender, request.id, named)
        case "cancel the request":
            await world.answering.update_request(
                ConnectionRequestStatusUpdate(
                    connection_request_id=request.id, contact_id=named, role_id=EMPLOYEE, action="cancel"
                ),
                by(sender),
            )
        case _:
            await world.answering.update_connection(
                ConnectionStatusUpdate(
                    connection_id=connection.id,
                    contact_id=named,
                    contact_type_id=PERSON,
                    role_id=EMPLOYEE,
                    action="cancel",
                ),
                by(sender),
            )
