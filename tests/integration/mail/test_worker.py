"""Letters from the transaction that queued them to a real mail server."""

import asyncio
import email
import email.policy
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.support.letters import RECIPIENT
from tests.support.mail_queue import ACCOUNT_KIND, IMPATIENT, KIND, a_mail_queue, a_rendering
from tests.support.mail_server import HANG_UP, SILENCE, TAKE_AND_HANG_UP, a_mail_server
from tests.support.metric_values import values

from platform_api import mail
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_id
from platform_api.mail.envelope import Envelope
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.metrics import letters_by_state
from platform_api.mail.replies import SENT
from platform_api.mail.settings import MailSettings
from platform_api.mail.transport import TransportUnavailable
from platform_api.mail.upkeep import Upkeep
from platform_api.mail.values import (
    DeliveryState,
    DropReason,
    Letter,
    LetterState,
    Outcome,
    Wait,
    Withhold,
)


def _read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


async def test_a_queued_letter_is_sent(tmp_path: Path) -> None:
    """One letter, one mail, and its sender sees that it was sent."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        queued = await box.delivery(subject)

        assert 1 == await box.worker(server).drain_once()
        sent = await box.delivery(subject)
        assert (DeliveryState.QUEUED, DeliveryState.SENT) == (queued and queued.state, sent and sent.state)
        assert [RECIPIENT] == server.recipients


async def test_the_same_letter_is_queued_once(tmp_path: Path) -> None:
    """Subject, version, series and kind name a letter, before and after it was sent."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        for series in (0, 0, 1, 1, 0):
            letter = Letter(KIND, subject, 1, RECIPIENT, series=series)
            await box.database.write(functools.partial(_enqueue, letter))
            await box.worker(server).drain_once()

        assert 2 == len(server.mails)


async def test_a_new_version_takes_the_place_of_one_that_waits(tmp_path: Path) -> None:
    """Sent again before it was sent at all, it is one mail; what was tried already keeps its row."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        for version in (2, 3):
            await box.database.write(functools.partial(_enqueue, Letter(KIND, subject, version, RECIPIENT)))
        await box.worker(server).drain_once()
        latest = await box.letter(subject)
        await box.database.write(functools.partial(_enqueue, Letter(KIND, subject, 4, RECIPIENT)))

        assert (3, LetterState.SENT, 1) == (latest.version, latest.state, len(server.mails))
        assert (4, LetterState.QUEUED) == ((await box.letter(subject)).version, (await box.letter(subject)).state)


async def test_letters_out_of_order_disturb_nothing(tmp_path: Path) -> None:
    """An earlier version that comes late, and the later one once more, are two letters and no error."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        for version in (3, 2, 3):
            await box.worker(server).drain_once()
            await box.database.write(functools.partial(_enqueue, Letter(KIND, subject, version, RECIPIENT)))

        assert (3, LetterState.SENT) == ((await box.letter(subject)).version, (await box.letter(subject)).state)


async def test_a_failed_transaction_sends_nothing(tmp_path: Path) -> None:
    """A letter exists only together with its cause."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:

        async def unit(tx: Transaction) -> None:
            await box.enqueue_in(tx)
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            await box.database.write(unit)
        assert (0, 0) == (await box.worker(server).drain_once(), server.connections)


async def test_letters_wait_for_their_time(tmp_path: Path) -> None:
    """A letter that is due later is not sent now."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        due_at = datetime.now(UTC) + timedelta(hours=1)
        await box.database.write(functools.partial(_enqueue, Letter(KIND, subject, 2, RECIPIENT, due_at)))

        assert 0 == await box.worker(server).drain_once()
        await box.hour_passes()
        assert 1 == await box.worker(server).drain_once()


