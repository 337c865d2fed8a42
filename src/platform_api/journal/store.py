"""SQL of the journal."""

from datetime import datetime

from sqlalchemy import bindparam, case, func, insert, select, update

from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.journal.tables import journal_entries
from platform_api.journal.values import Entry, Recorded
from servicehost.contract.scalars import Guid

_c = journal_entries.c
_ENTRY = (_c.subject_kind, _c.subject_id, _c.act, _c.person, _c.acted_for, _c.before, _c.after, _c.at)


def _recorded(
    subject_kind: str,
    subject_id: Guid,
    act: str,
    person: Guid | None,
    acted_for: Guid | None,
    before: str | None,
    after: str | None,
    at: datetime,
    position: int | None,
) -> Recorded:
    return Recorded(Entry(subject_kind, subject_id, act, person, acted_for, before, after), at, position)


_APPEND = Command(
    insert(journal_entries).inline().values({column: bindparam(column.name, type_=column.type) for column in _ENTRY})
)


async def append(tx: Transaction, entry: Entry) -> None:
    """Record an act of this transaction."""
    await tx.execute(
        _APPEND,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        act=entry.act,
        person=entry.person,
        acted_for=entry.acted_for,
        before=entry.before,
        after=entry.after,
        at=tx.now,
    )


_ENTRIES_FOR = Query(
    select(*_ENTRY, _c.position).where(_c.subject_id == bindparam("subject_id")).order_by(_c.id), _recorded
)


async def entries_for(tx: Transaction, subject_id: Guid) -> list[Recorded]:
    """The entries about one subject, the oldest first."""
    return await tx.all(_ENTRIES_FOR, subject_id=subject_id)


_ENTRIES_AFTER = Query(
    select(*_ENTRY, _c.position)
    .where(_c.position > bindparam("position"))
    .order_by(_c.position)
    .limit(bindparam("limit")),
    _recorded,
)


async def entries_after(tx: Transaction, position: int, limit: int) -> list[Recorded]:
    """The next entries for a reader that has seen everything up to `position`, in the order of positions.

    No entry with a lower position comes later; positions may leave gaps.
    """
    return await tx.all(_ENTRIES_AFTER, position=position, limit=limit)


_waiting = select(_c.id).where(_c.position.is_(None)).order_by(_c.id).limit(bindparam("limit")).subquery()
_WAITING_IDS = Query(select(func.min(_waiting.c.id), func.max(_waiting.c.id)), lambda first, last: (first, last))


async def waiting_ids(tx: Transaction, limit: int) -> tuple[int, int] | None:
    """The first and the last id of the entries without a position, at most `limit` of them; None without any."""
    first, last = await tx.one(_WAITING_IDS, limit=limit) or (None, None)
    return None if first is None or last is None else (first, last)


_LATEST_POSITION = Query(select(func.coalesce(func.max(_c.position), 0)), int)


async def latest_position(tx: Transaction) -> int:
    """The highest position; 0 before the first."""
    return await tx.one(_LATEST_POSITION) or 0


_GIVE_POSITIONS = Command(
    update(journal_entries)
    .where(_c.position.is_(None), _c.id <= bindparam("last"))
    .values(position=_c.id + bindparam("shift"))
)


async def give_positions(tx: Transaction, waiting: tuple[int, int], latest: int) -> int:
    """Give the entries with the `waiting` ids positions after `latest`, in the order of their ids; how many."""
    first, last = waiting
    return await tx.execute(_GIVE_POSITIONS, last=last, shift=latest + 1 - first)


_REPLACE_ACTED_FOR = Command(
    update(journal_entries)
    .where(_c.acted_for == bindparam("source"))
    .values(
        acted_for=bindparam("into"), person=case((_c.person == bindparam("source"), bindparam("into")), else_=_c.person)
    )
)
_REPLACE_PERSON = Command(
    update(journal_entries)
    .where(_c.person == bindparam("source"), _c.person.is_distinct_from(_c.acted_for))
    .values(person=bindparam("into"))
)


async def replace_actor(tx: Transaction, source: Guid, into: Guid | None) -> None:
    """Replace a contact as the person who acted and as the contact acted for.

    The order matters: entries of a contact that acted for itself are changed by the first statement, so that the
    second finds only those that acted for others.
    """
    await tx.execute(_REPLACE_ACTED_FOR, source=source, into=into)
    await tx.execute(_REPLACE_PERSON, source=source, into=into)


_REPLACE_SUBJECT = Command(
    update(journal_entries).where(_c.subject_id == bindparam("source")).values(subject_id=bindparam("into"))
)


async def replace_subject(tx: Transaction, source: Guid, into: Guid) -> None:
    """Make the entries about one subject entries about another."""
    await tx.execute(_REPLACE_SUBJECT, source=source, into=into)


__all__ = [
    "append",
    "entries_after",
    "entries_for",
    "give_positions",
    "latest_position",
    "replace_actor",
    "replace_subject",
    "waiting_ids",
]
