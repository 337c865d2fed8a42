"""The SQL of the outbox, and nothing else. Rows become values here."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy import Select as _Select

from platform_api.database.errors import UniqueViolation
from platform_api.database.expressions import claim as claim_rows
from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.mail.tables import letters, mailbox, outbox_totals, suppressions
from platform_api.mail.values import DropReason, Letter, LetterState, MessageSummary, StoredLetter, StoredMessage
from servicehost.contract.scalars import Guid

_STATES = {state.value: state for state in LetterState}
_COLUMNS: list[Column[Any]] = [letters.c[field.name] for field in fields(StoredLetter)]
_MUTABLE = (
    "state",
    "attempts",
    "doubts",
    "due_at",
    "lease_until",
    "message_id",
    "dated",
    "reason",
    "attempted_at",
    "settled_at",
)
_LAST_ID = Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")
_IS_WAITING = letters.c.due_at.is_not(None)
_DROPPED = case((letters.c.doubts > 0, LetterState.UNKNOWN.value), else_=LetterState.DROPPED.value)


def _letter(*row: Any) -> StoredLetter:
    """A row of `_COLUMNS` as a value."""
    return StoredLetter(*(*row[:6], _STATES[row[6]], *row[7:]))


_LETTERS: _Select[Any] = select(*_COLUMNS)
_OBSOLETE: dict[str, Any] = {
    "state": _DROPPED,
    "reason": DropReason.OBSOLETE.value,
    "due_at": None,
    "settled_at": bindparam("now"),
}

_OF_NEW = (
    "id",
    "kind",
    "subject_id",
    "version",
    "series",
    "recipient_key",
    "due_at",
    "created_at",
    "sent_by",
    "sent_for",
)
_NEW: dict[str, Any] = {name: bindparam(name) for name in _OF_NEW}

ADD = Command(
    upsert(
        letters,
        key=[letters.c.subject_id, letters.c.version, letters.c.kind, letters.c.series],
        values=_NEW | {"state": LetterState.QUEUED.value, "attempts": 0, "doubts": 0},
    )
)
REPLACE_WAITING = Command(
    update(letters)
    .where(
        letters.c.subject_id == bindparam("subject"),
        letters.c.kind == bindparam("of_kind"),
        letters.c.attempts == 0,
        _IS_WAITING,
        letters.c.version <= bindparam("version"),
        ~and_(letters.c.version == bindparam("version"), letters.c.series >= bindparam("series")),
    )
    .values({name: bindparam(name) for name in _OF_NEW if name not in ("id", "kind", "subject_id")})
)
CLAIM = Query(
    claim_rows(
        letters,
        due=letters.c.due_at <= bindparam("now"),
        oldest=letters.c.due_at,
        values={"state": LetterState.SENDING.value, "due_at": None, "lease_until": bindparam("lease_until")},
    ).returning(*_COLUMNS),
    _letter,
)
_DUE = select(letters.c.id).where(letters.c.due_at <= bindparam("now")).limit(bindparam("limit")).subquery()
COUNT_DUE = Query(select(func.count()).select_from(_DUE), int)
ABANDONED = Query(
    _LETTERS.where(letters.c.lease_until <= bindparam("now")).order_by(letters.c.lease_until).limit(bindparam("limit")),
    _letter,
)
OF_SUBJECTS = Query(
    _LETTERS.where(in_list(letters.c.subject_id, "subject_ids")).order_by(
        letters.c.version, letters.c.series, letters.c.id
    ),
    _letter,
)
KEEP = Command(
    update(letters)
    .where(
        letters.c.id == bindparam("id_"),
        letters.c.attempts == bindparam("attempts_before"),
        or_(letters.c.state == bindparam("state_before"), letters.c.state == LetterState.UNKNOWN.value),
    )
    .values({name: bindparam(name) for name in _MUTABLE})
)
DROP = Command(update(letters).where(letters.c.subject_id == bindparam("subject"), _IS_WAITING).values(_OBSOLETE))
DROP_KINDS = Command(
    update(letters)
    .where(letters.c.subject_id == bindparam("subject"), _IS_WAITING, in_list(letters.c.kind, "kinds"))
    .values(_OBSOLETE)
)
_TWINS = letters.alias("twins")
REPOINT = Command(
    update(letters)
    .where(
        letters.c.subject_id == bindparam("source"),
        ~select(_TWINS.c.id)
        .where(
            _TWINS.c.subject_id == bindparam("into"),
            _TWINS.c.version == letters.c.version,
            _TWINS.c.kind == letters.c.kind,
            _TWINS.c.series == letters.c.series,
        )
        .exists(),
    )
    .values(subject_id=bindparam("into"))
)
FORGET_ADDRESSES = Command(
    update(letters)
    .where(in_list(letters.c.recipient_key, "address_keys"))
    .values(
        recipient_key=None,
        state=case((_IS_WAITING, _DROPPED), else_=letters.c.state),
        reason=case((_IS_WAITING, DropReason.ERASED.value), else_=letters.c.reason),
        settled_at=case((_IS_WAITING, bindparam("now")), else_=letters.c.settled_at),
        due_at=None,
    )
)
_SETTLED = (
    select(letters.c.id)
    .where(
        letters.c.recipient_key.is_not(None),
        letters.c.settled_at < bindparam("before"),
        letters.c.due_at.is_(None),
        letters.c.lease_until.is_(None),
    )
    .order_by(letters.c.settled_at)
    .limit(bindparam("limit"))
)
FORGET_SETTLED = Command(update(letters).where(letters.c.id.in_(_SETTLED)).values(recipient_key=None))
SUPPRESSION = Query(select(suppressions.c.reason).where(suppressions.c.address_hash == bindparam("address_hash")), str)
SUPPRESS = Command(upsert(suppressions, key=[suppressions.c.address_hash]))

_MESSAGES: _Select[Any] = select(*(mailbox.c[field.name] for field in fields(StoredMessage)))
ADD_MESSAGE = Command(upsert(mailbox, key=[mailbox.c.message_id]))
MESSAGE = Query(_MESSAGES.where(mailbox.c.id == bindparam("id")), StoredMessage)
_PAGE = (
    select(mailbox.c.id)
    .where(mailbox.c.id < bindparam("after"))
    .order_by(mailbox.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
SUMMARIES = Query(
    select(*(mailbox.c[field.name] for field in fields(MessageSummary)))
    .where(mailbox.c.id.in_(_PAGE))
    .order_by(mailbox.c.id.desc()),
    MessageSummary,
)
_MAILS = "mails in the mailbox"
COUNT_MESSAGES = Query(select(outbox_totals.c.total).where(outbox_totals.c.name == _MAILS), int)
ADD_TO_COUNT = Command(
    upsert(
        outbox_totals,
        key=[outbox_totals.c.name],
        values={"name": _MAILS, "total": bindparam("amount")},
        change=lambda new: {"total": outbox_totals.c.total + new.total},
    )
)
EMPTY_MAILBOX = Command(delete(mailbox).where(in_list(mailbox.c.recipient_key, "address_keys")))
DISCARD_MESSAGE = Command(delete(mailbox).where(mailbox.c.message_id == bindparam("discarded")))
_OLD = (
    select(mailbox.c.id)
    .where(mailbox.c.stored_at < bindparam("before"))
    .order_by(mailbox.c.stored_at)
    .limit(bindparam("limit"))
)
PURGE_MAILBOX = Command(delete(mailbox).where(mailbox.c.id.in_(_OLD)))


async def add(tx: Transaction, letter: Letter, letter_id: Guid) -> bool:
    """Keep a new letter; False when there is one with its subject, version, kind and series."""
    touched = await tx.execute(
        ADD,
        id=letter_id,
        kind=letter.kind,
        subject_id=letter.subject_id,
        version=letter.version,
        series=letter.series,
        recipient_key=letter.recipient_key,
        due_at=letter.due_at or tx.now,
        created_at=tx.now,
        sent_by=letter.sent_by,
        sent_for=letter.sent_for,
    )
    return touched == 1


async def replace_waiting(tx: Transaction, letter: Letter) -> bool:
    """Write a new letter over an earlier version that was never tried; False when there is none."""
    try:
        touched = await tx.execute(
            REPLACE_WAITING,
            subject=letter.subject_id,
            of_kind=letter.kind,
            version=letter.version,
            series=letter.series,
            recipient_key=letter.recipient_key,
            due_at=letter.due_at or tx.now,
            created_at=tx.now,
            sent_by=letter.sent_by,
            sent_for=letter.sent_for,
        )
    except UniqueViolation:  # the letter is there already, and an earlier one came after it
        return False
    return touched > 0


async def claim(tx: Transaction, lease_until: datetime) -> StoredLetter | None:
    """Take the letter that has been due longest, if any is due; it is `sending` from now on."""
    return await tx.one(CLAIM, now=tx.now, lease_until=lease_until, limit=1)


async def count_due(tx: Transaction, limit: int) -> int:
    """How many letters are due; counted as far as `limit`."""
    return await tx.one(COUNT_DUE, now=tx.now, limit=limit) or 0


async def abandoned(tx: Transaction, limit: int) -> list[StoredLetter]:
    """Letters in the hands of workers that count as dead."""
    return await tx.all(ABANDONED, now=tx.now, limit=limit)


async def of_subjects(tx: Transaction, subject_ids: Sequence[Guid]) -> list[StoredLetter]:
    """All letters about some subjects, the latest last."""
    return await tx.all(OF_SUBJECTS, subject_ids=list(subject_ids))


async def keep(tx: Transaction, before: StoredLetter, after: StoredLetter) -> bool:
    """Write what an attempt changed; False when somebody else has the letter in hand by now."""
    changes = {name: getattr(after, name) for name in _MUTABLE}
    touched = await tx.execute(
        KEEP, id_=before.id, attempts_before=before.attempts, state_before=before.state, **changes
    )
    return touched == 1


async def drop(tx: Transaction, subject_id: Guid, kinds: Sequence[str] | None) -> None:
    """Let no waiting letter about a subject go out; None for every kind."""
    if kinds is None:
        await tx.execute(DROP, subject=subject_id, now=tx.now)
    else:
        await tx.execute(DROP_KINDS, subject=subject_id, kinds=list(kinds), now=tx.now)


async def repoint(tx: Transaction, source: Guid, into: Guid) -> None:
    """Make letters about one subject letters about another, where that has no such letter."""
    await tx.execute(REPOINT, source=source, into=into)


async def forget_addresses(tx: Transaction, address_keys: Sequence[str]) -> None:
    """Forget addresses; letters that wait for them are not sent."""
    await tx.execute(FORGET_ADDRESSES, address_keys=list(address_keys), now=tx.now)


async def forget_settled(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget the addresses of letters that were finished before a moment, the oldest first; how many."""
    return await tx.execute(FORGET_SETTLED, before=before, limit=limit)


