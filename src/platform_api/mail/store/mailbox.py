"""SQL of the built-in mailbox."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select as _Select
from sqlalchemy import bindparam, delete, select

from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.lists.values import LAST_ID, Window
from platform_api.mail.tables import mailbox, mailbox_totals
from platform_api.mail.values import MessageSummary, StoredMessage
from servicehost.contract.scalars import Guid

_MAILS = "mails in the mailbox"

_ADD_TO_COUNT = Command(
    upsert(
        mailbox_totals,
        key=[mailbox_totals.c.name],
        values={"name": _MAILS, "total": bindparam("amount")},
        change=lambda new: {"total": mailbox_totals.c.total + new.total},
    )
)


async def _count(tx: Transaction, amount: int) -> None:
    """Add to the total, even 0: a rehearsal executes the same statements as a sending."""
    await tx.execute(_ADD_TO_COUNT, amount=amount)


_ADD_MESSAGE = Command(upsert(mailbox, key=[mailbox.c.message_id]))
_DISCARD_MESSAGE = Command(delete(mailbox).where(mailbox.c.message_id == bindparam("discarded")))


async def add_message(tx: Transaction, message: StoredMessage, discarded: str | None) -> None:
    """Store a mail unless one with its Message-ID is there; then delete the mail with the Message-ID `discarded`."""
    row = {field.name: getattr(message, field.name) for field in fields(message)}
    added = await tx.execute(_ADD_MESSAGE, **row)
    await _count(tx, added - await tx.execute(_DISCARD_MESSAGE, discarded=discarded))


_MESSAGES: _Select[Any] = select(*(mailbox.c[field.name] for field in fields(StoredMessage)))
_GET_MESSAGE = Query(_MESSAGES.where(mailbox.c.id == bindparam("id")), StoredMessage)


async def get_message(tx: Transaction, message_id: Guid) -> StoredMessage | None:
    """A mail of the mailbox, or None."""
    return await tx.one(_GET_MESSAGE, id=message_id)


_PAGE = (
    select(mailbox.c.id)
    .where(mailbox.c.id < bindparam("after"))
    .order_by(mailbox.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_SUMMARIES = Query(
    select(*(mailbox.c[field.name] for field in fields(MessageSummary)))
    .where(mailbox.c.id.in_(_PAGE))
    .order_by(mailbox.c.id.desc()),
    MessageSummary,
)


async def summaries(tx: Transaction, window: Window) -> list[MessageSummary]:
    """The mails of a window, the newest first."""
    return await tx.all(_SUMMARIES, after=window.after or LAST_ID, offset=window.offset, limit=window.limit)


_COUNT_MESSAGES = Query(select(mailbox_totals.c.total).where(mailbox_totals.c.name == _MAILS), int)


async def count_messages(tx: Transaction) -> int:
    """Number of mails in the mailbox."""
    return await tx.one(_COUNT_MESSAGES) or 0


_EMPTY_MAILBOX = Command(delete(mailbox).where(in_list(mailbox.c.recipient_key, "address_keys")))


async def empty_mailbox(tx: Transaction, address_keys: Sequence[str]) -> None:
    """Delete the mails to some addresses."""
    await _count(tx, -await tx.execute(_EMPTY_MAILBOX, address_keys=list(address_keys)))


_OLD = (
    select(mailbox.c.id)
    .where(mailbox.c.stored_at < bindparam("before"))
    .order_by(mailbox.c.stored_at)
    .limit(bindparam("limit"))
)
_PURGE_MAILBOX = Command(delete(mailbox).where(mailbox.c.id.in_(_OLD)))


async def purge_mailbox(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete the mails that were stored before a moment, the oldest first; returns their number."""
    purged = await tx.execute(_PURGE_MAILBOX, before=before, limit=limit)
    await _count(tx, -purged)
    return purged


__all__ = [
    "add_message",
    "count_messages",
    "empty_mailbox",
    "get_message",
    "purge_mailbox",
    "summaries",
]
