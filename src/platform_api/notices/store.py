"""SQL of notices and mail preferences."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from platform_api.database.expressions import upsert
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.notices.tables import mail_preferences, notices
from platform_api.notices.values import Notice, NoticeKind, PostedNotice
from servicehost.contract.scalars import Guid

_n, _p = notices.c, mail_preferences.c
_KINDS = {kind.value: kind for kind in NoticeKind}
_COLUMNS = [_n[field.name] for field in fields(PostedNotice)]


def _posted(
    id_: Guid,
    contact_id: Guid | None,
    withheld_from: Guid | None,
    kind: str,
    subject_id: Guid,
    actor_id: Guid | None,
    posted_at: datetime,
    read_at: datetime | None,
) -> PostedNotice:
    """Convert a row of `_COLUMNS`."""
    return PostedNotice(id_, contact_id, withheld_from, _KINDS[kind], subject_id, actor_id, posted_at, read_at)


# Notices

_ADD_NOTICE = Command(insert(notices))


async def add_notice(tx: Transaction, notice: Notice, *, withheld: bool) -> None:
    """Add an unread notice; a withheld one is kept apart from the feed of its contact."""
    row = {field.name: getattr(notice, field.name) for field in fields(notice)}
    receiver = {
        "contact_id": None if withheld else notice.contact_id,
        "withheld_from": notice.contact_id if withheld else None,
    }
    await tx.execute(_ADD_NOTICE, **row | receiver, posted_at=tx.now, read_at=None)


_SIMILAR = select(_n.id).where(
    _n.actor_id == bindparam("actor_id"),
    _n.kind == bindparam("kind"),
    _n.posted_at > bindparam("since"),
    _n.read_at.is_(None),
)
_FIND_UNREAD = Query(_SIMILAR.where(_n.contact_id == bindparam("contact_id")).limit(1), Guid)
_FIND_UNREAD_WITHHELD = Query(_SIMILAR.where(_n.withheld_from == bindparam("contact_id")).limit(1), Guid)


async def find_unread(tx: Transaction, notice: Notice, since: datetime, *, withheld: bool) -> Guid | None:
    """The unread notice with the same kind, receiver and actor posted after `since`; None for a notice without actor."""
    query = _FIND_UNREAD_WITHHELD if withheld else _FIND_UNREAD
    return await tx.one(query, actor_id=notice.actor_id, kind=notice.kind, contact_id=notice.contact_id, since=since)


_REPLACE_SUBJECT = Command(update(notices).where(_n.id == bindparam("id_")).values(subject_id=bindparam("subject_id")))


async def replace_subject(tx: Transaction, notice_id: Guid, subject_id: Guid) -> None:
    """Point a notice at the latest of the events that it stands for."""
    await tx.execute(_REPLACE_SUBJECT, id_=notice_id, subject_id=subject_id)


_GET_NOTICE = Query(select(*_COLUMNS).where(_n.id == bindparam("id")), _posted)


async def get_notice(tx: Transaction, notice_id: Guid) -> PostedNotice | None:
    """The notice, or None if it does not exist."""
    return await tx.one(_GET_NOTICE, id=notice_id)


_LATEST_NOTICES = Query(
    select(*_COLUMNS).where(_n.contact_id == bindparam("contact_id")).order_by(_n.id.desc()).limit(bindparam("limit")),
    _posted,
)


async def latest_notices(tx: Transaction, contact_id: Guid, limit: int) -> list[PostedNotice]:
    """The contact's notices, newest first, without those that are withheld."""
    return await tx.all(_LATEST_NOTICES, contact_id=contact_id, limit=limit)


# Mail preferences

_GET_PREFERENCE = Query(
    select(_p.by_mail).where(_p.contact_id == bindparam("contact_id"), _p.kind == bindparam("kind")), bool
)


async def get_preference(tx: Transaction, contact_id: Guid, kind: NoticeKind) -> bool | None:
    """The contact's mail preference for a kind of notice; None if it has set none."""
    return await tx.one(_GET_PREFERENCE, contact_id=contact_id, kind=kind)


_PUT_PREFERENCE = Command(
    upsert(mail_preferences, key=[_p.contact_id, _p.kind], change=lambda new: {"by_mail": new.by_mail})
)


async def prefer(tx: Transaction, contact_id: Guid, kind: NoticeKind, *, by_mail: bool) -> None:
    """Set the contact's mail preference for a kind of notice."""
    await tx.execute(_PUT_PREFERENCE, contact_id=contact_id, kind=kind, by_mail=by_mail)


# Merging and erasing contacts

_MOVE_NOTICES = Command(
    update(notices).where(_n.contact_id == bindparam("source")).values(contact_id=bindparam("into"))
)
_MOVE_WITHHELD = Command(
    update(notices).where(_n.withheld_from == bindparam("source")).values(withheld_from=bindparam("into"))
)
_MOVE_ACTOR = Command(update(notices).where(_n.actor_id == bindparam("source")).values(actor_id=bindparam("into")))
_kept = mail_preferences.alias("kept")
_MOVE_PREFERENCES = Command(
    update(mail_preferences)
    .where(
        _p.contact_id == bindparam("source"),
        ~select(_kept.c.kind).where(_kept.c.contact_id == bindparam("into"), _kept.c.kind == _p.kind).exists(),
    )
    .values(contact_id=bindparam("into"))
)
_DELETE_PREFERENCES = Command(delete(mail_preferences).where(_p.contact_id == bindparam("contact_id")))


async def merge(tx: Transaction, source: Guid, into: Guid) -> None:
    """Move the notices and preferences of one contact to another, whose own preferences take precedence."""
    await tx.execute(_MOVE_NOTICES, source=source, into=into)
    await tx.execute(_MOVE_WITHHELD, source=source, into=into)
    await tx.execute(_MOVE_ACTOR, source=source, into=into)
    await tx.execute(_MOVE_PREFERENCES, source=source, into=into)
    await tx.execute(_DELETE_PREFERENCES, contact_id=source)


_DELETE_NOTICES = Command(delete(notices).where(_n.contact_id == bindparam("contact_id")))
_DELETE_WITHHELD = Command(delete(notices).where(_n.withheld_from == bindparam("contact_id")))


async def erase(tx: Transaction, contact_id: Guid) -> None:
    """Remove the contact's notices and preferences, and its name from the notices of others."""
    await tx.execute(_DELETE_NOTICES, contact_id=contact_id)
    await tx.execute(_DELETE_WITHHELD, contact_id=contact_id)
    await tx.execute(_MOVE_ACTOR, source=contact_id, into=None)
    await tx.execute(_DELETE_PREFERENCES, contact_id=contact_id)


__all__ = [
    "add_notice",
    "erase",
    "find_unread",
    "get_notice",
    "get_preference",
    "latest_notices",
    "merge",
    "prefer",
    "replace_subject",
]