async def test_obsolete_letters_are_dropped_when_they_are_claimed(tmp_path: Path) -> None:
    """The subject is checked in the transaction that claims the letter: a subject that has just ended gets no mail."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        ended, pending = await box.enqueue(2)
        await box.end(ended)
        await box.worker(server).drain_once()

        assert (LetterState.DROPPED, "obsolete") == ((await box.letter(ended)).state, (await box.letter(ended)).reason)
        assert LetterState.SENT is (await box.letter(pending)).state
        assert None is await box.delivery(ended)
        assert 1 == len(server.mails)


async def test_no_letter_is_taken_in_hand_after_its_subject_ended(tmp_path: Path) -> None:
    """A letter that was sent was claimed while its subject was pending, in every order of claims and ends of subjects."""
    async with a_mail_queue(tmp_path) as here, a_mail_queue(tmp_path) as there, a_mail_server() as server:
        subjects = await here.enqueue(40)
        draining = [asyncio.create_task(box.worker(server, daily_letters=None).drain_once()) for box in (here, there)]
        ended = {}
        for subject in reversed(subjects):
            ended[subject] = await there.end(subject)
        await asyncio.gather(*draining)
        letters = [await here.letter(subject) for subject in subjects]

        assert {LetterState.SENT, LetterState.DROPPED} >= {letter.state for letter in letters}
        assert [] == [
            letter for letter in letters if letter.attempted_at and letter.attempted_at > ended[letter.subject_id]
        ]
        assert len(server.mails) == sum(letter.state is LetterState.SENT for letter in letters)


async def test_letters_are_dropped_by_kind_or_all_together(tmp_path: Path) -> None:
    """A package drops letters that still wait."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        one, other = await box.enqueue(2)
        await box.database.write(lambda tx: mail.drop(tx, one, kinds=["another kind"]))
        await box.database.write(lambda tx: mail.drop(tx, other, kinds=[KIND]))

        assert 1 == await box.worker(server).drain_once()
        await box.database.write(lambda tx: mail.drop(tx, one))
        assert LetterState.SENT is (await box.letter(one)).state
        assert LetterState.DROPPED is (await box.letter(other)).state


@pytest.mark.parametrize("reason", [DropReason.BLOCKED, DropReason.IGNORED, DropReason.UNWANTED])
async def test_withheld_letters_look_sent(tmp_path: Path, reason: DropReason) -> None:
    """Nothing is sent, and the sender sees the letter as sent."""
    async with a_mail_queue(tmp_path, Withhold(reason, RECIPIENT)) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        await box.worker(server).drain_once()
        letter = await box.letter(subject)

        assert [] == server.mails
        assert (LetterState.DROPPED, reason) == (letter.state, letter.reason)
        assert letter.settled_at is not None
        assert letter.created_at < letter.settled_at


async def test_letters_may_ask_to_wait(tmp_path: Path) -> None:
    """A kind can postpone a letter; this is not counted as an attempt."""
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    async with a_mail_queue(tmp_path, Wait(until)) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        await box.worker(server).drain_once()
        letter = await box.letter(subject)

        assert (LetterState.QUEUED, 0, until) == (letter.state, letter.attempts, letter.due_at)


async def test_an_address_that_does_not_exist_is_written_to_once(tmp_path: Path) -> None:
    """A hard bounce suppresses the address; the next letters to it are seen as bounced, those of the blocked too."""
    async with a_mail_queue(tmp_path) as box, a_mail_server({"RCPT": ["550 5.1.1 unknown"]}) as server:
        (first,) = await box.enqueue()
        await box.worker(server).drain_once()
        (second,) = await box.enqueue()
        box.verdict = Withhold(DropReason.BLOCKED, RECIPIENT)
        (third,) = await box.enqueue()
        await box.worker(server).drain_once()
        seen = [await box.delivery(subject) for subject in (first, second, third)]

        assert [DeliveryState.BOUNCED] * 3 == [delivery and delivery.state for delivery in seen]
        assert LetterState.BOUNCED is (await box.letter(first)).state
        assert [LetterState.SUPPRESSED] * 2 == [(await box.letter(subject)).state for subject in (second, third)]
        assert [] == server.mails


