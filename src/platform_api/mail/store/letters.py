"""SQL of letters. Rows become values here."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select as _Select
from sqlalchemy import and_, bindparam, case, select, update

from platform_api.database.errors import UniqueViolation
from platform_api.database.expressions import in_list, upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.mail.tables import letters
from platform_api.mail.values import DropReason, Letter, LetterState, StoredLetter
from platform_api.work import WorkQueue
from servicehost.contract.scalars import Guid

_STATES = {state.value: state for state in LetterState}


def _stored(*, state: str, **columns: Any) -> StoredLetter:
    return StoredLetter(state=_STATES[state], **columns)


LETTERS = WorkQueue(
    "letters",
    letters,
    into=_stored,
    columns=tuple(field.name for field in fields(StoredLetter)),
    changing=("state", "message_id", "dated", "reason", "settled_at"),
)
"""Letters as a work queue."""

_IS_WAITING = letters.c.due_at.is_not(None)
_DROPPED = case((letters.c.doubts > 0, LetterState.UNKNOWN.value), else_=LetterState.DROPPED.value)


_LETTERS: _Select[Any] = select(*LETTERS.selected)
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
    "owner",
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
    return await tx.execute(_ADD, id=letter_id, **_values(tx, letter)) == 1


def _values(tx: Transaction, letter: Letter) -> dict[str, Any]:
    """The columns that a new letter has. A later version of a waiting one overwrites all but kind and subject."""
    return {
        "kind": letter.kind,
        "subject_id": letter.subject_id,
        "version": letter.version,
        "series": letter.series,
        "owner": letter.sent_by or letter.subject_id,
        "recipient_key": letter.recipient_key,
        "due_at": letter.due_at or tx.now,
        "created_at": tx.now,
        "sent_by": letter.sent_by,
        "sent_for": letter.sent_for,
    }


_REPLACE_WAITING = Command(
    update(letters)
    .where(
        letters.c.subject_id == bindparam("subject_id"),
        letters.c.kind == bindparam("kind"),
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
        touched = await tx.attempt(_REPLACE_WAITING, **_values(tx, letter))
    except UniqueViolation:  # the letter is there already, and an earlier one came after it
        return False
    return touched > 0


_OF_SUBJECTS = Query(
    _LETTERS.where(in_list(letters.c.subject_id, "subject_ids")).order_by(
        letters.c.version, letters.c.series, letters.c.id
    ),
    LETTERS.read,
)


async def of_subjects(tx: Transaction, subject_ids: Sequence[Guid]) -> list[StoredLetter]:
    """All letters about some subjects, the latest last."""
    return await tx.all(_OF_SUBJECTS, subject_ids=list(subject_ids))


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
    """Remove the addresses of letters that were finished before a moment, the oldest first; returns their number."""
    return await tx.execute(_PURGE_ADDRESSES, before=before, limit=limit)


__all__ = [
    "LETTERS",
    "add",
    "drop",
    "erase_addresses",
    "of_subjects",
    "purge_addresses",
    "replace_waiting",
    "repoint",
]