async def is_suppressed(tx: Transaction, address_hash: str) -> bool:
    """Whether an address gets no mail any more."""
    return await tx.one(SUPPRESSION, address_hash=address_hash) is not None


async def suppress(tx: Transaction, address_hash: str, reason: str) -> None:
    """Send nothing to an address any more; the first reason stays."""
    await tx.execute(SUPPRESS, address_hash=address_hash, reason=reason, since=tx.now)


async def add_message(tx: Transaction, message: StoredMessage, discarded: str | None) -> None:
    """Keep a mail in the mailbox, unless one with its Message-ID is there; then delete the one with `discarded`, if any."""
    added = await tx.execute(ADD_MESSAGE, **_row(message))
    await _count(tx, added - await tx.execute(DISCARD_MESSAGE, discarded=discarded))


async def message(tx: Transaction, message_id: Guid) -> StoredMessage | None:
    """A mail of the mailbox, or None."""
    return await tx.one(MESSAGE, id=message_id)


async def summaries(tx: Transaction, *, after: Guid | None, offset: int, limit: int) -> list[MessageSummary]:
    """Mails of the mailbox, the newest first; only those older than `after`."""
    return await tx.all(SUMMARIES, after=after or _LAST_ID, offset=offset, limit=limit)


async def count_messages(tx: Transaction) -> int:
    """How many mails the mailbox holds."""
    return await tx.one(COUNT_MESSAGES) or 0


async def empty_mailbox(tx: Transaction, address_keys: Sequence[str]) -> None:
    """Delete the mails to some addresses."""
    await _count(tx, -await tx.execute(EMPTY_MAILBOX, address_keys=list(address_keys)))


async def purge_mailbox(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete the mails that came before a moment, the oldest first; how many."""
    purged = await tx.execute(PURGE_MAILBOX, before=before, limit=limit)
    await _count(tx, -purged)
    return purged


async def _count(tx: Transaction, amount: int) -> None:
    """Add to the total, even nothing: a rehearsal executes what a sending does."""
    await tx.execute(ADD_TO_COUNT, amount=amount)


def _row(message: StoredMessage) -> dict[str, Any]:
    return {field.name: getattr(message, field.name) for field in fields(message)}


__all__ = [
    "abandoned",
    "add",
    "add_message",
    "claim",
    "count_due",
    "count_messages",
    "drop",
    "empty_mailbox",
    "forget_addresses",
    "forget_settled",
    "is_suppressed",
    "keep",
    "message",
    "of_subjects",
    "purge_mailbox",
    "replace_waiting",
    "repoint",
    "summaries",
    "suppress",
]
