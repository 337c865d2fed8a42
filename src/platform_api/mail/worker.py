"""The worker: takes due letters in hand one by one, renders them, hands them to the transport, records the truth."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import structlog

from platform_api.database.transaction import Database, Transaction
from platform_api.mail import rules, store
from platform_api.mail.claiming import AddressHash, Attempt, Claiming, InHand, PutAside
from platform_api.mail.envelope import Outgoing, Sender, UnsafeMail, seal
from platform_api.mail.kinds import LetterKinds
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.transport import Session, Transport, TransportUnavailable
from platform_api.mail.values import MailSettings, Outcome, Result, StoredLetter
from servicehost.contract.errors import ServiceUnavailable

_log = structlog.get_logger(__name__)

TICK_JITTER = 0.5
"""By which part of itself the time between two ticks may be longer or shorter."""

_LONGEST_OUTAGE_PAUSE = 60.0
_LEASE_MARGIN = timedelta(minutes=1)


Rest = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits for so many seconds, or until the event is set."""


def lease_of(settings: MailSettings, transport: Transport) -> timedelta:
    """How long one attempt may take before its worker counts as dead."""
    return settings.lease or transport.patience + _LEASE_MARGIN


class MailWorker:
    """Sends the letters of an installation. Several may run, in one process or on many nodes.

    Args:
        database: where the letters are.
        kinds: every kind of letter by its name.
        transport: the way out.
        context: what rendering needs.
        sender: who the mails come from.
        address_hash: the keyed hash by which suppressions know an address; the same on all nodes.
        settings: the numbers.
        chance: random numbers from 0 to 1.
        rest: waits between two ticks; None for the clock.

    Attributes:
        lease: how long one attempt may take before its worker counts as dead.
    """

    def __init__(
        self,
        database: Database,
        kinds: LetterKinds,
        transport: Transport,
        context: LetterContext,
        *,
        sender: Sender,
        address_hash: AddressHash,
        settings: MailSettings | None = None,
        chance: Callable[[], float] = random.random,
        rest: Rest | None = None,
    ) -> None:
        self._database = database
        self._transport = transport
        self._context = context
        self._sender = sender
        self._address_hash = address_hash
        self._settings = settings or MailSettings()
        self._chance = chance
        self.lease = lease_of(self._settings, transport)
        self._claiming = Claiming(kinds, self._settings, self.lease, sender.domain, address_hash)
        self._stopped = asyncio.Event()
        self._rest = rest or _rested
        self._outages = 0

    async def run(self) -> None:
        """Send letters until `stop`; returns when every letter in hand has been recorded."""
        async with asyncio.TaskGroup() as lanes:
            for number in range(self._settings.lanes):
                lanes.create_task(self._lane(number))
            await self._stopped.wait()

    def stop(self) -> None:
        """Take no further letter in hand."""
        self._stopped.set()

    async def drain_once(self) -> int:
        """Deal with every letter that is due now; how many there were.

        Raises:
            TransportUnavailable: there is no way out; the letters wait.
        """
        return await self._drain(0)

    async def _lane(self, number: int) -> None:
        """One letter at a time, until stopped. The second lane helps when there are two letters, and so on.

        It looks for letters at its own ticks and at no other time: a lane that a new letter woke would let a client
        feel, by requests sent right after its own, whether that request had a letter sent.
        """
        pause = self._tick()
        while not self._stopped.is_set():
            await self._rest(self._stopped, pause)
            try:
                await self._drain(number)
                self._outages = 0
                pause = self._tick()
            except TransportUnavailable as error:
                _log.warning("mail server unavailable", reason=error.reason)
                pause = self._outage_pause()
            except Exception:  # noqa: BLE001 - a lane never ends: what fails now may work later
                _log.exception("outbox stumbled")
                pause = self._outage_pause()

    async def _drain(self, number: int) -> int:
        """Deal with due letters until none is left; the way out is opened only when there is one for this lane."""
        if self._stopped.is_set() or await self._database.read(self._due_now) <= number:
            return 0
        handled = 0
        async with self._transport.session() as session:
            while not self._stopped.is_set() and await self._turn(session):
                handled += 1
        return handled

    async def _turn(self, session: Session) -> bool:
        """Deal with one letter; False when none is due."""
        attempt = Attempt()
        try:
            claimed = await self._database.write(lambda tx: self._claiming.claim(tx, attempt))
        except ServiceUnavailable:
            raise
        except Exception as error:  # whatever it is, it belongs to this letter alone
            if attempt.letter is None:
                raise
            _log.exception("letter failed to load", kind=attempt.letter.kind, letter=attempt.letter.id)
            await self._put_off(attempt.letter, error)
            return True
        if isinstance(claimed, InHand):
            await self._record(claimed, await self._send(session, claimed))
        elif isinstance(claimed, PutAside):
            _log.info("letter put aside", **_said_of(claimed.letter))
        return claimed is not None

    async def _send(self, session: Session, in_hand: InHand) -> Outcome:
        """Render a letter, encode it and hand it over; a withheld one is only rehearsed.

        Raises:
            ServiceUnavailable: the database cannot be used.
        """
        stage = "render"
        try:
            mail = in_hand.kind.render(in_hand.facts, self._context)
            stage = "encode"
            envelope = seal(self._outgoing(in_hand, mail))
            stage = "send"
            if in_hand.withheld is None:
                return await session.send(envelope)
            outcome = await session.rehearse(envelope)
        except UnsafeMail as error:
            return Outcome(Result.FAILED, f"unsafe: {error}")
        except ServiceUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this letter alone
            _log.exception(f"letter failed to {stage}", kind=in_hand.letter.kind, letter=in_hand.letter.id)
            return _fault(stage, error)
        return in_hand.withheld if outcome.result is Result.SENT else outcome

    def _outgoing(self, in_hand: InHand, mail: Mail) -> Outgoing:
        letter = in_hand.letter
        return Outgoing(
            letter_id=letter.id,
            recipient_key=in_hand.recipient_key,
            sender=self._sender,
            mail=mail,
            message_id=letter.message_id or "",
            dated=letter.dated or letter.created_at,
        )

    async def _record(self, in_hand: InHand, outcome: Outcome) -> None:
        """Write down how an attempt ended."""
        letter, chance = in_hand.letter, self._chance()

        async def unit(tx: Transaction) -> StoredLetter:
            after = rules.settle(letter, outcome, tx.now, self._settings, chance)
            await store.keep(tx, letter, after)
            if outcome.suppress:
                await store.suppress(tx, self._address_hash(in_hand.recipient_key), outcome.reason or "bounced")
            return after

        _log.info("letter handed over", **_said_of(await self._database.write(unit)))

    async def _put_off(self, letter: StoredLetter, error: Exception) -> None:
        """Count an attempt of a letter that cannot even be loaded, so that the ones behind it get their turn."""
        chance = self._chance()

        async def unit(tx: Transaction) -> None:
            begun = rules.begin(letter, tx.now, self._sender.domain)
            outcome = Outcome(Result.DEFERRED, _reason("load", error))
            after = rules.settle(begun, outcome, tx.now, self._settings, chance)
            await store.keep(tx, replace(letter, state=rules.resting_state(letter)), after)

        await self._database.write(unit)

    async def _due_now(self, tx: Transaction) -> int:
        """How many letters are due, as far as there are lanes for them."""
        return await store.count_due(tx, max(self._settings.lanes, 1))

    def _tick(self) -> float:
        """Seconds until the next look for letters."""
        return self._settings.tick.total_seconds() * (1 + TICK_JITTER * (2 * self._chance() - 1))

    def _outage_pause(self) -> float:
        """Seconds until the next try; longer each time."""
        self._outages += 1
        doublings = min(self._outages - 1, 16)
        return min(self._settings.outage_pause.total_seconds() * (1 << doublings), _LONGEST_OUTAGE_PAUSE)


async def _rested(stopped: asyncio.Event, seconds: float) -> None:
    """Wait for so many seconds, or until stopped."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopped.wait()


def _fault(stage: str, error: Exception) -> Outcome:
    """The outcome of an attempt that the program itself could not finish."""
    return Outcome(Result.DEFERRED, _reason(stage, error), fault=True)


def _reason(stage: str, error: Exception) -> str:
    """Where an attempt failed and the class of the error; its words may hold names and addresses."""
    return f"{stage}: {type(error).__name__}"


def _said_of(letter: StoredLetter) -> dict[str, str | int | None]:
    """What a log may say of a letter: nothing of who gets it."""
    return {
        "letter": letter.id,
        "kind": letter.kind,
        "subject": letter.subject_id,
        "state": letter.state,
        "attempts": letter.attempts,
        "reason": letter.reason,
    }


__all__ = ["TICK_JITTER", "MailWorker", "Rest", "lease_of"]