async def test_an_address_gets_a_limited_number_of_letters_a_day(tmp_path: Path) -> None:
    """The sixth waits, whoever sent it; other addresses do not."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        subjects = await box.enqueue(6)
        await box.enqueue(to="second@example.com")
        await box.worker(server).drain_once()
        letter = await box.letter(subjects[-1])

        assert (6, LetterState.QUEUED, 0) == (len(server.mails), letter.state, letter.attempts)
        assert letter.due_at is not None
        assert timedelta(hours=23) < letter.due_at - letter.created_at <= timedelta(days=1, minutes=1)


async def test_withheld_letters_wait_like_others_and_are_counted_apart(tmp_path: Path) -> None:
    """The sixth letter of a blocked sender waits too, so that the sender learns nothing; letters of others are sent."""
    async with a_mail_queue(tmp_path, Withhold(DropReason.BLOCKED, RECIPIENT)) as box, a_mail_server() as server:
        blocked = await box.enqueue(6)
        await box.worker(server).drain_once()
        box.verdict = RECIPIENT
        (welcome,) = await box.enqueue()
        await box.worker(server).drain_once()

        assert LetterState.QUEUED is (await box.letter(blocked[-1])).state
        assert LetterState.SENT is (await box.letter(welcome)).state


async def test_strangers_cannot_use_up_what_an_account_needs(tmp_path: Path) -> None:
    """A kind without a daily limit is sent however many letters the address got, and takes nothing from the others."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        resets = await box.enqueue(6, kind=ACCOUNT_KIND)
        await box.enqueue(6)
        resets += await box.enqueue(6, kind=ACCOUNT_KIND)
        await box.worker(server).drain_once()

        assert {LetterState.SENT} == {(await box.letter(reset)).state for reset in resets}
        assert 12 + 5 == len(server.mails)


async def test_no_limit_is_no_limit(tmp_path: Path) -> None:
    """For benchmarks an address may get any number of letters."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        await box.enqueue(8)

        assert 8 == await box.worker(server, daily_letters=None).drain_once()
        assert 8 == len(server.mails)


async def test_a_deferred_letter_is_tried_again_as_the_same_mail(tmp_path: Path) -> None:
    """Message-ID and date are those of the first attempt, and the day's count is not charged twice."""
    async with a_mail_queue(tmp_path) as box, a_mail_server({"DATA": ["451 later"]}) as server:
        (subject,) = await box.enqueue()
        worker = box.worker(server, retries=(timedelta(hours=1),))
        await worker.drain_once()
        deferred = await box.letter(subject)
        await box.hour_passes()
        await worker.drain_once()
        sent = await box.letter(subject)

        assert (LetterState.DEFERRED, "content 451", 1) == (deferred.state, deferred.reason, deferred.attempts)
        assert (LetterState.SENT, 2) == (sent.state, sent.attempts)
        assert deferred.message_id == _read(server.mails[0])["Message-ID"]
        assert deferred.dated == sent.dated


async def test_a_letter_that_is_refused_too_often_has_failed(tmp_path: Path) -> None:
    """When the pauses are used up the sender is told that it did not arrive."""
    async with a_mail_queue(tmp_path) as box, a_mail_server({"RCPT": ["450 busy"] * 9}) as server:
        (subject,) = await box.enqueue()

        assert 3 == await box.worker(server).drain_once()
        seen = await box.delivery(subject)
        assert (LetterState.FAILED, DeliveryState.BOUNCED) == ((await box.letter(subject)).state, seen and seen.state)


