"""The SQL of notices, and nothing else. Rows become values here."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.notices.tables import mail_preferences, notices
from platform_api.notices.values import Notice, NoticeKind, PostedNotice
from servicehost.contract.scalars import Guid

_KINDS = {kind.value: kind for kind in NoticeKind}
_COLUMNS = [notices.c[field.name] for field in fields(PostedNotice)]


def _notice(*row: Any) -> PostedNotice:
    """A row of `_COLUMNS` as a value."""
    return PostedNotice(*(*row[:3], _KINDS[row[3]], *row[4:]))


ADD = Command(insert(notices))
_SAME = select(notices.c.id).where(
    notices.c.actor_id == bindparam("actor_id"),
    notices.c.kind == bindparam("kind"),
    notices.c.posted_at > bindparam("since"),
    notices.c.read_at.is_(None),
)
UNREAD = Query(_SAME.where(notices.c.contact_id == bindparam("contact_id")).limit(1), Guid)
UNREAD_WITHHELD = Query(_SAME.where(notices.c.withheld_from == bindparam("contact_id")).limit(1), Guid)
UPDATE = Command(update(notices).where(notices.c.id == bindparam("id_")).values(subject_id=bindparam("subject_id")))
NOTICE = Query(select(*_COLUMNS).where(notices.c.id == bindparam("id")), _notice)
LATEST = Query(
    select(*_COLUMNS)
    .where(notices.c.contact_id == bindparam("contact_id"))
    .order_by(notices.c.id.desc())
    .limit(bindparam("limit")),
    _notice,
)
MOVE_NOTICES = Command(
    update(notices).where(notices.c.contact_id == bindparam("source")).values(contact_id=bindparam("into"))
)
MOVE_ACTOR = Command(
    update(notices).where(notices.c.actor_id == bindparam("source")).values(actor_id=bindparam("into"))
)
MOVE_WITHHELD = Command(
    update(notices).where(notices.c.withheld_from == bindparam("source")).values(withheld_from=bindparam("into"))
)
DELETE_NOTICES = Command(delete(notices).where(notices.c.contact_id == bindparam("contact_id")))
DELETE_WITHHELD = Command(delete(notices).where(notices.c.withheld_from == bindparam("contact_id")))

CHOICE = Query(
    select(mail_preferences.c.by_mail).where(
        mail_preferences.c.contact_id == bindparam("contact_id"), mail_preferences.c.kind == bindparam("kind")
    ),
    bool,
)
CHOOSE = Command(
    upsert(
        mail_preferences,
        key=[mail_preferences.c.contact_id, mail_preferences.c.kind],
        change=lambda new: {"by_mail": new.by_mail},
    )
)
_CHOSEN = mail_preferences.alias("chosen")
MOVE_CHOICES = Command(
    update(mail_preferences)
    .where(
        mail_preferences.c.contact_id == bindparam("source"),
        ~select(_CHOSEN.c.kind)
        .where(_CHOSEN.c.contact_id == bindparam("into"), _CHOSEN.c.kind == mail_preferences.c.kind)
        .exists(),
    )
    .values(contact_id=bindparam("into"))
)
DELETE_CHOICES = Command(delete(mail_preferences).where(mail_preferences.c.contact_id == bindparam("contact_id")))


async def add(tx: Transaction, notice: Notice, *, withheld: bool) -> None:
    """Keep a new notice, unread; one that is withheld names whom it is withheld from."""
    row = {field.name: getattr(notice, field.name) for field in fields(notice)}
    ends = {
        "contact_id": None if withheld else notice.contact_id,
        "withheld_from": notice.contact_id if withheld else None,
    }
    await tx.execute(ADD, **row | ends, posted_at=tx.now, read_at=None)


async def unread(tx: Transaction, notice: Notice, since: datetime, *, withheld: bool) -> Guid | None:
    """An unread notice of the same kind, for and about the same contacts, posted after a moment; None of the clock."""
    query = UNREAD_WITHHELD if withheld else UNREAD
    return await tx.one(query, actor_id=notice.actor_id, kind=notice.kind, contact_id=notice.contact_id, since=since)


async def update_subject(tx: Transaction, notice_id: Guid, subject_id: Guid) -> None:
    """Let a notice tell of something later."""
    await tx.execute(UPDATE, id_=notice_id, subject_id=subject_id)


async def notice(tx: Transaction, notice_id: Guid) -> PostedNotice | None:
    """The notice, or None."""
    return await tx.one(NOTICE, id=notice_id)


async def latest(tx: Transaction, contact_id: Guid, limit: int) -> list[PostedNotice]:
    """What a contact was told, the latest first."""
    return await tx.all(LATEST, contact_id=contact_id, limit=limit)


async def move(tx: Transaction, source: Guid, into: Guid) -> None:
    """Give one contact's notices to another, and the choices that the other has not made itself."""
    await tx.execute(MOVE_NOTICES, source=source, into=into)
    await tx.execute(MOVE_WITHHELD, source=source, into=into)
    await tx.execute(MOVE_ACTOR, source=source, into=into)
    await tx.execute(MOVE_CHOICES, source=source, into=into)
    await tx.execute(DELETE_CHOICES, contact_id=source)


async def delete_of(tx: Transaction, contact_id: Guid) -> None:
    """Delete what a contact was told and has chosen; what others were told of it stays, without it."""
    await tx.execute(DELETE_NOTICES, contact_id=contact_id)
    await tx.execute(DELETE_WITHHELD, contact_id=contact_id)
    await tx.execute(MOVE_ACTOR, source=contact_id, into=None)
    await tx.execute(DELETE_CHOICES, contact_id=contact_id)


async def choice(tx: Transaction, contact_id: Guid, kind: NoticeKind) -> bool | None:
    """Whether a contact has chosen mail for a kind; None when it has chosen nothing."""
    return await tx.one(CHOICE, contact_id=contact_id, kind=kind)


async def choose(tx: Transaction, contact_id: Guid, kind: NoticeKind, *, by_mail: bool) -> None:
    """Keep a contact's choice."""
    await tx.execute(CHOOSE, contact_id=contact_id, kind=kind, by_mail=by_mail)


__all__ = ["add", "choice", "choose", "delete_of", "latest", "move", "notice", "unread", "update_subject"]
