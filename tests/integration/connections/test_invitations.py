"""Requests to addresses."""

from datetime import timedelta

import pytest
from tests.support.meetings import pending, seen, two
from tests.support.world import VIRTUAL, World

from platform_api import contacts
from platform_api.connections.errors import (
    AlreadyConnected,
    RequestNotFound,
    ResentTooSoon,
    TokenRequired,
)
from platform_api.connections.links import LinkState
from platform_api.contacts import WrongValue
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import RequestStatus
from servicehost.contract.scalars import Guid

INVITED = "Invited@Example.com"


class TestInvitations:
    """Requests to addresses."""

    async def test_an_invitation_looks_the_same_whether_or_not_somebody_is_registered(self, world: World) -> None:
        """The sender sees only the data that the sender typed."""
        sender = await world.person("sender@example.com")
        await world.person(INVITED)
        await world.invite(sender, INVITED)
        await world.invite(sender, "Nobody@Example.com")

        unknown, known = (seen(each.contact) for each in await world.sent(sender))

        assert (INVITED, INVITED, VIRTUAL) == (known.contact_full_name, known.email_address, known.contact_type_id)
        assert "Nobody@Example.com" == unknown.email_address
        assert known.contact_type_id == unknown.contact_type_id

    async def test_only_who_has_verified_the_address_is_shown_the_request(self, world: World) -> None:
        """It appears when the address is verified, and to no other contact."""
        sender, other = await two(world)
        await world.invite(sender, INVITED)
        assert [] == await world.received(other)

        invited = await world.person(INVITED.lower())

        assert 1 == len(await world.received(invited))

    async def test_accepting_makes_the_invited_contact_the_one_who_accepts(self, world: World) -> None:
        """The virtual contact is merged into the real one, and the sender's list shows its name."""
        sender = await world.person("sender@example.com")
        virtual = await world.invite(sender, INVITED)
        invited = await world.person(INVITED)

        await world.accept(invited, (await world.all_requests())[0].id)

        listed = await world.connections(sender, invited)
        assert [invited] == [each.contact.contact_id for each in listed if each.contact]
        assert virtual not in await world.database.read(lambda tx: _kept(tx, sender))

    async def test_accepting_an_invitation_twice_over_does_not_connect_twice(self, world: World) -> None:
        """A contact that is connected already gets an error, and may decline the invitation."""
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
        """It would be a connection of a contact with itself."""
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
        """The contact stays virtual until its person registers."""
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
        """The old link only opens a page that says so."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id
        old = await world.token(request)
        world.pass_time(timedelta(minutes=6))
        await world.resend(sender, request)

        with pytest.raises(RequestNotFound):
            await world.accept_by_token(request, old)
        assert LinkState.REPLACED is (await world.links.preview(request, old)).state
        assert LinkState.OPEN is (await world.links.preview(request, await world.token(request))).state

    async def test_an_old_link_mails_the_current_one_again_within_the_limits(self, world: World) -> None:
        """It is the same token, and the limits of a resend hold for it."""
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
        again = await world.request(request)
        assert (1, 1) == (again.resent_count, again.mailed_again_count)

    async def test_a_used_link_says_so(self, world: World) -> None:
        """The preview shows the acceptance."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)
        request = (await world.all_requests())[0].id
        token = await world.token(request)
        await world.accept_by_token(request, token)

        assert LinkState.ACCEPTED is (await world.links.preview(request, token)).state

    async def test_a_link_that_is_not_genuine_finds_nothing(self, world: World) -> None:
        """A token of another request is not genuine for this one."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, INVITED)
        await world.invite(sender, "other@example.com")
        first, second = await world.all_requests()

        with pytest.raises(RequestNotFound):
            await world.links.preview(first.id, world.invitations.token(second))


async def _kept(tx: Transaction, keeper: Guid) -> list[Guid]:
    return await contacts.kept_by(tx, keeper)