async def test_a_doubtful_letter_is_sent_once_more_as_the_same_mail(tmp_path: Path) -> None:
    """A mail that the server accepted without a reply arrives at most twice, with the same Message-ID."""
    async with a_mail_queue(tmp_path) as box, a_mail_server({"DATA": [TAKE_AND_HANG_UP]}) as server:
        (subject,) = await box.enqueue()

        assert 2 == await box.worker(server).drain_once()
        assert LetterState.SENT is (await box.letter(subject)).state
        assert 1 == len({_read(mail)["Message-ID"] for mail in server.mails})
        assert 2 == len(server.mails)


async def test_a_letter_that_stays_doubtful_is_left_alone(tmp_path: Path) -> None:
    """There is one slow retry, not a loop."""
    async with a_mail_queue(tmp_path) as box, a_mail_server({"DATA": [HANG_UP] * 9}) as server:
        (subject,) = await box.enqueue()

        assert 2 == await box.worker(server).drain_once()
        letter = await box.letter(subject)
        assert (LetterState.UNKNOWN, None, 2) == (letter.state, letter.due_at, letter.doubts)


async def test_a_dead_workers_letter_goes_out(tmp_path: Path) -> None:
    """A letter in the hands of a crashed worker is recovered and sent: at least once."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        way_out = _SlowWay()
        (subject,) = await box.enqueue()
        dying = asyncio.create_task(box.worker(way_out).drain_once())
        await way_out.begun.wait()
        dying.cancel()
        await asyncio.wait([dying])
        await asyncio.sleep(0.005)
        await box.database.write(Upkeep(IMPATIENT).recover)
        found = await box.letter(subject)
        await box.worker(server).drain_once()

        assert (LetterState.UNKNOWN, "abandoned", 1) == (found.state, found.reason, found.doubts)
        assert LetterState.SENT is (await box.letter(subject)).state
        assert 1 == len(server.mails)


async def test_letters_in_hand_are_not_recovered_before_their_lease_ends(tmp_path: Path) -> None:
    """While its lease lasts a letter belongs to its worker."""
    async with a_mail_queue(tmp_path) as box:
        way_out = _SlowWay()
        (subject,) = await box.enqueue()
        sending = asyncio.create_task(box.worker(way_out, lease=None).drain_once())
        await way_out.begun.wait()
        await box.database.write(Upkeep(IMPATIENT).recover)

        assert LetterState.SENDING is (await box.letter(subject)).state
        way_out.go_on.set()
        await sending
        assert LetterState.SENT is (await box.letter(subject)).state


async def test_a_slow_worker_may_still_record_its_outcome(tmp_path: Path) -> None:
    """A slow attempt that ends well after its lease is recorded as sent, and not sent again."""
    async with a_mail_queue(tmp_path) as box:
        way_out = _SlowWay()
        (subject,) = await box.enqueue()
        sending = asyncio.create_task(box.worker(way_out).drain_once())
        await way_out.begun.wait()
        await asyncio.sleep(0.005)
        await box.database.write(Upkeep(MailSettings()).recover)
        way_out.go_on.set()
        await sending

        assert LetterState.SENT is (await box.letter(subject)).state
        assert 1 == way_out.taken


async def test_two_nodes_send_each_letter_once(tmp_path: Path) -> None:
    """Workers of two processes on one database never have the same letter in hand."""
    async with a_mail_server() as server, a_mail_queue(tmp_path) as here, a_mail_queue(tmp_path) as there:
        subjects = await here.enqueue(30)
        workers = [box.worker(server, daily_letters=None, lease=None) for box in (here, there, here, there)]
        handled = await asyncio.gather(*(worker.drain_once() for worker in workers))
        message_ids = [_read(mail)["Message-ID"] for mail in server.mails]

        assert (30, 30, 30) == (sum(handled), len(message_ids), len(set(message_ids)))
        assert {LetterState.SENT} == {(await here.letter(subject)).state for subject in subjects}


async def test_a_sender_with_many_letters_keeps_no_other_waiting(tmp_path: Path) -> None:
    """The letter of another sender is the first or second to be sent, although all others have been due for longer."""
    async with a_mail_queue(tmp_path) as box:
        await box.enqueue(100, by=new_id())
        (subject,) = await box.enqueue(to="second@example.com", by=new_id())
        worker = box.worker(way_out := _SlowWay(), daily_letters=None, lease=None)
        way_out.go_on.set()
        way_out.when_taken = {2: worker.stop}

        assert 2 == await worker.drain_once()
        assert LetterState.SENT is (await box.letter(subject)).state


async def test_a_letter_that_cannot_be_loaded_stops_no_other(tmp_path: Path) -> None:
    """An error of one subject costs its letter an attempt, and affects no other letter."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        broken, sound = await box.enqueue(2)
        box.broken.add(broken)
        await box.worker(server, retries=(timedelta(hours=1),)).drain_once()
        letter = await box.letter(broken)

        assert (LetterState.DEFERRED, "load: LookupError", 1) == (letter.state, letter.reason, letter.attempts)
        assert LetterState.SENT is (await box.letter(sound)).state


