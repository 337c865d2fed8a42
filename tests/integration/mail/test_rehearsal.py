"""A withheld letter costs what a sent one costs: the same statements, rendering, encoding and waits."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.letters import RECIPIENT, an_outgoing
from tests.support.mail_queue import Verdict, a_mail_queue, a_rendering
from tests.support.mail_server import a_mail_server
from tests.support.raw_smtp import a_raw_mail_server
from tests.support.recorded_units import RecordedDatabase

from platform_api.mail import store
from platform_api.mail.envelope import seal
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.mailbox import MailboxTransport
from platform_api.mail.pace import KEPT, Pace
from platform_api.mail.smtp import SmtpTransport
from platform_api.mail.transport import Transport
from platform_api.mail.values import DropReason, LetterState, Outcome, Result, Withhold

SUPPRESSED = "suppressed"
WAYS = [Withhold(reason, RECIPIENT) for reason in DropReason if reason.is_secret]


async def _steps(
    folder: Path, verdict: Verdict, way_out: Transport | None, *, suppressed: bool = False
) -> list[object]:
    """The statements and steps of one round of sending with one due letter."""
    await asyncio.to_thread(folder.mkdir)
    async with a_mail_queue(folder, verdict) as box:
        (subject,) = await box.enqueue()
        if suppressed:
            await box.database.write(lambda tx: store.suppress(tx, f"hash of {RECIPIENT}", "recipient 550 5.1.1"))
        letter_box, box.database = box.database, RecordedDatabase(box.database)
        steps = box.database.steps

        def render(facts: str, context: LetterContext) -> Mail:
            steps.append("render")
            return a_rendering(facts, context)

        worker = box.worker(way_out or MailboxTransport(box.database), render=render)
        assert 1 == await worker.drain_once()
        box.database = letter_box
        assert 1 == (await box.letter(subject)).attempts
        return steps


@pytest.mark.parametrize("verdict", [*WAYS, SUPPRESSED], ids=str)
async def test_a_withheld_letter_runs_the_steps_of_a_sent_one(tmp_path: Path, verdict: Verdict) -> None:
    """With the built-in mailbox, whose sending is a transaction: the same statements in the same order."""
    suppressed = verdict == SUPPRESSED
    sent = await _steps(tmp_path / "sent", RECIPIENT, None)
    withheld = await _steps(tmp_path / "withheld", RECIPIENT if suppressed else verdict, None, suppressed=suppressed)

    assert sent == withheld
    assert 1 == sent.count("render")
    assert 3 == sent.count("begin write")  # claimed, stored, recorded


class _Clock:
    """Lets time pass at once, and records the requested delays."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def later(self, seconds: float, call: Callable[..., object], reply: bytes) -> None:
        """Call without waiting."""
        self.pauses.append(seconds)
        asyncio.get_running_loop().call_soon(call, reply)


@pytest.mark.parametrize("verdict", WAYS, ids=str)
async def test_a_withheld_letter_takes_the_time_of_a_sent_one(tmp_path: Path, verdict: Verdict) -> None:
    """With a mail server: the same steps, and before each reply the pause of one of the last sendings."""
    clock = _Clock()
    async with a_mail_server() as server:
        way_out = SmtpTransport(server.settings(), chance=lambda: 0.0, later=clock.later)
        sent = await _steps(tmp_path / "sent", RECIPIENT, way_out)
        measured = way_out.pace.draw(0.0)
        withheld = await _steps(tmp_path / "withheld", verdict, way_out)

    assert sent == withheld
    assert (4, measured) == (len(measured), clock.pauses)
    assert 0 < min(measured)
    assert 2 == server.connections
    assert 1 == len(server.mails)


@pytest.mark.no_database
async def test_before_the_first_sending_a_rehearsal_waits_by_the_connection() -> None:
    """A process that has just started has only measured the time of connecting."""
    clock = _Clock()
    async with a_mail_server() as server:
        way_out = SmtpTransport(server.settings(), later=clock.later)
        async with way_out.session() as session:
            assert Result.SENT is (await session.rehearse(seal(an_outgoing()))).result

    assert (4, way_out.pace.draw(0.5)) == (len(clock.pauses), clock.pauses)
    assert 0 < min(clock.pauses)


@pytest.mark.no_database
async def test_rehearsals_let_real_time_pass() -> None:
    """Without a clock of the test the event loop is used, and rehearsals are not measured."""
    async with a_mail_server() as server:
        way_out = SmtpTransport(server.settings())
        async with way_out.session() as session:
            guessed = way_out.pace.draw(0.5)
            assert Result.SENT is (await session.rehearse(seal(an_outgoing()))).result

        assert ([], guessed) == (server.mails, way_out.pace.draw(0.5))


@pytest.mark.no_database
async def test_only_what_was_taken_is_measured() -> None:
    """A refusal is quicker than a sending: rehearsals do not learn from it."""
    async with a_mail_server({"RCPT": ["450 busy"]}) as server:
        way_out = SmtpTransport(server.settings())
        async with way_out.session() as session:
            guessed = way_out.pace.draw(0.0)
            assert Outcome(Result.DEFERRED, "recipient 450") == await session.send(seal(an_outgoing()))

            assert guessed == way_out.pace.draw(0.0)


@pytest.mark.parametrize("verdict", ["fïrst@example.com", Withhold(DropReason.BLOCKED, "fïrst@example.com")], ids=str)
async def test_what_the_server_cannot_carry_bounces_either_way(tmp_path: Path, verdict: Verdict) -> None:
    """A withheld letter ends as a sent one would, as far as that is known without sending it."""
    async with a_mail_queue(tmp_path, verdict) as box, a_raw_mail_server() as server:
        (subject,) = await box.enqueue()
        await box.worker(SmtpTransport(server.settings())).drain_once()
        letter = await box.letter(subject)

    assert (LetterState.BOUNCED, "smtputf8") == (letter.state, letter.reason)


@pytest.mark.no_database
def test_a_pace_draws_among_the_last_sendings() -> None:
    """Chance chooses one; old ones are forgotten, and the guess with the first."""
    pace = Pace()
    pace.guess([3.0])
    assert [3.0] == pace.draw(0.5)
    for number in range(KEPT + 2):
        pace.took([float(number)])
    drawn = [pace.draw(chance) for chance in (0.0, 0.5, 0.999, 1.0)]

    assert [[2.0], [2.0 + KEPT // 2], [1.0 + KEPT], [1.0 + KEPT]] == drawn
