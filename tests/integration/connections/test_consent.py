"""Consent belongs to the mailbox that gave it, and a virtual contact never acts; a keeper can forge neither."""

from datetime import timedelta

import pytest
from tests.support.contacts import an_organisation
from tests.support.meetings import OWN_MAILBOX, accepted_by_own_mailbox, asking, seen
from tests.support.world import VIRTUAL, World, by

from platform_api import contacts
from platform_api.connections.errors import RequestNotFound
from platform_api.connections.messages import BlockContact, ConnectionStatusUpdate, InviteContact
from platform_api.connections.values import Act
from platform_api.contacts import NAME_WITHOUT_ADDRESS, Contact, ContactNotFound
from platform_api.foundation.well_known import ConnectionStatus, ContactType, RequestStatus
from platform_api.roles.standard import BUSINESS_CONTACT, EMPLOYEE, EMPLOYER, STAFF, SUBCONTRACTOR
from servicehost.contract.scalars import Guid

VICTIM = "victim@example.com"
ORGANISATION = ContactType.REAL_ORGANISATION.id


async def statuses(world: World) -> list[ConnectionStatus]:
    """The statuses of all connections, in the order of their creation."""
    return [connection.status for connection in await world.all_connections()]


async def contact(world: World, contact_id: Guid) -> Contact:
    """A live contact."""
    found = await world.database.read(lambda tx: contacts.get_contact(tx, contact_id))
    assert found is not None
    return found


class TestForgeries:
    """Ways in which a keeper could once forge the consent of a person whom it invited."""

    async def test_another_address_makes_another_contact_once_a_mailbox_has_accepted(self, world: World) -> None:
        """The acceptance of an attacker's own mailbox is not passed on to the person whom the attacker invites next."""
        attacker, virtual = await accepted_by_own_mailbox(world)

        invited = await world.invite(attacker, VICTIM, to=virtual)
        victim = await world.person(VICTIM, "Victim")

        assert virtual != invited
        assert (OWN_MAILBOX, VICTIM) == ((await contact(world, virtual)).email, (await contact(world, invited)).email)
        assert [] == await world.connections(attacker, victim)
        assert [ConnectionStatus.ACTIVE, ConnectionStatus.PENDING] == await statuses(world)

    async def test_a_keeper_cannot_mirror_its_own_request(self, world: World) -> None:
        """A request from the virtual contact back to its keeper would accept the invitation."""
        attacker = await world.person("attacker@example.com")
        virtual = await world.invite(attacker, VICTIM)

        with pytest.raises(ContactNotFound):
            await world.sending.connect(asking(virtual, attacker, EMPLOYER), by(attacker))

        assert [ConnectionStatus.PENDING] == await statuses(world)

    async def test_a_keeper_cannot_send_in_the_name_of_its_virtual_contact(self, world: World) -> None:
        """It may send neither to contacts nor to addresses; the request would become that of the person who claims the record."""
        attacker, third = await world.person("attacker@example.com"), await world.person("third@example.com")
        virtual = await world.invite(attacker, VICTIM)

        with pytest.raises(ContactNotFound):
            await world.sending.connect(asking(virtual, third, EMPLOYEE), by(attacker))
        with pytest.raises(ContactNotFound):
            await world.sending.invite(
                InviteContact(contact_id=virtual, email_address="fourth@example.com", roles=[EMPLOYEE]), by(attacker)
            )

        assert 1 == len(await world.all_connections())

    async def test_a_keeper_cannot_block_in_the_name_of_its_virtual_contact(self, world: World) -> None:
        """A private mark is an act as well."""
        attacker, third = await world.person("attacker@example.com"), await world.person("third@example.com")
        virtual = await world.invite(attacker, VICTIM)

        with pytest.raises(ContactNotFound):
            await world.blocking.block(BlockContact(contact_id=virtual, blocked_contact_id=third), by(attacker))

    @pytest.mark.parametrize("act", ["accept", "decline", "ignore"])
    async def test_a_keeper_cannot_answer_for_its_virtual_contact(self, world: World, act: str) -> None:
        """Only the mailbox can answer, with or without an account."""
        attacker = await world.person("attacker@example.com")
        await world.invite(attacker, VICTIM)

        with pytest.raises(RequestNotFound):
            await getattr(world, act)(attacker, (await world.all_requests())[0].id)

    async def test_a_keeper_removes_a_connection_with_its_record_as_itself(self, world: World) -> None:
        """The message names the record, and the journal records that the keeper acted for itself."""
        attacker, virtual = await accepted_by_own_mailbox(world)
        connection = (await world.all_connections())[0].id
        message = ConnectionStatusUpdate(
            connection_id=connection, contact_id=virtual, contact_type_id=VIRTUAL, role_id=EMPLOYEE, action="remove"
        )

        await world.answering.update_connection(message, by(attacker))

        last = (await world.journal_of(connection))[-1].entry
        assert ("remove", attacker, attacker) == (last.act, last.person, last.acted_for)


