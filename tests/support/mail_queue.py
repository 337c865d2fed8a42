"""A mail queue on a real database, with letters about subjects that a test can end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import structs
from sqlalchemy import Boolean, Column, MetaData, Table, bindparam, insert, select, update
from tests.support import stores
from tests.support.letters import PLATFORM, RECIPIENT, a_context
from tests.support.mail_server import MailServer

from platform_api import mail
from platform_api.database.columns import GuidColumn
from platform_api.database.metadata import metadata
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.mail import store
from platform_api.mail.kinds import LetterKind, by_name
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.settings import MailSettings
from platform_api.mail.smtp import SmtpTransport
from platform_api.mail.tables import letters
from platform_api.mail.transport import Transport
from platform_api.mail.values import (
    DeliveryView,
    Drop,
    Letter,
    LetterKey,
    StoredLetter,
    Wait,
    Withhold,
)
from platform_api.mail.worker import MailWorker
from platform_api.work import Rest
from servicehost.contract.scalars import Guid

KIND = "invitation"
ACCOUNT_KIND = "password reset"
IMPATIENT = MailSettings(
    retries=(timedelta(0), timedelta(0)),
    slow_retry=timedelta(0),
    lease=timedelta(milliseconds=1),
    tick=timedelta(milliseconds=20),
    outage_pause=timedelta(milliseconds=1),
)
"""Every pause is over at once."""

_own = MetaData()
_subjects = Table(
    "subjects", _own, Column("id", GuidColumn, primary_key=True), Column("pending", Boolean, nullable=False)
)
_ADD = Command(insert(_subjects))
_END = Command(update(_subjects).where(_subjects.c.id == bindparam("subject")).values(pending=False))
_MAKE_DUE = Command(update(letters).where(letters.c.due_at.is_not(None)).values(due_at=bindparam("now")))
_IS_PENDING = Query(select(_subjects.c.pending).where(_subjects.c.id == bindparam("id")), bool)

Verdict = str | Drop | Wait | Withhold[str]


@dataclass
class MailQueue:
    """A mail queue with one kind of letter.

    Attributes:
        database: database with its rows.
        verdict: result of loading a letter whose subject is pending.
        broken: subjects whose letters cannot be loaded.
    """

    database: Database
    verdict: Verdict = RECIPIENT
    broken: set[Guid] = field(default_factory=set)

    async def enqueue(
        self, count: int = 1, *, to: str = RECIPIENT, kind: str = KIND, by: Guid | None = None, on: Guid | None = None
    ) -> list[Guid]:
        """Queue letters about new subjects, each in its own transaction; `by` a person, `on` behalf of a contact."""
        return [
            await self.database.write(lambda tx: self.enqueue_in(tx, to=to, kind=kind, by=by, on=on))
            for _ in range(count)
        ]

    async def enqueue_in(
        self, tx: Transaction, *, to: str = RECIPIENT, kind: str = KIND, by: Guid | None = None, on: Guid | None = None
    ) -> Guid:
        """Queue a letter about a new subject."""
        subject = new_id()
        await tx.execute(_ADD, id=subject, pending=True)
        await mail.enqueue(tx, Letter(kind, subject, 1, to, sent_by=by, sent_for=on))
        return subject

    async def end(self, subject: Guid) -> datetime:
        """End a subject without changing its letters; return the time."""

        async def unit(tx: Transaction) -> datetime:
            await tx.execute(_END, subject=subject)
            return tx.now

        return await self.database.write(unit)

    async def load(self, tx: Transaction, key: LetterKey) -> Verdict:
        """Load the facts of a letter: its recipient."""
        if key.subject_id in self.broken:
            raise LookupError("a row is missing")
        return self.verdict if await tx.one(_IS_PENDING, id=key.subject_id) else Drop()

    def worker(
        self,
        way_out: MailServer | Transport,
        settings: MailSettings = IMPATIENT,
        render: Callable[[str, LetterContext], Mail] | None = None,
        load: Callable[[Transaction, LetterKey], Coroutine[Any, Any, Verdict]] | None = None,
        rest: Rest | None = None,
        chance: Callable[[], float] = lambda: 0.0,
        **changes: Any,
    ) -> MailWorker:
        """Create a worker for this queue."""
        transport = SmtpTransport(way_out.settings()) if isinstance(way_out, MailServer) else way_out
        return MailWorker(
            self.database,
            by_name(
                LetterKind(KIND, load or self.load, render or a_rendering),
                LetterKind(ACCOUNT_KIND, load or self.load, render or a_rendering, allowance=None),
            ),
            transport,
            a_context(),
            sender=PLATFORM,
            address_hash=lambda key: f"hash of {key}",
            settings=structs.replace(settings, **changes),
            chance=chance,
            rest=rest,
        )

    async def hour_passes(self) -> None:
        """Make every waiting letter due."""
        await self.database.write(lambda tx: tx.execute(_MAKE_DUE, now=tx.now))

    async def letter(self, subject: Guid) -> StoredLetter:
        """Return the latest letter about a subject."""
        return (await self.database.read(lambda tx: store.of_subjects(tx, [subject])))[-1]

    async def delivery(self, subject: Guid) -> DeliveryView | None:
        """Return the delivery as the sender of a letter sees it."""
        return (await self.database.read(lambda tx: mail.delivery_of(tx, [subject]))).get(subject)


def a_rendering(facts: str, context: LetterContext) -> Mail:
    """Return a mail to the address in the facts."""
    return Mail.compose(context, to=facts, subject="An invitation", paragraphs=["You are invited."])


@asynccontextmanager
async def a_mail_queue(folder: Path, verdict: Verdict = RECIPIENT) -> AsyncIterator[MailQueue]:
    """Create an empty mail queue; opening the same folder again simulates another process."""
    engine = await asyncio.to_thread(stores.an_engine, folder / "letters.db", metadata, _own)
    async with engine.open() as database:
        yield MailQueue(database, verdict)


__all__ = ["ACCOUNT_KIND", "IMPATIENT", "KIND", "MailQueue", "Verdict", "a_mail_queue", "a_rendering"]
