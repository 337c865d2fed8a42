"""Any error with a letter fails that letter alone; the others are sent in the same round."""

import asyncio
import email.errors
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosmtplib
import jinja2
import pytest
import structlog
from tests.support.mail_queue import MailQueue, a_mail_queue, a_rendering
from tests.support.mail_server import a_mail_server
from tests.support.raw_smtp import a_raw_mail_server

from platform_api.database.errors import CommitFailed, DatabaseBusy
from platform_api.database.transaction import Transaction
from platform_api.mail.envelope import Envelope
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.replies import SENT
from platform_api.mail.smtp import SmtpTransport
from platform_api.mail.transport import Transport
from platform_api.mail.values import DropReason, LetterKey, LetterState, Outcome, Withhold
from servicehost.contract.scalars import Guid

INNOCENT = "innocent@example.com"
GUILTY = "guilty@example.com"
FAULTS = [
    ArithmeticError(),
    AssertionError("no"),
    AttributeError("no"),
    BufferError(),
    EOFError(),
    ExceptionGroup("several", [ValueError("no")]),
    ImportError("no"),
    KeyError("to"),
    MemoryError(),
    NotImplementedError(),
    OSError(5, "no"),
    ConnectionResetError(),
    RecursionError("too deep"),
    RuntimeError("no"),
    TimeoutError(),
    TypeError("no"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    ValueError("no"),
    asyncio.QueueEmpty(),
    aiosmtplib.SMTPException("no"),
    aiosmtplib.SMTPResponseException(-1, "no"),
    aiosmtplib.SMTPServerDisconnected("no"),
    aiosmtplib.SMTPReadTimeoutError("no"),
    email.errors.HeaderParseError("no"),
    email.errors.MessageParseError("no"),
    jinja2.UndefinedError("no"),
    ssl.SSLCertVerificationError("no"),
    ssl.SSLError("no"),
]
STAGES = ["load", "render", "encode", "send"]


@pytest.fixture(autouse=True)
def entries() -> Iterator[list[Any]]:
    """The log entries; writing them with all frames to the terminal would take most of the time."""
    with structlog.testing.capture_logs() as captured:
        yield captured


class _Broken(Mapping[str, str]):
    """Header fields that cannot be read, so that encoding the mail fails."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def __getitem__(self, key: str) -> str:
        raise self._fault

    def __iter__(self) -> Iterator[str]:
        raise self._fault

    def __len__(self) -> int:
        return 1


class _Way:
    """A transport that keeps mails, and fails for one address."""

    patience = timedelta(minutes=1)

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.taken: list[str] = []

    @asynccontextmanager
    async def session(self) -> AsyncIterator["_Way"]:
        """Itself."""
        yield self

    async def send(self, envelope: Envelope) -> Outcome:
        """Take a letter."""
        await self.rehearse(envelope)
        self.taken.append(envelope.recipient)
        return SENT

    async def rehearse(self, envelope: Envelope) -> Outcome:
        """Fail as sending does."""
        if self.fault and envelope.recipient == GUILTY:
            raise self.fault
        return SENT


class _Trial:
    """A round of sending with one letter that fails at a stage, and a sound one after it."""

    def __init__(self, box: MailQueue, stage: str, fault: Exception, *, withheld: bool = False) -> None:
        self.box, self.stage, self.fault, self.withheld = box, stage, fault, withheld
        self.way_out = _Way(fault if stage == "send" else None)
        self.guilty: Guid | None = None

    async def load(self, _tx: Transaction, key: LetterKey) -> Any:
        """Facts, or the fault."""
        if key.subject_id != self.guilty:
            return INNOCENT
        if self.stage == "load":
            raise self.fault
        return Withhold(DropReason.IGNORED, GUILTY) if self.withheld else GUILTY

    def render(self, facts: str, context: LetterContext) -> Mail:
        """A mail, or the fault."""
        mail = a_rendering(facts, context)
        if facts == GUILTY and self.stage == "render":
            raise self.fault
        if facts == GUILTY and self.stage == "encode":
            return Mail(mail.to, mail.subject, mail.text, mail.html, _Broken(self.fault))
        return mail

    async def round(self) -> tuple[Guid, Guid]:
        """Queue both letters, the guilty one first, and send what is due; their subjects."""
        (self.guilty,) = await self.box.enqueue(to=GUILTY)
        (innocent,) = await self.box.enqueue(to=INNOCENT)
        await self.again()
        return self.guilty, innocent

    async def again(self) -> None:
        """Send what is due."""
        way_out: Transport = self.way_out
        pauses = (timedelta(hours=1), timedelta(hours=1))
        await self.box.worker(
            way_out, render=self.render, load=self.load, retries=pauses, daily_letters=None
        ).drain_once()


@pytest.mark.parametrize("withheld", [False, True], ids=["sent", "withheld"])
@pytest.mark.parametrize("stage", STAGES)
async def test_a_fault_is_one_letters_own(tmp_path: Path, stage: str, withheld: bool, entries: list[Any]) -> None:
    """Every stage may raise anything: the letter behind it goes in the same round, the reason names no person."""
    async with a_mail_queue(tmp_path) as box:
        for fault in FAULTS:
            trial = _Trial(box, stage, fault, withheld=withheld)
            guilty, innocent = await trial.round()
            letter = await box.letter(guilty)

            assert (LetterState.DEFERRED, f"{stage}: {type(fault).__name__}") == (letter.state, letter.reason)
            assert LetterState.SENT is (await box.letter(innocent)).state
            assert [INNOCENT] == trial.way_out.taken
        assert len(FAULTS) == sum(entry["log_level"] == "error" for entry in entries)


@pytest.mark.parametrize(("rounds", "stage"), [(3, "load"), (2, "render"), (2, "encode"), (2, "send")])
async def test_a_fault_that_repeats_ends_the_letter(tmp_path: Path, rounds: int, stage: str) -> None:
    """A letter that cannot be made is not tried for hours; one that cannot be loaded as often as others, and no more."""
    async with a_mail_queue(tmp_path) as box:
        trial = _Trial(box, stage, KeyError("to"))
        guilty, _ = await trial.round()
        states = []
        for _ in range(rounds - 1):
            states.append((await box.letter(guilty)).state)
            await box.hour_passes()
            await trial.again()
        letter = await box.letter(guilty)

        assert [LetterState.DEFERRED] * (rounds - 1) == states
        assert (LetterState.FAILED, f"{stage}: KeyError", None) == (letter.state, letter.reason, letter.due_at)


@pytest.mark.parametrize("trouble", [DatabaseBusy(), CommitFailed()])
@pytest.mark.parametrize("stage", ["load", "send"])
async def test_trouble_with_the_database_is_no_letters_fault(tmp_path: Path, stage: str, trouble: Exception) -> None:
    """The lane pauses, and the letter keeps its attempts."""
    async with a_mail_queue(tmp_path) as box:
        trial = _Trial(box, stage, trouble)
        with pytest.raises(type(trouble)):
            await trial.round()

        assert trial.guilty is not None
        assert (await box.letter(trial.guilty)).reason is None


ATTACK = "=?unicode_escape?q?=5Cud800_1?=@example.com"


async def test_the_letters_that_stalled_all_mail_are_sent_like_any_other(tmp_path: Path) -> None:
    """Fourteen letters to an address that the standard library cannot encode delay no other letter."""
    async with a_mail_queue(tmp_path) as box, a_raw_mail_server() as server:
        for _ in range(14):
            box.verdict = ATTACK
            await box.enqueue(to=ATTACK)
        (innocent,) = await box.enqueue(to=INNOCENT)
        way_out = SmtpTransport(server.settings())
        assert 15 == await box.worker(way_out, daily_letters=None).drain_once()

        assert LetterState.SENT is (await box.letter(innocent)).state
        assert [ATTACK] * 14 == server.taken[:14]


async def test_letters_that_cannot_be_encoded_hold_up_nobody(tmp_path: Path) -> None:
    """A lone surrogate fails its letter at once; the other letter is sent in the same round."""
    async with a_mail_queue(tmp_path) as box, a_mail_server() as server:
        facts = iter(["\ud800@example.com"] * 14 + [INNOCENT])
        subjects = await box.enqueue(15)

        def render(_facts: str, context: LetterContext) -> Mail:
            return a_rendering(next(facts), context)

        assert 15 == await box.worker(server, daily_letters=None, render=render).drain_once()
        states = [(await box.letter(subject)).state for subject in subjects]

        assert [LetterState.FAILED] * 14 + [LetterState.SENT] == states
        assert "unsafe: an address holds characters that readers do not see" == (await box.letter(subjects[0])).reason
