"""A withheld letter costs what a sent one costs: the same statements, rendering, encoding and waits."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.letters import RECIPIENT, an_outgoing
from tests.support.mail_server import a_mail_server
from tests.support.outbox import Outbox, Verdict, a_rendering, an_outbox

from platform_api.outbox import store
from platform_api.outbox.envelope import seal
from platform_api.outbox.mail import LetterContext, Mail
from platform_api.outbox.mailbox import MailboxTransport
from platform_api.outbox.pace import KEPT, Pace
from platform_api.outbox.smtp import SmtpTransport
from platform_api.outbox.transport import Transport
from platform_api.outbox.values import DropReason, Outcome, Result, Withhold

_VALUE = re.compile(r"[xX]?'(?:[^']|'')*'|\bNULL\b|\b\d+(?:\.\d+)?\b")
SUPPRESSED = "suppressed"
WAYS = [Withhold(reason, RECIPIENT) for reason in DropReason if reason.is_secret]


@contextmanager
def _recorded(box: Outbox) -> Iterator[list[str]]:
    """Every statement that runs meanwhile, its values left out."""
    said: list[str] = []
    connections: list[sqlite3.Connection] = [box.database._reader, box.database._writer._connection]
    for connection in connections:
        connection.set_trace_callback(lambda statement: said.append(_VALUE.sub("?", statement)))
    try:
        yield said
    finally:
        for connection in connections:
            connection.set_trace_callback(None)


async def _steps(folder: Path, verdict: Verdict, way_out: Transport | None, *, suppressed: bool = False) -> list[str]:
    """What happens in one round of sending in which one letter is due."""
    await asyncio.to_thread(folder.mkdir)
    async with an_outbox(folder, verdict) as box:
        (subject,) = await box.enqueue()
        if suppressed:
            await box.database.write(lambda tx: store.suppress(tx, f"hash of {RECIPIENT}", "recipient 550 5.1.1"))
        with _recorded(box) as steps:

            def render(facts: str, context: LetterContext) -> Mail:
                steps.append("render")
                return a_rendering(facts, context)

            worker = box.worker(way_out or MailboxTransport(box.database), render=render)
            assert 1 == await worker.drain_once()
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
    assert 4 == sent.count("COMMIT")  # claimed, stored, recorded, and no other letter to claim


@pytest.mark.parametrize("verdict", WAYS, ids=str)
async def test_a_withheld_letter_takes_the_time_of_a_sent_one(tmp_path: Path, verdict: Verdict) -> None:
    """With a mail server: the same steps, and a wait as long as one of the last sendings took."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with a_mail_server() as server:
        way_out = SmtpTransport(server.settings(), chance=lambda: 0.0, sleep=sleep)
        sent = await _steps(tmp_path / "sent", RECIPIENT, way_out)
        measured = way_out.pace.draw(0.0)
        withheld = await _steps(tmp_path / "withheld", verdict, way_out)

    assert sent == withheld
    assert [measured] == waits
    assert 0 < measured
    assert 2 == server.connections
    assert 1 == len(server.mails)


async def test_before_the_first_sending_a_rehearsal_waits_by_the_connection() -> None:
    """A server that has just started has measured nothing but how long connecting took."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with a_mail_server() as server:
        way_out = SmtpTransport(server.settings(), sleep=sleep)
        async with way_out.session() as session:
            await session.rehearse(seal(an_outgoing()))

    assert [way_out.pace.draw(0.5)] == waits
    assert 0 < waits[0]


async def test_only_what_was_taken_is_measured() -> None:
    """A refusal is quicker than a sending: rehearsals do not learn from it."""
    async with a_mail_server({"RCPT": ["450 busy"]}) as server:
        way_out = SmtpTransport(server.settings())
        async with way_out.session() as session:
            guessed = way_out.pace.draw(0.0)
            assert Outcome(Result.DEFERRED, "recipient 450") == await session.send(seal(an_outgoing()))

            assert guessed == way_out.pace.draw(0.0)


def test_a_pace_draws_among_the_last_durations() -> None:
    """Chance chooses one; old ones are forgotten, and the guess with the first."""
    pace = Pace()
    assert 0.0 == pace.draw(0.5)
    pace.guess(3.0)
    assert 3.0 == pace.draw(0.5)
    for number in range(KEPT + 2):
        pace.took(float(number))

    assert [2.0, 2.0 + KEPT // 2, 1.0 + KEPT, 1.0 + KEPT] == [pace.draw(chance) for chance in (0.0, 0.5, 0.999, 1.0)]
