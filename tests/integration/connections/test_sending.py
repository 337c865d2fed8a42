"""Sending and resending of requests."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, update
from tests.support.contacts import an_organisation
from tests.support.meetings import asking, pending, seen, two
from tests.support.world import VIRTUAL, World, by

from platform_api.connections.errors import (
    RequestNotFound,
    ResentTooSoon,
    TooManyPending,
)
from platform_api.connections.settings import Terms
from platform_api.connections.upkeep import expire_overdue
from platform_api.contacts import ContactNotFound, TooManyContacts, WrongValue
from platform_api.contacts.tables import contacts
from platform_api.database.statements import Command
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import ConnectionStatus, ContactType, RequestStatus
from platform_api.limits import QuotaExceeded
from platform_api.roles.standard import EMPLOYEE, EMPLOYER, ORGANISATION, STAFF, SUBCONTRACTOR
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import Guid


class TestSending:
    """Sending of requests."""

    async def test_a_request_makes_a_pending_connection_and_a_pending_request(self, world: World) -> None:
        """Both are created in one transaction, and each side lists them."""
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
        """A request of the receiver to the sender in the inverse role is an acceptance."""
        sender, receiver, request = await pending(world)

        await world.ask(receiver, sender, EMPLOYER)

        assert [ConnectionStatus.ACTIVE] == [connection.status for connection in await world.all_connections()]
        assert RequestStatus.ACCEPTED is (await world.request(request)).status

    async def test_a_role_that_needs_no_acceptance_connects_at_once(self, world: World) -> None:
        """An organisation connects its staff without acceptance, and they are notified."""
        owner, staff = await two(world)
        organisation = await an_organisation(world.database, owner)

        await world.sending.connect(asking(organisation, staff, STAFF), by(owner))

        assert [ConnectionStatus.ACTIVE] == [connection.status for connection in await world.all_connections()]
        assert [] == await world.all_requests()
        assert ["receiver@example.com"] == [facts.to for facts in await world.facts_of_waiting_letters()]

    async def test_whom_nobody_asked_shows_nothing_private(self, world: World) -> None:
        """A connection in a role without acceptance does not show the telephone number to the side that made it."""
        owner, staff = await two(world)
        organisation = await an_organisation(world.database, owner)
        await world.database.write(lambda tx: _reachable(tx, organisation))
        await world.sending.connect(asking(organisation, staff, STAFF), by(owner))

        maker_sees = (await world.connections(organisation, staff, caller=owner))[0].contact
        staff_sees = (await world.connections(staff, organisation, kind=ContactType.REAL_ORGANISATION.id))[0].contact

        assert (None, None) == (seen(maker_sees).mobile_number, seen(maker_sees).email_address)
        assert "office@example.com" == seen(staff_sees).email_address

    @pytest.mark.parametrize("roles", [[], [ORGANISATION], ["00000000-0000-4000-8000-000000000099"]])
    async def test_roles_that_are_not_possible_are_refused(self, world: World, roles: list[Guid]) -> None:
        """Without a role, with a role for organisations and with an unknown id, the error names the member."""
        sender, receiver = await two(world)
        message = asking(sender, receiver, EMPLOYEE)
        message.roles = roles

        with pytest.raises(WrongValue) as refusal:
            await world.sending.connect(message, by(sender))

        assert ["Roles"] == [error.field for error in refusal.value.fields]

    async def test_nobody_connects_with_themselves(self, world: World) -> None:
        """The error names ToContactId."""
        sender, _ = await two(world)

        with pytest.raises(WrongValue):
            await world.ask(sender, sender)

    async def test_the_type_of_the_other_contact_is_a_check(self, world: World) -> None:
        """A wrong ContactTypeId is probably meant for another contact."""
        sender, receiver = await two(world)

        with pytest.raises(WrongValue):
            await world.ask(sender, receiver, kind=VIRTUAL)

    async def test_nobody_sends_for_a_contact_that_is_not_theirs(self, world: World) -> None:
        """Without a grant the answer is the same as for a contact that does not exist."""
        sender, receiver = await two(world)

        with pytest.raises(ContactNotFound):
            await world.sending.connect(asking(receiver, sender, EMPLOYEE), by(sender))

    async def test_quotas_refuse_with_the_time_to_wait(self) -> None:
        """A sending beyond the quota is refused with the time to wait."""
        world = World(limit=1)
        sender, receiver, _ = await pending(world)

        with pytest.raises(QuotaExceeded) as refusal:
            await world.ask(sender, receiver, SUBCONTRACTOR)

        assert "3600" == refusal.value.headers["Retry-After"]
        world.close()

    async def test_a_sender_has_only_so_many_pending_requests(self) -> None:
        """The limit counts the requests that are pending now."""
        world = World(Terms(pending=1))
        sender, receiver, request = await pending(world)

        with pytest.raises(TooManyPending):
            await world.ask(sender, receiver, SUBCONTRACTOR)
        await world.cancel(sender, request)
        await world.ask(sender, receiver, SUBCONTRACTOR)

        assert 2 == len(await world.all_requests())
        world.close()

    async def test_sending_expired_requests_again_is_no_way_round_the_limit(self) -> None:
        """An expired request does not count until it is sent again. A pending request counts once."""
        world = World(Terms(pending=1))
        sender, receiver, request = await pending(world)
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        await world.ask(sender, receiver, SUBCONTRACTOR)
        newer = (await world.all_requests())[-1].id

        with pytest.raises(TooManyPending):
            await world.resend(sender, request)
        world.pass_time(timedelta(minutes=6))
        await world.resend(sender, newer)
        await world.cancel(sender, newer)
        await world.resend(sender, request)

        statuses = [each.status for each in await world.all_requests()]
        assert [RequestStatus.PENDING, RequestStatus.CANCELLED] == statuses
        world.close()

    async def test_a_contact_keeps_only_so_many_whom_it_invited(self) -> None:
        """An invitation to a new address counts; one to an address that is kept already does not."""
        world = World(Terms(kept=1))
        sender = await world.person("sender@example.com")
        first = await world.invite(sender, "first@example.com")

        with pytest.raises(TooManyContacts):
            await world.invite(sender, "second@example.com")

        assert first == await world.invite(sender, "FIRST@example.com")
        assert 1 == len(await world.all_requests())
        world.close()


class TestResending:
    """Resending of requests."""

    async def test_a_resend_kills_the_old_token_and_mails_the_next(self, world: World) -> None:
        """One letter waits, with the next version; the letter of the version before is dropped."""
        sender, _, request = await pending(world)
        world.pass_time(timedelta(minutes=6))

        await world.resend(sender, request)

        assert [2] == [facts.token_version for facts in await world.facts_of_waiting_letters()]

    async def test_a_resend_within_the_cooldown_is_refused_and_changes_nothing(self, world: World) -> None:
        """The row does not change."""
        sender, _, request = await pending(world)
        before = await world.request(request)

        with pytest.raises(ResentTooSoon):
            await world.resend(sender, request)

        assert before == await world.request(request)

    async def test_an_expired_request_is_pending_again_after_a_resend(self, world: World) -> None:
        """The connection is pending too, and the receiver sees the request again."""
        sender, receiver, request = await pending(world)
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        assert ["Expired"] == [each.connection_status_name for each in await world.sent(sender)]

        await world.resend(sender, request)

        assert [request] == [each.connection_request_id for each in await world.received(receiver)]
        assert [ConnectionStatus.PENDING] == [each.status for each in await world.all_connections()]

    async def test_a_new_sending_takes_the_place_of_an_expired_one(self, world: World) -> None:
        """The old request cannot be sent again, so a key has one live request."""
        sender, receiver, request = await pending(world)
        world.pass_time(timedelta(days=15))
        await world.ask(sender, receiver)

        with pytest.raises(ServiceError) as refusal:
            await world.resend(sender, request)

        assert "NewerRequest" == refusal.value.code
        assert 1 == len(await world.sent(sender))

    async def test_only_the_senders_side_sends_again(self, world: World) -> None:
        """To all others, including the receiver, the request does not exist."""
        _, receiver, request = await pending(world)

        with pytest.raises(RequestNotFound):
            await world.resend(receiver, request)

    async def test_the_contact_named_must_be_one_of_the_two(self, world: World) -> None:
        """ContactId is checked."""
        sender, _, request = await pending(world)
        stranger = await world.person("stranger@example.com")
        world.pass_time(timedelta(minutes=6))

        with pytest.raises(WrongValue):
            await world.resend(sender, request, contact=stranger)


GIVE_EMAIL = Command(update(contacts).where(contacts.c.id == bindparam("contact")).values(email="office@example.com"))


async def _reachable(tx: Transaction, contact: Guid) -> int:
    return await tx.execute(GIVE_EMAIL, contact=contact)
