"""The built-in mailbox: where mail goes when no mail server is configured, so that the first run needs nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from platform_api.database.transaction import Database, Transaction
from platform_api.ids import new_id
from platform_api.outbox import store
from platform_api.outbox.envelope import Outgoing, UnsafeMail, seal
from platform_api.outbox.replies import SENT
from platform_api.outbox.values import Outcome, Result, StoredMessage


class MailboxTransport:
    """A `Transport` into the built-in mailbox. It is its own session."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def patience(self) -> timedelta:
        """The longest time that one `send` takes: what a busy database may need."""
        return timedelta(minutes=1)

    @asynccontextmanager
    async def session(self) -> AsyncIterator["MailboxTransport"]:
        """Always at hand."""
        yield self

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Store the mail, unless it is there already: copies are folded by their Message-ID."""
        try:
            envelope = seal(outgoing)
        except UnsafeMail as error:
            return Outcome(Result.FAILED, f"unsafe: {error}")

        async def unit(tx: Transaction) -> None:
            message = StoredMessage(
                id=new_id(),
                message_id=outgoing.message_id,
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
            await store.add_message(tx, message)

        await self._database.write(unit)
        return SENT


__all__ = ["MailboxTransport"]
