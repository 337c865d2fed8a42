"""SQL of the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    text,
    union_all,
    update,
)

from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.journal.tables import ACTED_FOR_NEITHER, journal_entries
from platform_api.journal.values import Entry, Recorded
from servicehost.contract.scalars import Guid

_c = journal_entries.c
_ENTRY = (
    _c.subject_kind,
    _c.subject_id,
    _c.act,
    _c.person,
    _c.acted_for,
    _c.before,
    _c.after,
    _c.first_contact,
    _c.second_contact,
    _c.at,
)
_NEWEST = 2**63 - 1


def _recorded(
    subject_kind: str,
    subject_id: Guid,
    act: str,
    person: Guid | None,
    acted_for: Guid | None,
    before: str | None,
    after: str | None,
    first_contact: Guid | None,
    second_contact: Guid | None,
    at: datetime,
    position: int | None,
) -> Recorded:
    contacts = tuple([contact for contact in (first_contact, second_contact) if contact is not None])
    entry = Entry(subject_kind, subject_id, act, person, acted_for, before, after, contacts)
    return Recorded(entry, at, position)


_APPEND = Command(
    insert(journal_entries).inline().values({column: bindparam(column.name, type_=column.type) for column in _ENTRY})
)


async def append(tx: Transaction, entry: Entry) -> None:
    """Record an act of this transaction."""
    first, second = _ends(entry.contacts)
    await tx.execute(
        _APPEND,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        act=entry.act,
        person=entry.person,
        acted_for=entry.acted_for,
        before=entry.before,
        after=entry.after,
        first_contact=first,
        second_contact=second,
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

    Positions are 1, 2, 3 and so on without gaps, and no entry with a lower position comes later.
    """
    return await tx.all(_ENTRIES_AFTER, position=position, limit=limit)


def _ends(contacts: tuple[Guid, ...]) -> tuple[Guid | None, Guid | None]:
    """The values of the two columns; a contact is in one of them only."""
    if not contacts:
        return None, None
    first, last = contacts[0], contacts[-1]
    return first, None if first == last else last


def _newest(contact: Column[Guid | None]) -> Select[Any]:
    """The newest entries by one of the two columns of concerned contacts, in the order of its index."""
    found = (
        select(*_ENTRY, _c.position)
        .where(contact == bindparam("contact"), _c.position < bindparam("before_position"))
        .order_by(_c.position.desc())
        .limit(bindparam("limit"))
        .subquery()
    )
    return select(found)


_both = union_all(_newest(_c.first_contact), _newest(_c.second_contact)).subquery()
_ENTRIES_CONCERNING = Query(select(_both).order_by(_both.c.position.desc()).limit(bindparam("limit")), _recorded)


async def entries_concerning(tx: Transaction, contact: Guid, before: int | None, limit: int) -> list[Recorded]:
    """The entries that concern a contact, the newest first.

    Args:
        tx: the transaction.
        contact: the contact.
        before: only entries with a lower position; None for the newest.
        limit: the number of entries at most.
    """
    newest = _NEWEST if before is None else before
    return await tx.all(_ENTRIES_CONCERNING, contact=contact, before_position=newest, limit=limit)


_LATEST_POSITION = Query(select(func.coalesce(func.max(_c.position), 0)), int)


async def latest_position(tx: Transaction) -> int:
    """The highest position; 0 before the first."""
    return await tx.one(_LATEST_POSITION) or 0


_waiting = select(_c.id).where(_c.position.is_(None)).order_by(_c.id).limit(bindparam("limit")).subquery()
_numbered = select(_waiting.c.id, func.row_number().over(order_by=_waiting.c.id).label("number")).subquery()
_GIVE_POSITIONS = Command(
    update(journal_entries)
    .where(_c.id == _numbered.c.id)
    .values(position=_numbered.c.number + bindparam("latest", type_=_c.position.type))
)


async def give_positions(tx: Transaction, latest: int, limit: int) -> int:
    """Give at most `limit` entries without a position the numbers after `latest`, in the order of their ids.

    Returns:
        The number of entries.
    """
    return await tx.execute(_GIVE_POSITIONS, latest=latest, limit=limit)


_source: BindParameter[Guid | None] = bindparam("source", type_=_c.person.type)
_into: BindParameter[Guid | None] = bindparam("into", type_=_c.person.type)
_of_source = union_all(
    select(_c.id).where(_c.first_contact == _source, _c.position.is_not(None)),
    select(_c.id).where(_c.second_contact == _source, _c.position.is_not(None)),
    select(_c.id).where(_c.acted_for == _source, text(ACTED_FOR_NEITHER)),
    select(_c.id).where(_c.person == _source, _c.person.is_distinct_from(_c.acted_for)),
    select(_c.id).where(
        _c.position.is_(None), or_(_c.first_contact == _source, _c.second_contact == _source, _c.acted_for == _source)
    ),
)
_REPLACE_CONTACT = Command(
    update(journal_entries)
    .where(_c.id.in_(_of_source))
    .values(
        person=case((_c.person == _source, _into), else_=_c.person),
        acted_for=case((_c.acted_for == _source, _into), else_=_c.acted_for),
        first_contact=case((_c.first_contact == _source, _into), else_=_c.first_contact),
        second_contact=case(
            (and_(_c.second_contact == _source, _c.first_contact.is_distinct_from(_into)), _into),
            (or_(_c.second_contact == _source, and_(_c.first_contact == _source, _c.second_contact == _into)), None),
            else_=_c.second_contact,
        ),
    )
)


async def replace_contact(tx: Transaction, source: Guid, into: Guid | None) -> None:
    """Replace a contact as the person who acted, as the contact acted for, and as a contact that entries concern."""
    await tx.execute(_REPLACE_CONTACT, source=source, into=into)


_REPLACE_SUBJECT = Command(
    update(journal_entries).where(_c.subject_id == bindparam("source")).values(subject_id=bindparam("into"))
)


async def replace_subject(tx: Transaction, source: Guid, into: Guid) -> None:
    """Make the entries about one subject entries about another."""
    await tx.execute(_REPLACE_SUBJECT, source=source, into=into)


__all__ = [
    "append",
    "entries_after",
    "entries_concerning",
    "entries_for",
    "give_positions",
    "latest_position",
    "replace_contact",
    "replace_subject",
]
