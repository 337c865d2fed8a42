"""Mailing the current link again for the reader of an old one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from tests.support.world import World

from servicehost.contract.errors import ServiceError

VICTIM = "victim@example.com"


class TestMailingAgain:
    """Mailing the current link again for the reader of an old one."""

    async def test_its_sender_sees_and_feels_nothing_of_it(self, world: World) -> None:
        """The date of the sending, the cooldown and the number of resends stay the same, also if the request is ignored."""
        sender, receiver = await world.person("sender@example.com"), await world.person("receiver@example.com")
        await world.ask(sender, receiver)
        request = (await world.all_requests())[0].id
        old = await world.token(request)
        world.pass_time(timedelta(minutes=6))
        await world.resend(sender, request)
        await world.ignore(receiver, request)
        before = await world.sent(sender), await world.connections(sender, receiver)
        for _ in range(4):
            world.pass_time(timedelta(minutes=6))
            await world.links.mail_again(request, old)

        assert before == (await world.sent(sender), await world.connections(sender, receiver))
        for _ in range(4):
            await world.resend(sender, request)
            world.pass_time(timedelta(minutes=6))

    async def test_the_limits_of_a_resend_hold_for_both_together(self, world: World) -> None:
        """A link cannot be used to flood a mailbox, together with resends or alone."""
        sender = await world.person("sender@example.com")
        await world.invite(sender, VICTIM)
        request = (await world.all_requests())[0].id
        old = await world.token(request)
        world.pass_time(timedelta(minutes=6))
        await world.resend(sender, request)
        outcomes = []
        for wait in (0, 6, 0, 6, 6, 6, 6):
            world.pass_time(timedelta(minutes=wait))
            outcomes.append(await _attempt(lambda: world.links.mail_again(request, old)))

        assert [429, 200, 429, 200, 200, 200, 429] == outcomes


async def _attempt(act: Callable[[], Awaitable[object]]) -> int:
    """The status of the answer to an act."""
    try:
        await act()
    except ServiceError as refusal:
        return refusal.status
    return 200
