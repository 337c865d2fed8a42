"""The work on a letter: it is rendered, encoded, handed to the transport, and its outcome recorded."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from platform_api import work
from platform_api.database.transaction import Database, Transaction
from platform_api.mail import rules, store
from platform_api.mail.claiming import AddressHash, Claiming, InHand, PutAside
from platform_api.mail.envelope import Outgoing, Sender, UnsafeMail, seal
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.metrics import LetterOutcomes
from platform_api.mail.settings import MailSettings
from platform_api.mail.transport import Session, Transport
from platform_api.mail.values import Outcome, Result, StoredLetter
from servicehost.contract.errors import ServiceUnavailable

_log = structlog.get_logger(__name__)


class LetterHandler:
    """The handler of the mail worker; see `platform_api.work.WorkHandler`.

    Args:
        database: where the letters are.
        claiming: decides what is done with a claimed letter.
        transport: sends mails.
        context: the context of rendering.
        sender: the sender of the mails.
        address_hash: the keyed hash under which suppressions store an address; the same on all nodes.
        settings: the numbers.
        chance: random numbers from 0 to 1.

    Attributes:
        outcomes: how the attempts of this process ended.
    """

    def __init__(
        self,
        database: Database,
        claiming: Claiming,
        transport: Transport,
        context: LetterContext,
        *,
        sender: Sender,
        address_hash: AddressHash,
        settings: MailSettings,
        chance: Callable[[], float],
    ) -> None:
        self._database = database
        self._claiming = claiming
        self._transport = transport
        self._context = context
        self._sender = sender
        self._address_hash = address_hash
        self._settings = settings
        self._chance = chance
        self.outcomes = LetterOutcomes()

    def open(self) -> AbstractAsyncContextManager[Session]:
        """A session with the mail server, for the letters that wait now.

        Raises:
            TransportUnavailable: on entering, when the server cannot be used.
        """
        return self._transport.session()

    async def claimed(self, tx: Transaction, item: StoredLetter) -> InHand | PutAside:
        """Decide what is done with a claimed letter, and write that."""
        return await self._claiming.claimed(tx, item)

    async def perform(self, resource: Session, task: InHand | PutAside) -> None:
        """Send a letter in hand and record the outcome.

        Raises:
            ServiceUnavailable: the database cannot be used.
        """
        if isinstance(task, PutAside):
            _log.info("letter put aside", **_logged(task.letter))
        else:
            await self._record(task, await self._send(resource, task))

    async def put_off(self, tx: Transaction, item: StoredLetter, error: Exception, chance: float) -> None:
        """Count an attempt of a letter that cannot be loaded."""
        outcome = Outcome(Result.DEFERRED, _reason("load", error))
        after = self._claiming.put_off(item, outcome, tx.now, chance)
        await work.keep(tx, store.LETTERS, item, after)

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
        except Exception as error:  # noqa: BLE001 - any error is recorded for this letter alone
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
        """Write how an attempt ended."""
        letter, chance = in_hand.letter, self._chance()

        async def unit(tx: Transaction) -> StoredLetter:
            after = rules.settle(letter, outcome, tx.now, self._settings, chance)
            await work.keep(tx, store.LETTERS, letter, after)
            if outcome.suppress:
                await store.suppress(tx, self._address_hash(in_hand.recipient_key), outcome.reason or "bounced")
            return after

        after = await self._database.write(unit)
        self.outcomes.count(outcome.result)
        _log.info("letter handed over", **_logged(after))


def _fault(stage: str, error: Exception) -> Outcome:
    """The outcome of an attempt that failed because of the program."""
    return Outcome(Result.DEFERRED, _reason(stage, error), fault=True)


def _reason(stage: str, error: Exception) -> str:
    """The stage and the class of an error; its text is left out, since it may contain names and addresses."""
    return f"{stage}: {type(error).__name__}"


def _logged(letter: StoredLetter) -> dict[str, str | int | None]:
    """The fields of a letter that may be logged: nothing about its recipient."""
    return {
        "letter": letter.id,
        "kind": letter.kind,
        "subject": letter.subject_id,
        "state": letter.state,
        "attempts": letter.attempts,
        "reason": letter.reason,
    }


__all__ = ["LetterHandler"]
