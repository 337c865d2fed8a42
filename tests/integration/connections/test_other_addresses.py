"""A virtual contact that gets another address, and acceptances at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from tests.support.meetings import OWN_MAILBOX, accepted_by_own_mailbox, seen
from tests.support.world import VIRTUAL, World

from platform_api import contacts
from platform_api.connections.errors import AlreadyDeclined, NewerRequest
from platform_api.connections.services import prove_mailbox
from platform_api.connections.upkeep import expire_overdue
from platform_api.connections.wording import RequestFacts
from platform_api.contacts import AddressKept, Contact, WrongValue
from platform_api.roles.standard import SUBCONTRACTOR
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import Guid

VICTIM = "victim@example.com"


async def contact(world: World, contact_id: Guid) -> Contact:
    """A live contact."""
    found = await world.database.read(lambda tx: contacts.get_contact(tx, contact_id))
    assert found is not None
    return found


class TestAnotherAddress:
    """A virtual contact that gets another address."""

    async def test_while_nobody_has_accepted_it_stays_the_same_contact(self, world: World) -> None:
        """A mistyped address can be corrected after its invitation is cancelled."""
        sender = await world.person("sender@example.com")
        virtual = await world.invite(sender, "mistyped@example.com")
        await world.cancel(sender, (await world.all_requests())[0].id)

        assert virtual == await world.invite(sender, VICTIM, to=virtual)
        assert (VICTIM, VICTIM) == ((await contact(world, virtual)).address_key, (await contact(world, virtual)).email)

    async def test_while_an_invitation_is_pending_it_is_refused(self, world: World) -> None:
        """The former address can still answer."""
        sender = await world.person("sender@example.com")
        virtual = await world.invite(sender, "former@example.com")

        with pytest.raises(WrongValue):
            await world.invite(sender, VICTIM, to=virtual)

    async def test_an_address_that_is_kept_already_is_refused(self, world: World) -> None:
        """The keeper has two records, and has to name the right one."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, VICTIM)
        virtual = await world.invite(sender, "former@example.com")
        await world.cancel(sender, (await world.all_requests())[1].id)

        with pytest.raises(AddressKept):
            await world.invite(sender, VICTIM, to=virtual)

    async def test_the_same_invitation_again_finds_the_new_contact(self, world: World) -> None:
        """A call can be retried after a lost reply, even if the first one created another contact."""
        attacker, virtual = await accepted_by_own_mailbox(world)
        invited = await world.invite(attacker, VICTIM, to=virtual)

        assert invited == await world.invite(attacker, VICTIM, to=virtual)
        assert 2 == len(await world.all_requests())

    async def test_the_address_that_accepted_keeps_the_contact(self, world: World) -> None:
        """The record lost its address when the invitation was purged; the same mailbox is not another address."""
        attacker, virtual = await accepted_by_own_mailbox(world)
        await world.database.write(lambda tx: contacts.purge_address(tx, virtual))

        assert virtual == await world.invite(attacker, OWN_MAILBOX, SUBCONTRACTOR, to=virtual)

    async def test_an_expired_invitation_to_the_former_address_is_not_sent_again(self, world: World) -> None:
        """Its letter would be sent to the new address with a token that proves the former one."""
        attacker = await world.person("attacker@example.com")
        virtual = await world.invite(attacker, VICTIM)
        first = (await world.all_requests())[0].id
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        await world.invite(attacker, OWN_MAILBOX, SUBCONTRACTOR, to=virtual)

        with pytest.raises(NewerRequest):
            await world.resend(attacker, first)

        mailed = [facts for facts in await world.facts_of_waiting_letters() if isinstance(facts, RequestFacts)]
        assert [OWN_MAILBOX] == [facts.to for facts in mailed]
        token = await world.token(first)
        proof = await world.database.read(lambda tx: prove_mailbox(tx, world.invitations, token, VICTIM))
        assert None is proof

    async def test_a_letter_never_goes_to_another_address_than_its_token_proves(self, world: World) -> None:
        """This holds for every change of the record since the sending."""
        attacker = await world.person("attacker@example.com")
        virtual = await world.invite(attacker, VICTIM)
        await world.give_address(virtual, OWN_MAILBOX)

        assert OWN_MAILBOX not in [getattr(facts, "to", None) for facts in await world.facts_of_waiting_letters()]

    async def test_a_declined_invitation_to_the_former_address_cannot_be_accepted_any_more(self, world: World) -> None:
        """Otherwise two mailboxes would have consented for one contact."""
        sender, former = await world.person("sender@example.com"), await world.person("former@example.com")
        virtual = await world.invite(sender, "former@example.com")
        first = (await world.all_requests())[0].id
        await world.decline(former, first)
        await world.invite(sender, VICTIM, to=virtual)

        with pytest.raises(AlreadyDeclined):
            await world.accept(former, first)


class TestRaces:
    """An acceptance by the link at the same time as other changes of the record; each order has a consistent result."""

    @pytest.mark.parametrize("first", ["accept", "change the address"])
    async def test_an_acceptance_and_another_address(self, world: World, first: str) -> None:
        """Either the mailbox accepts for the record that was invited, or the keeper gets an error."""
        sender = await world.person("sender@example.com")
        virtual = await world.invite(sender, OWN_MAILBOX)
        request = (await world.all_requests())[0].id
        token = await world.token(request)
        acts: dict[str, Callable[[], Awaitable[object]]] = {
            "accept": lambda: world.accept_by_token(request, token),
            "change the address": lambda: world.invite(sender, VICTIM, to=virtual),
        }

        for act in sorted(acts, key=lambda name: name != first):
            await _attempt(acts[act])
        victim = await world.person(VICTIM)

        assert OWN_MAILBOX == (await contact(world, virtual)).address_key
        assert [] == await world.connections(sender, victim)
        assert 1 == len(await world.connections(sender, virtual, kind=VIRTUAL))

    @pytest.mark.parametrize("first", ["accept", "register"])
    async def test_an_acceptance_and_a_registration(self, world: World, first: str) -> None:
        """The person is connected in both orders, in their own name."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, VICTIM)
        request = (await world.all_requests())[0].id
        token = await world.token(request)
        acts: dict[str, Callable[[], Awaitable[object]]] = {
            "accept": lambda: world.accept_by_token(request, token),
            "register": lambda: world.person(VICTIM, "Victim"),
        }

        await asyncio.gather(*[acts[act]() for act in sorted(acts, key=lambda name: name != first)])

        names = [seen(model.contact).contact_full_name for model in await world.connections(sender, sender)]
        assert ["Victim Person"] == names


async def _attempt(act: Callable[[], Awaitable[object]]) -> int:
    """The status of the answer to an act."""
    try:
        await act()
    except ServiceError as refusal:
        return refusal.status
    return 200
