"""The day of an address: the share of one sender, and the rest for others."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.letters import RECIPIENT
from tests.support.mail_queue import MailQueue, a_mail_queue
from tests.support.mail_server import a_mail_server

from platform_api.foundation.ids import new_contact_id
from platform_api.mail.mailbox import MailboxTransport
from platform_api.mail.values import DropReason, LetterState, Withhold
from servicehost.contract.scalars import Guid

FRIEND = new_contact_id()


async def sent(box: MailQueue, subjects: list[Guid]) -> int:
    """How many of the letters about some subjects are sent once the worker has looked at all of them."""
    await box.worker(MailboxTransport(box.database)).drain_once()
    states = [(await box.letter(subject)).state for subject in subjects]
    assert set(states) <= {LetterState.SENT, LetterState.QUEUED}
    return states.count(LetterState.SENT)


async def test_one_sender_alone_may_use_the_whole_day(tmp_path: Path) -> None:
    """Five of its letters go, the sixth waits, as if there were no shares."""
    async with a_mail_queue(tmp_path) as box:
        assert 5 == await sent(box, await box.enqueue(6, by=new_contact_id()))


async def test_different_senders_share_the_day(tmp_path: Path) -> None:
    """Five go, whoever sent them; the sixth sender's waits."""
    async with a_mail_queue(tmp_path) as box:
        subjects = [(await box.enqueue(by=new_contact_id()))[0] for _ in range(6)]
        assert 5 == await sent(box, subjects)


FLOODER, EMPLOYER = new_contact_id(), new_contact_id()
FLOODS = {
    "one person": [(FLOODER, FLOODER)] * 6,
    "one person with several organisations": [(FLOODER, new_contact_id()) for _ in range(6)],
    "several staff of one organisation": [(new_contact_id(), EMPLOYER) for _ in range(6)],
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
async def test_a_flood_delays_no_letter_of_a_friend(tmp_path: Path, flood: list[tuple[Guid, Guid]]) -> None:
    """The flood uses the whole day; letters of up to three others still go the same day."""
    async with a_mail_queue(tmp_path) as box:
        for person, contact in flood:
            await box.enqueue(by=person, on=contact)
        await sent(box, [])

        subjects = [(await box.enqueue(by=new_contact_id()))[0] for _ in range(4)]
        assert 3 == await sent(box, subjects)


async def test_what_a_sender_sends_beyond_its_share_waits_for_the_letters_of_others(tmp_path: Path) -> None:
    """Three friends have written; the sender's share is left, and no more."""
    async with a_mail_queue(tmp_path) as box:
        for _ in range(3):
            await box.enqueue(by=new_contact_id())
        await sent(box, [])

        assert 2 == await sent(box, await box.enqueue(3, by=FLOODER))


async def test_a_letter_that_waits_is_looked_at_when_the_senders_day_is_over(tmp_path: Path) -> None:
    """A day after the first, not later."""
    async with a_mail_queue(tmp_path) as box:
        subjects = await box.enqueue(6, by=FLOODER)
        await sent(box, subjects)
        letter = await box.letter(subjects[-1])

        assert letter.due_at is not None
        assert timedelta(hours=23) < letter.due_at - letter.created_at <= timedelta(days=1, minutes=1)


async def test_letters_of_nobody_use_no_share(tmp_path: Path) -> None:
    """What the reader of an old link has mailed again, for one."""
    async with a_mail_queue(tmp_path) as box:
        assert 5 == await sent(box, await box.enqueue(6))


async def test_without_shares_one_sender_uses_up_the_day(tmp_path: Path) -> None:
    """The setting may be unlimited."""
    async with a_mail_queue(tmp_path) as box:
        await box.enqueue(6, by=FLOODER)
        worker = box.worker(MailboxTransport(box.database), sender_letters=None)
        await worker.drain_once()
        (subject,) = await box.enqueue(by=FRIEND)
        await worker.drain_once()

        assert LetterState.QUEUED is (await box.letter(subject)).state


async def test_each_address_has_its_own_day_and_shares(tmp_path: Path) -> None:
    """Letters of one sender to many addresses are not a flood."""
    async with a_mail_queue(tmp_path) as box:
        subjects = [
            subject for number in range(4) for subject in await box.enqueue(2, by=FLOODER, to=f"{number}@example.com")
        ]
        assert 8 == await sent(box, subjects)


async def test_obsolete_letters_use_nothing(tmp_path: Path) -> None:
    """A letter dropped before it was sent counts neither against the address nor against its sender."""
    async with a_mail_queue(tmp_path) as box:
        for subject in await box.enqueue(6, by=FLOODER):
            await box.end(subject)
        await box.worker(MailboxTransport(box.database)).drain_once()

        assert 2 == await sent(box, await box.enqueue(2, by=FLOODER))
        assert 3 == await sent(box, [(await box.enqueue(by=new_contact_id()))[0] for _ in range(4)])


async def test_withheld_letters_have_shares_of_their_own(tmp_path: Path) -> None:
    """Letters of a blocked sender wait like all others, and do not count against the day of other senders."""
    async with a_mail_queue(tmp_path, Withhold(DropReason.BLOCKED, RECIPIENT)) as box, a_mail_server() as server:
        blocked = await box.enqueue(6, by=FLOODER)
        await box.worker(server).drain_once()
        box.verdict = RECIPIENT
        friends = await box.enqueue(5, by=FRIEND)
        await box.worker(server).drain_once()

        assert [LetterState.DROPPED] * 5 + [LetterState.QUEUED] == [
            (await box.letter(subject)).state for subject in blocked
        ]
        assert [LetterState.SENT] * 5 == [(await box.letter(subject)).state for subject in friends]
