"""SQL of letters. Rows become values here."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, and_, bindparam, case, func, or_, select, update
from sqlalchemy import Select as _Select

from platform_api.database.errors import UniqueViolation
from platform_api.database.expressions import claim as claim_rows
from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.mail.tables import letters
from platform_api.mail.values import DropReason, Letter, LetterState, StoredLetter
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

_ADD = Command(
    upsert(
        letters,
        key=[letters.c.subject_id, letters.c.version, letters.c.kind, letters.c.series],
        values=_NEW | {"state": LetterState.QUEUED.value, "attempts": 0, "doubts": 0},
    )
)


async def add(tx: Transaction, letter: Letter, letter_id: Guid) -> bool:
    """Add a new letter; False when there is one with its subject, version, kind and series."""
    touched = await tx.execute(
        _ADD,
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


_REPLACE_WAITING = Command(
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


async def replace_waiting(tx: Transaction, letter: Letter) -> bool:
    """Overwrite an earlier version that was never tried; False when there is none."""
    try:
        touched = await tx.attempt(
            _REPLACE_WAITING,
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


_CLAIM = Query(
    claim_rows(
        letters,
        due=letters.c.due_at <= bindparam("now"),
        oldest=letters.c.due_at,
        values={"state": LetterState.SENDING.value, "due_at": None, "lease_until": bindparam("lease_until")},
    ).returning(*_COLUMNS),
    _letter,
)


async def claim(tx: Transaction, lease_until: datetime) -> StoredLetter | None:
    """Take the letter that has been due longest, if any is due; it is `sending` from now on."""
    return await tx.one(_CLAIM, now=tx.now, lease_until=lease_until, limit=1)


_DUE = select(letters.c.id).where(letters.c.due_at <= bindparam("now")).limit(bindparam("limit")).subquery()
_COUNT_DUE = Query(select(func.count()).select_from(_DUE), int)


async def count_due(tx: Transaction, limit: int) -> int:
    """Number of letters that are due, counted up to `limit`."""
    return await tx.one(_COUNT_DUE, now=tx.now, limit=limit) or 0


_ABANDONED = Query(
    _LETTERS.where(letters.c.lease_until <= bindparam("now")).order_by(letters.c.lease_until).limit(bindparam("limit")),
    _letter,
)


async def abandoned(tx: Transaction, limit: int) -> list[StoredLetter]:
    """Letters in hand whose lease has ended."""
    return await tx.all(_ABANDONED, now=tx.now, limit=limit)


_OF_SUBJECTS = Query(
    _LETTERS.where(in_list(letters.c.subject_id, "subject_ids")).order_by(
        letters.c.version, letters.c.series, letters.c.id
    ),
    _letter,
)


async def of_subjects(tx: Transaction, subject_ids: Sequence[Guid]) -> list[StoredLetter]:
    """All letters about some subjects, the latest last."""
    return await tx.all(_OF_SUBJECTS, subject_ids=list(subject_ids))


_KEEP = Command(
    update(letters)
    .where(
        letters.c.id == bindparam("id_"),
        letters.c.attempts == bindparam("attempts_before"),
        or_(letters.c.state == bindparam("state_before"), letters.c.state == LetterState.UNKNOWN.value),
    )
    .values({name: bindparam(name) for name in _MUTABLE})
)


async def keep(tx: Transaction, before: StoredLetter, after: StoredLetter) -> bool:
    """Write what an attempt changed; False when another worker has the letter in hand by now."""
    changes = {name: getattr(after, name) for name in _MUTABLE}
    touched = await tx.execute(
        _KEEP, id_=before.id, attempts_before=before.attempts, state_before=before.state, **changes
    )
    return touched == 1


_DROP = Command(update(letters).where(letters.c.subject_id == bindparam("subject"), _IS_WAITING).values(_OBSOLETE))
_DROP_KINDS = Command(
    update(letters)
    .where(letters.c.subject_id == bindparam("subject"), _IS_WAITING, in_list(letters.c.kind, "kinds"))
    .values(_OBSOLETE)
)


async def drop(tx: Transaction, subject_id: Guid, kinds: Sequence[str] | None) -> None:
    """Drop every waiting letter about a subject, of some kinds or, with None, of every kind."""
    if kinds is None:
        await tx.execute(_DROP, subject=subject_id, now=tx.now)
    else:
        await tx.execute(_DROP_KINDS, subject=subject_id, kinds=list(kinds), now=tx.now)


_TWINS = letters.alias("twins")
_REPOINT = Command(
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


async def repoint(tx: Transaction, source: Guid, into: Guid) -> None:
    """Make letters about one subject letters about another, except those that the other has already."""
    await tx.execute(_REPOINT, source=source, into=into)


_ERASE_ADDRESSES = Command(
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


async def erase_addresses(tx: Transaction, address_keys: Sequence[str]) -> None:
    """Remove addresses from their letters, and drop the letters that wait for them."""
    await tx.execute(_ERASE_ADDRESSES, address_keys=list(address_keys), now=tx.now)


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
_PURGE_ADDRESSES = Command(update(letters).where(letters.c.id.in_(_SETTLED)).values(recipient_key=None))


async def purge_addresses(tx: Transaction, before: datetime, limit: int) -> int:
    """Remove the addresses of letters that were finished before a moment, the oldest first; how many."""
    return await tx.execute(_PURGE_ADDRESSES, before=before, limit=limit)


__all__ = [
    "abandoned",
    "add",
    "claim",
    "count_due",
    "drop",
    "erase_addresses",
    "keep",
    "of_subjects",
    "purge_addresses",
    "replace_waiting",
    "repoint",
]