class TestAcceptance:
    """The data that an acceptance records."""

    @pytest.mark.parametrize("registered", [True, False])
    async def test_an_invitation_records_the_mailbox_that_accepted(self, world: World, *, registered: bool) -> None:
        """After a sign-in and by the link alike, it is the key of the invited address. The journal records which of the two it was."""
        sender = await world.person("sender@example.com")
        virtual = await world.invite(sender, "Victim@EXAMPLE.com")
        request = (await world.all_requests())[0].id
        if registered:
            await world.accept(await world.person(VICTIM), request)
        else:
            await world.accept_by_token(request, await world.token(request))

        entry = (await world.journal_of(request))[-1].entry
        assert VICTIM == (await world.request(request)).accepted_key
        assert entry.act == (Act.ACCEPT if registered else Act.ACCEPT_BY_MAIL)
        assert registered is (entry.acted_for != virtual)

    @pytest.mark.parametrize("mirrored", [True, False])
    async def test_between_known_contacts_no_mailbox_is_recorded(self, world: World, *, mirrored: bool) -> None:
        """The contact itself has accepted after a sign-in."""
        sender, receiver = await world.person("sender@example.com"), await world.person("receiver@example.com")
        await world.ask(sender, receiver)
        request = (await world.all_requests())[0].id

        await (world.ask(receiver, sender, EMPLOYER) if mirrored else world.accept(receiver, request))

        found = await world.request(request)
        assert (RequestStatus.ACCEPTED, None) == (found.status, found.accepted_key)

    async def test_the_link_of_a_request_to_a_member_records_the_address_that_it_went_to(self, world: World) -> None:
        """The token proves only that mailbox."""
        sender, receiver = await world.person("sender@example.com"), await world.person("receiver@example.com")
        await world.ask(sender, receiver)
        request = (await world.all_requests())[0].id

        await world.accept_by_token(request, await world.token(request))

        assert "receiver@example.com" == (await world.request(request)).accepted_key


class TestTakingOver:
    """The requests and connections of a virtual contact after its person has registered."""

    async def test_what_another_mailbox_accepted_ends(self, world: World) -> None:
        """A record whose address was changed after an acceptance, as older versions allowed."""
        attacker, virtual = await accepted_by_own_mailbox(world)
        await world.give_address(virtual, VICTIM)
        await world.invite(attacker, VICTIM, SUBCONTRACTOR, to=virtual)
        victim = await world.person(VICTIM, "Victim")

        assert [] == await world.connections(attacker, victim)
        await world.accept(victim, (await world.all_requests())[1].id)

        assert [ConnectionStatus.REMOVED, ConnectionStatus.ACTIVE] == await statuses(world)
        listed = await world.connections(attacker, victim, removed=True)
        assert ["Subcontractor"] == [model.contact_role_name for model in listed]
        assert (virtual, victim) == tuple([each.receiver_id for each in await world.all_connections()])

    async def test_a_connection_that_nobody_was_asked_for_ends(self, world: World) -> None:
        """The keeper made it alone, in a role without acceptance. After the claim it can send a request."""
        owner = await world.person("owner@example.com")
        organisation = await an_organisation(world.database, owner)
        for role in (STAFF, EMPLOYEE):
            await world.sending.invite(
                InviteContact(contact_id=organisation, email_address=VICTIM, roles=[role]), by(owner)
            )
        victim = await world.person(VICTIM)
        made, asked = await world.all_connections()

        await world.accept(victim, (await world.all_requests())[0].id)

        assert [ConnectionStatus.REMOVED, ConnectionStatus.ACTIVE] == await statuses(world)
        entries = [recorded.entry for recorded in await world.journal_of(made.id)]
        assert [("connect", "Active"), ("remove", "Removed")] == [(entry.act, entry.after) for entry in entries]
        assert None is entries[-1].person
        assert [asked.id] == [each.connection_id for each in await world.connections(victim, victim, removed=True)]

    async def test_open_invitations_to_the_address_are_taken_over(self, world: World) -> None:
        """The person can answer them, and the keeper's list then shows the person's name."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, VICTIM, EMPLOYEE)
        await world.invite(sender, VICTIM, SUBCONTRACTOR)
        victim = await world.person(VICTIM)
        first, second = (request.id for request in await world.all_requests())

        await world.accept(victim, first)

        assert [second] == [model.connection_request_id for model in await world.received(victim)]
        assert victim == (await world.request(second)).receiver_id

    async def test_what_was_sent_in_its_name_ends(self, world: World) -> None:
        """Requests that older versions let a keeper send as the record: pending, expired and accepted ones."""
        attacker, third = await world.person("attacker@example.com"), await world.person("third@example.com")
        virtual = await world.invite(attacker, VICTIM)
        await world.ask(attacker, third, EMPLOYEE)
        await world.ask(attacker, third, SUBCONTRACTOR)
        await world.ask(attacker, third, BUSINESS_CONTACT)
        await world.accept(third, (await world.all_requests())[3].id)
        invitation, *forged = await world.all_requests()
        for request in forged:
            await world.forge_sender(request, virtual)
        world.pass_time(timedelta(days=1))
        victim = await world.person(VICTIM)

        await world.accept(victim, invitation.id)

        assert [RequestStatus.VOID, RequestStatus.VOID, RequestStatus.ACCEPTED] == [
            (await world.request(request.id)).status for request in forged
        ]
        assert [ConnectionStatus.ACTIVE, ConnectionStatus.VOID, ConnectionStatus.VOID, ConnectionStatus.REMOVED] == (
            await statuses(world)
        )
        assert [attacker] == [
            seen(model.contact).contact_id for model in await world.connections(victim, victim, removed=True)
        ]

    async def test_what_remains_of_the_record_has_a_name(self, world: World) -> None:
        """The keeper's history names the record without the data that the keeper entered."""
        owner = await world.person("owner@example.com")
        organisation = await an_organisation(world.database, owner)
        for role in (STAFF, EMPLOYEE):
            await world.sending.invite(
                InviteContact(contact_id=organisation, email_address=VICTIM, roles=[role]), by(owner)
            )
        victim = await world.person(VICTIM, "Victim")
        await world.accept(victim, (await world.all_requests())[0].id)

        listed = await world.connections(organisation, organisation, removed=True, kind=ORGANISATION, caller=owner)

        names = [seen(model.contact).contact_full_name for model in listed]
        assert ["Victim Person", NAME_WITHOUT_ADDRESS] == names