async def test_a_letter_that_cannot_be_rendered_is_tried_again(tmp_path: Path) -> None:
    """The next version of the program may know how."""
    faults = [ZeroDivisionError()]

    def render(facts: str, context: LetterContext) -> Mail:
        if faults:
            raise faults.pop()
        return a_rendering(facts, context)

    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (subject,) = await box.enqueue()
        await box.worker(server, render=render).drain_once()

        assert (LetterState.SENT, 2) == ((await box.letter(subject)).state, (await box.letter(subject)).attempts)


async def test_letters_of_kinds_unknown_here_wait_for_a_node_that_knows_them(tmp_path: Path) -> None:
    """While versions of the program are mixed no letter is lost."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (subject,) = await box.enqueue(kind="kind of tomorrow")
        await box.worker(server).drain_once()
        letter = await box.letter(subject)

        assert (LetterState.QUEUED, 0) == (letter.state, letter.attempts)


async def test_erased_people_get_no_mail(tmp_path: Path) -> None:
    """Erasure removes the address and drops waiting letters to it; sent letters stay sent."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (sent,) = await box.enqueue()
        await box.worker(server).drain_once()
        (waiting,) = await box.enqueue()
        about, other = await box.enqueue(2, to="second@example.com")
        await box.database.write(lambda tx: mail.erase(tx, about, [RECIPIENT]))
        await box.worker(server).drain_once()
        states = [(await box.letter(subject)).state for subject in (sent, waiting, about, other)]

        assert [LetterState.SENT, LetterState.DROPPED, LetterState.DROPPED, LetterState.SENT] == states
        assert [None, None] == [(await box.letter(subject)).recipient_key for subject in (sent, waiting)]


