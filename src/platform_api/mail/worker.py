"""The mail worker: works through the queue of letters."""

import random
from collections.abc import Callable, Iterable
from datetime import timedelta

from platform_api.database.transaction import Database
from platform_api.foundation.metrics import Family
from platform_api.mail import store
from platform_api.mail.claiming import AddressHash, Claiming, InHand, PutAside
from platform_api.mail.envelope import Sender
from platform_api.mail.kinds import LetterKinds
from platform_api.mail.mail import LetterContext
from platform_api.mail.sending import LetterHandler
from platform_api.mail.settings import MailSettings
from platform_api.mail.transport import Session, Transport
from platform_api.mail.values import StoredLetter
from platform_api.work import Rest, Worker, WorkerSettings

_LEASE_MARGIN = timedelta(minutes=1)


def lease_of(settings: MailSettings, transport: Transport) -> timedelta:
    """How long one attempt may take before its worker counts as dead."""
    return settings.lease or transport.patience + _LEASE_MARGIN


class MailWorker(Worker[StoredLetter, InHand | PutAside, Session]):
    """Sends the letters of an installation. Several may run, in one process or on many nodes.

    Args:
        database: where the letters are.
        kinds: every kind of letter by its name.
        transport: sends mails.
        context: the context of rendering.
        sender: the sender of the mails.
        address_hash: the keyed hash under which suppressions store an address; the same on all nodes.
        settings: the numbers.
        chance: random numbers from 0 to 1.
        rest: waits between two ticks; None for the clock.
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
        numbers = settings or MailSettings()
        handler = LetterHandler(
            database,
            Claiming(kinds, numbers, sender.domain, address_hash),
            transport,
            context,
            sender=sender,
            address_hash=address_hash,
            settings=numbers,
            chance=chance,
        )
        pace = WorkerSettings(
            lease_of(numbers, transport), numbers.lanes, numbers.tick, numbers.outage_pause, numbers.stop_patience
        )
        super().__init__(database, store.LETTERS, handler, pace, chance=chance, rest=rest)
        self._outcomes = handler.outcomes

    def metrics(self) -> Iterable[Family]:
        """How attempts to send letters ended in this process."""
        return self._outcomes()


__all__ = ["MailWorker", "lease_of"]
