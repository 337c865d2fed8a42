"""The journal's SQL."""

from datetime import datetime

from sqlalchemy import bindparam, case, func, insert, select, update

from platform_api.database.statements import Command, Query
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


INSERT_ENTRY = Command(
    insert(journal_entries).inline().values({column: bindparam(column.name, type_=column.type) for column in _ENTRY})
)

ENTRIES_FOR = Query(
    select(*_ENTRY, _c.position).where(_c.subject_id == bindparam("subject_id")).order_by(_c.id), _recorded
)

ENTRIES_AFTER = Query(
    select(*_ENTRY, _c.position)
    .where(_c.position > bindparam("position"))
    .order_by(_c.position)
    .limit(bindparam("limit")),
    _recorded,
)

_waiting = select(_c.id).where(_c.position.is_(None)).order_by(_c.id).limit(bindparam("limit")).subquery()

WAITING_IDS = Query(select(func.min(_waiting.c.id), func.max(_waiting.c.id)), lambda first, last: (first, last))

LATEST_POSITION = Query(select(func.coalesce(func.max(_c.position), 0)), int)

GIVE_POSITIONS = Command(
    update(journal_entries)
    .where(_c.position.is_(None), _c.id <= bindparam("last"))
    .values(position=_c.id + bindparam("shift"))
)

MOVE_ACTED_FOR = Command(
    update(journal_entries)
    .where(_c.acted_for == bindparam("source"))
    .values(
        acted_for=bindparam("into"), person=case((_c.person == bindparam("source"), bindparam("into")), else_=_c.person)
    )
)

MOVE_PERSON = Command(
    update(journal_entries)
    .where(_c.person == bindparam("source"), _c.person.is_distinct_from(_c.acted_for))
    .values(person=bindparam("into"))
)

MOVE_SUBJECT = Command(
    update(journal_entries).where(_c.subject_id == bindparam("source")).values(subject_id=bindparam("into"))
)

__all__ = [
    "ENTRIES_AFTER",
    "ENTRIES_FOR",
    "GIVE_POSITIONS",
    "INSERT_ENTRY",
    "LATEST_POSITION",
    "MOVE_ACTED_FOR",
    "MOVE_PERSON",
    "MOVE_SUBJECT",
    "WAITING_IDS",
]
