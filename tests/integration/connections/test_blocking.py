"""Requests of a blocked contact."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.contacts import an_organisation
from tests.support.meetings import asking, pending, seen, two
from tests.support.world import World, by

from platform_api import notices
from platform_api.connections.upkeep import expire_overdue
from platform_api.connections.wording import RequestFacts
from platform_api.database.sqlite.transaction import DIALECT
from platform_api.database.statements import Command, Query
from platform_api.directory import ContactConnectionModel
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from platform_api.mail.values import Withhold
from platform_api.roles.standard import STAFF, SUBCONTRACTOR


class TestBlocking:
    """Requests of a blocked contact."""

    async def test_to_the_blocked_sender_everything_looks_as_ever(self, world: World) -> None:
        """The sender's list equals the list of a sender who is not blocked, except for ids and times."""
        sender, receiver = await two(world)
        other = await world.person("other@example.com", "Receiving")
        await world.block(receiver, sender)

        await world.ask(sender, receiver)
        await world.ask(sender, other)

        free, blocked = [_without_ids(each) for each in await world.sent(sender)]
        assert free == blocked

    async def test_nothing_of_it_reaches_the_one_who_blocked(self, world: World) -> None:
        """There is no mail and no row in the list of received requests."""
        sender, receiver = await two(world)
        await world.block(receiver, sender)

        await world.ask(sender, receiver)

        assert [] == await world.received(receiver)
        assert [Withhold] == [type(each) for each in await world.facts_of_waiting_letters()]

    async def test_a_letter_is_loaded_alike_whoever_ignores_or_blocks(self, world: World) -> None:
        """The worker runs the same statements for a withheld letter, so that its duration does not tell."""
        sender, receiver = await two(world)
        ignoring = await world.person("ignoring@example.com")
        blocking = await world.person("blocking@example.com")
        await world.block(blocking, sender)
        for each in (receiver, ignoring, blocking):
            await world.ask(sender, each)
        await world.ignore(ignoring, (await world.all_requests())[1].id)

        facts, statements = [], []
        for kind, key in await world.waiting_letters():
            with world.database.recording() as recorded:
                facts.append(await world.load(kind, key))
            statements.append(recorded)

        assert [RequestFacts, Withhold, Withhold] == [type(each) for each in facts]
        assert [statements[0]] * 3 == statements
        assert ["ignoring@example.com", "blocking@example.com"] == [each.facts.to for each in facts[1:]]

    async def test_an_invitation_runs_the_same_statements_whoever_reads_the_address(self, world: World) -> None:
        """Registered or not, blocking or not: the durations of the answer and of the letter are the same."""
        sender, _ = await two(world)
        await world.block(await world.person("blocking@example.com"), sender)

        statements = []
        for address in ("nobody@example.com", "receiver@example.com", "blocking@example.com"):
            with world.database.recording() as recorded:
                await world.invite(sender, address)
            statements.append([_without_rows(statement) for statement in recorded])

        assert [statements[0]] * 3 == statements

    @pytest.mark.parametrize("swept", [True, False])
    async def test_what_has_expired_is_sent_again_by_the_same_statements(self, world: World, *, swept: bool) -> None:
        """A registration or a block since the expiry takes effect, and the duration does not tell."""
        sender, _ = await two(world)
        blocking = await world.person("blocking@example.com")
        late = "late@example.com"
        for address in ("nobody@example.com", "receiver@example.com", "blocking@example.com", late):
            await world.invite(sender, address)
        world.pass_time(timedelta(days=15))
        await (world.database.write(expire_overdue) if swept else world.person("other@example.com"))
        await world.block(blocking, sender)
        registered = await world.person(late)

        statements = []
        for request in await world.all_requests():
            with world.database.recording() as recorded:
                await world.resend(sender, request.id)
            statements.append([_without_rows(statement) for statement in recorded])

        assert [statements[0]] * 4 == statements
        assert [False, True, True, True] == [each.shown_to is not None for each in await world.all_requests()]
        assert ([], 1) == (await world.received(blocking), len(await world.received(registered)))

    async def test_an_invitation_of_a_blocked_sender_reaches_nobody_either(self, world: World) -> None:
        """The address may be registered before or after the invitation."""
        sender, receiver = await two(world)
        await world.block(receiver, sender)

        await world.invite(sender, "receiver@example.com")

        assert [] == await world.received(receiver)

    async def test_of_an_expired_request_that_is_sent_again_nothing_arrives_either(self, world: World) -> None:
        """The block was made after the expiry; to the sender the request is pending again."""
        sender, receiver, request = await pending(world)
        world.pass_time(timedelta(days=15))
        await world.database.write(expire_overdue)
        await world.block(receiver, sender)

        await world.resend(sender, request)

        assert ["Pending"] == [model.connection_status_name for model in await world.sent(sender)]
        assert [] == await world.received(receiver)
        assert {
            (sender, "connections"): 1,
            (sender, "pending sent RP"): 1,
            (receiver, "ignored RP"): 1,
        } == await world.totals()
        assert [Withhold] == [type(each) for each in await world.facts_of_waiting_letters()][-1:]

    async def test_of_a_connection_that_needs_no_acceptance_it_is_told_nothing(self, world: World) -> None:
        """The connection is made as usual, without a notice, and its letter is withheld."""
        owner, staff = await two(world)
        organisation = await an_organisation(world.database, owner)
        await world.block(staff, organisation)

        await world.sending.connect(asking(organisation, staff, STAFF), by(owner))

        assert [ConnectionStatus.ACTIVE] == [connection.status for connection in await world.all_connections()]
        assert [] == await world.database.read(lambda tx: notices.latest_notices(tx, staff, 10))
        assert [Withhold] == [type(each) for each in await world.facts_of_waiting_letters()]

    async def test_a_block_hides_what_is_pending_and_ends_what_was_sent(self, world: World) -> None:
        """The blocked contact's request is ignored, and a request to the blocked contact is void."""
        sender, receiver, request = await pending(world)
        await world.ask(receiver, sender, SUBCONTRACTOR)

        await world.block(receiver, sender)

        assert [] == await world.received(receiver)
        assert RequestStatus.PENDING is (await world.request(request)).status
        assert [] == await world.received(sender)
        assert RequestStatus.VOID is (await world.all_requests())[1].status

    async def test_after_an_unblock_requests_arrive_again(self, world: World) -> None:
        """Requests that are sent after the unblock are shown."""
        sender, receiver = await two(world)
        await world.block(receiver, sender)
        await world.unblock(receiver, sender)

        await world.ask(sender, receiver)

        assert 1 == len(await world.received(receiver))


def _without_rows(statement: object) -> str:
    """The text of a statement without the number of its rows."""
    assert isinstance(statement, Query | Command)
    form: Any = statement.form(DIALECT)
    compiled = form[0] if isinstance(statement, Query) else form
    return str(compiled.text).partition("VALUES")[0]


def _without_ids(model: ContactConnectionModel) -> tuple[object, ...]:
    """The members of a request in a list, without ids and times."""
    contact = seen(model.contact)
    return (
        contact.contact_full_name,
        contact.email_address,
        model.connection_status_name,
        model.is_connection_request,
        model.allow_cancel,
        model.allow_remove,
    )