async def test_letters_about_a_merged_contact_are_about_the_one_it_became(tmp_path: Path) -> None:
    """Letters that the other contact has already are dropped; the rest moves."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        source, into = await box.enqueue(2)
        await box.database.write(functools.partial(_enqueue, Letter(ACCOUNT_KIND, source, 7, RECIPIENT)))
        await box.database.write(lambda tx: mail.merge(tx, source, into))

        assert 2 == await box.worker(server).drain_once()
        assert (7, LetterState.SENT) == ((await box.letter(into)).version, (await box.letter(into)).state)
        assert LetterState.DROPPED is (await box.letter(source)).state


async def test_without_a_way_out_no_letter_is_touched(tmp_path: Path) -> None:
    """An outage of the mail server costs no letter an attempt."""
    async with a_mail_server() as server:
        pass
    async with a_mail_queue(tmp_path) as box:
        (subject,) = await box.enqueue()
        with pytest.raises(TransportUnavailable):
            await box.worker(server).drain_once()

        assert (LetterState.QUEUED, 0) == ((await box.letter(subject)).state, (await box.letter(subject)).attempts)


async def test_a_running_worker_sends_at_its_ticks_only(tmp_path: Path) -> None:
    """A new letter does not wake the worker: else its sender could measure whether one is sent."""
    ticks = _Ticks()
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        worker = box.worker(server, rest=ticks.rest, lanes=1)
        running = asyncio.create_task(worker.run())
        (subject,) = await box.enqueue()
        await box.enqueue(20, to="second@example.com")
        before = await box.letter(subject)
        ticks.next.set()
        await server.arrived.wait()
        worker.stop()
        ticks.next.set()
        await running

        assert (LetterState.QUEUED, 0) == (before.state, before.attempts)
        assert LetterState.SENT is (await box.letter(subject)).state


async def test_a_worker_that_is_stopped_between_ticks_opens_no_way_out(tmp_path: Path) -> None:
    """Stopping never connects to the mail server."""
    ticks = _Ticks()
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        worker = box.worker(server, rest=ticks.rest, lanes=1)
        running = asyncio.create_task(worker.run())
        await box.enqueue()
        worker.stop()
        ticks.next.set()
        await running

        assert 0 == server.connections


async def test_ticks_are_spread_and_know_nothing_of_letters(tmp_path: Path) -> None:
    """The time to the next tick is drawn anew for each, whether letters were due or not."""
    ticks = _Ticks()
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        worker = box.worker(
            server, rest=ticks.rest, chance=iter((0.0, 0.5, 1.0)).__next__, tick=timedelta(seconds=2), lanes=1
        )
        running = asyncio.create_task(worker.run())
        for _ in range(2):
            await ticks.asked.wait()
            ticks.asked.clear()
            ticks.next.set()
        await ticks.asked.wait()
        worker.stop()
        ticks.next.set()
        await running

        assert [1.0, 2.0, 3.0] == ticks.pauses


async def test_a_running_worker_outlives_an_outage(tmp_path: Path) -> None:
    """It tries again, and sends what waited."""
    async with a_mail_queue(tmp_path) as box:
        way_out = _SlowWay(outages=3)
        way_out.go_on.set()
        (subject,) = await box.enqueue()
        worker = box.worker(way_out)
        running = asyncio.create_task(worker.run())
        await way_out.begun.wait()
        worker.stop()
        await running

        assert (0, 1) == (way_out.outages, way_out.taken)
        assert LetterState.SENT is (await box.letter(subject)).state


async def test_a_worker_without_lanes_sends_nothing(tmp_path: Path) -> None:
    """A node may leave the sending to others."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        worker = box.worker(server, lanes=0)
        running = asyncio.create_task(worker.run())
        (subject,) = await box.enqueue()
        await asyncio.sleep(0.02)
        worker.stop()
        await running

        assert LetterState.QUEUED is (await box.letter(subject)).state


async def test_a_stopped_worker_finishes_the_letter_in_hand(tmp_path: Path) -> None:
    """The letter in hand is recorded; the others wait for the next start."""
    async with a_mail_queue(tmp_path) as box:
        way_out = _SlowWay()
        begun, waiting = await box.enqueue(2)
        worker = box.worker(way_out, lanes=1)
        running = asyncio.create_task(worker.run())
        await way_out.begun.wait()
        worker.stop()
        way_out.go_on.set()
        await running

        assert LetterState.SENT is (await box.letter(begun)).state
        assert LetterState.QUEUED is (await box.letter(waiting)).state


