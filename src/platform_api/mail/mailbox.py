"""The built-in mailbox: the transport without a configured mail server, so that a first run needs none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.mail import store
from platform_api.mail.envelope import Envelope
from platform_api.mail.replies import SENT
from platform_api.mail.values import Outcome, StoredMessage


class MailboxTransport:
    """A `Transport` into the built-in mailbox. It is its own session."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def patience(self) -> timedelta:
        """The longest time that one `send` takes, on a busy database."""
        return timedelta(minutes=1)

    @asynccontextmanager
    async def session(self) -> AsyncIterator["MailboxTransport"]:
        """Itself: it is always available."""
        yield self

    async def send(self, envelope: Envelope) -> Outcome:
        """Store the mail, unless one with its Message-ID is there."""
        await self._database.write(lambda tx: _store(tx, envelope, envelope.outgoing.message_id, discarded=None))
        return SENT

    async def rehearse(self, envelope: Envelope) -> Outcome:
        """Store the mail under another Message-ID and delete it, in one transaction, by the statements of `send`."""
        stand_in = f"rehearsal of {envelope.outgoing.message_id}"
        await self._database.write(lambda tx: _store(tx, envelope, stand_in, discarded=stand_in))
        return SENT


async def _store(tx: Transaction, envelope: Envelope, message_id: str, discarded: str | None) -> None:
    """Add a mail to the mailbox, and delete the mail with the Message-ID `discarded`, if any."""
    outgoing = envelope.outgoing
    message = StoredMessage(
        id=new_id(),
        message_id=message_id,
        recipient_key=outgoing.recipient_key,
        recipient=envelope.recipient,
        sender=envelope.sender,
        subject=outgoing.mail.subject,
        text=outgoing.mail.text,
        html=outgoing.mail.html,
        headers=dict(outgoing.mail.headers),
        dated=outgoing.dated,
        stored_at=tx.now,
    )
    await store.add_message(tx, message, discarded)


__all__ = ["MailboxTransport"]