async def test_kept_addresses_are_forgotten_in_time(tmp_path: Path) -> None:
    """A finished letter keeps its address for a while; one that waits keeps it."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        (sent,) = await box.enqueue()
        await box.worker(server).drain_once()
        (waiting,) = await box.enqueue()
        await asyncio.sleep(0.005)
        await box.database.write(Upkeep(MailSettings()).forget_recipients)
        kept = (await box.letter(sent)).recipient_key
        await box.database.write(Upkeep(MailSettings(forget_recipients_after=timedelta(0))).forget_recipients)

        assert (RECIPIENT, None) == (kept, (await box.letter(sent)).recipient_key)
        assert RECIPIENT == (await box.letter(waiting)).recipient_key


class _Ticks:
    """A clock that the test controls: each pause ends when `next` is set."""

    def __init__(self) -> None:
        self.next, self.asked = asyncio.Event(), asyncio.Event()
        self.pauses: list[float] = []

    async def rest(self, _stopped: asyncio.Event, seconds: float) -> None:
        """Wait for the test."""
        self.pauses.append(seconds)
        self.asked.set()
        await self.next.wait()
        self.next.clear()


class _SlowWay:
    """A transport that accepts a letter when the test says so; the given number of `outages` come first."""

    patience = timedelta(minutes=1)

    def __init__(self, outages: int = 0) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.outages, self.taken = outages, 0
        self.when_taken: dict[int, Callable[[], None]] = {}

    @asynccontextmanager
    async def session(self) -> AsyncIterator["_SlowWay"]:
        """Itself, or an outage."""
        if self.outages:
            self.outages -= 1
            raise TransportUnavailable("unreachable")
        yield self

    async def send(self, envelope: Envelope) -> Outcome:
        """Take the letter, once told to."""
        await self.rehearse(envelope)
        self.taken += 1
        self.when_taken.get(self.taken, lambda: None)()
        return SENT

    async def rehearse(self, envelope: Envelope) -> Outcome:  # noqa: ARG002 - whatever it is
        """Wait until told to go on."""
        self.begun.set()
        await self.go_on.wait()
        return SENT


async def _enqueue(letter: Letter, tx: Transaction) -> None:
    await mail.enqueue(tx, letter)


@pytest.mark.parametrize(
    ("command", "state", "reason"),
    [("RCPT", LetterState.DEFERRED, "recipient silence"), ("DATA", LetterState.UNKNOWN, "content silence")],
)
async def test_a_stop_ends_the_lease_of_a_letter_in_hand(
    tmp_path: Path, command: str, state: LetterState, reason: str
) -> None:
    """A mail server that is silent does not delay the stop; the letter waits, and may have arrived after its content."""
    script = {command: [SILENCE]}
    async with a_mail_queue(tmp_path) as box, a_mail_server(script) as server:
        (subject,) = await box.enqueue()
        worker = box.worker(server, MailSettings(stop_patience=timedelta(0), tick=timedelta(milliseconds=10)))
        working = asyncio.create_task(worker.run())
        for _ in range(3_000):
            if not script[command]:
                break
            await asyncio.sleep(0.01)
        in_hand = await box.letter(subject)
        worker.stop()
        await working
        after = await box.letter(subject)

    assert LetterState.SENDING is in_hand.state
    assert (state, reason, None) == (after.state, after.reason, after.lease_until)
    assert after.due_at is not None


async def test_unfinished_letters_are_counted_by_state(tmp_path: Path) -> None:
    """With the age of the oldest; letters that were sent are not counted, and attempts are, by their outcome."""
    async with a_mail_queue(tmp_path) as box, a_mail_server({"RCPT": ["250 OK", "450 later"]}) as server:
        await box.enqueue(2)
        worker = box.worker(server, MailSettings())
        await worker.drain_once()
        await box.enqueue(3)
        stored = values(await box.database.read(letters_by_state))

    states = {state: stored["platform_api_letters", state] for state in ("queued", "sending", "deferred", "unknown")}
    ages = {state: stored["platform_api_letters_oldest_age_seconds", state] for state in states}
    assert {"queued": 3, "sending": 0, "deferred": 1, "unknown": 0} == states
    assert (0.0, 0.0) == (ages["sending"], ages["unknown"])
    assert ages["deferred"] >= ages["queued"] >= 0
    attempts = {name[1]: number for name, number in values(worker.metrics()).items() if number}
    assert {"sent": 1, "deferred": 1} == attempts
