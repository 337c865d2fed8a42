"""SQL of the invariants that `backup verify` checks: the number of rows that break each of them."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    column,
    func,
    literal,
    not_,
    or_,
    select,
    table,
    union_all,
)

from platform_api.connections.tables import (
    IGNORED,
    LIVE,
    PENDING,
    RESENDABLE,
    UNANSWERED,
    connection_requests,
    connection_totals,
    connections,
)
from platform_api.contacts.tables import contacts, kept_totals
from platform_api.database.columns import GuidColumn
from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction
from platform_api.journal.tables import journal_entries
from platform_api.mail.tables import letters, mailbox, mailbox_totals

_Rows = Select[Any]

_WITH_PROFILE: Final = table("profiles", column("contact_id", GuidColumn()))
"""The keys of profiles. No other column is declared here, so that none can be read."""


def _counted(name: str | ColumnElement[str], contact: ColumnElement[Any], *where: Any) -> _Rows:
    """The counters that each row of a table adds one to."""
    label = literal(name, String) if isinstance(name, str) else name
    return select(contact.label("contact_id"), label.label("name"), literal(1).label("amount")).where(*where)


def _of_requests() -> list[_Rows]:
    r = connection_requests.c
    return [
        _counted(literal("pending sent ", String) + r.receiver_type, r.sender_id, PENDING),
        _counted(literal("expired sent ", String) + r.receiver_type, r.sender_id, RESENDABLE),
        _counted(literal("received ", String) + r.sender_type, r.shown_to, UNANSWERED, r.shown_to.is_not(None)),
        _counted(literal("ignored ", String) + r.sender_type, r.shown_to, IGNORED, r.shown_to.is_not(None)),
        _counted("connections", r.receiver_id, UNANSWERED),
    ]


def _of_connections() -> list[_Rows]:
    c = connections.c
    is_active, is_removed, others = c.status == "Active", c.status == "Removed", c.receiver_id != c.sender_id
    with_receiver = literal("removed with ", String) + cast(c.receiver_id, String)
    with_sender = literal("removed with ", String) + cast(c.sender_id, String)
    return [
        _counted("connections", c.sender_id, LIVE),
        _counted("connections", c.receiver_id, is_active, others),
        _counted("removed", c.sender_id, is_removed),
        _counted("removed", c.receiver_id, is_removed, others),
        _counted(with_receiver, c.sender_id, is_removed),
        _counted(with_sender, c.receiver_id, is_removed, others),
    ]


def _wrong_connection_totals() -> _Rows:
    """The stored counters are subtracted from the counted rows: every sum is 0."""
    t = connection_totals.c
    stored = select(t.contact_id, t.name, (-t.total).label("amount"))
    all_ = union_all(*_of_requests(), *_of_connections(), stored).subquery()
    return _unequal(all_.c.amount, all_.c.contact_id, all_.c.name)


def _wrong_kept_totals() -> _Rows:
    kept = select(contacts.c.keeper_id, literal(1).label("amount")).where(contacts.c.keeper_id.is_not(None))
    stored = select(kept_totals.c.keeper_id, (-kept_totals.c.total).label("amount"))
    all_ = union_all(kept, stored).subquery()
    return _unequal(all_.c.amount, all_.c.keeper_id)


def _wrong_mailbox_total() -> _Rows:
    stored = select((-mailbox_totals.c.total).label("amount"))
    all_ = union_all(select(literal(1).label("amount")).select_from(mailbox), stored).subquery()
    return select(func.coalesce(func.sum(all_.c.amount), 0).label("amount")).having(
        func.coalesce(func.sum(all_.c.amount), 0) != 0
    )


def _unequal(amount: ColumnElement[int], *groups: ColumnElement[Any]) -> _Rows:
    return select(func.sum(amount).label("amount")).group_by(*groups).having(func.sum(amount) != 0)


def _letters_in_a_wrong_place() -> _Rows:
    """A letter waits, is in hand or rests, as its state says."""
    c = letters.c
    is_placed = or_(
        and_(c.state.in_(["queued", "deferred"]), c.due_at.is_not(None), c.lease_until.is_(None)),
        and_(c.state.in_(["queued", "deferred", "sending", "unknown"]), c.due_at.is_(None), c.lease_until.is_not(None)),
        and_(c.state == "unknown", c.lease_until.is_(None)),
        and_(
            not_(c.state.in_(["queued", "deferred", "sending", "unknown"])), c.due_at.is_(None), c.lease_until.is_(None)
        ),
    )
    return select(c.id).where(not_(is_placed))


def _without_contact(ends: Any, *columns: str) -> _Rows:
    known = [select(contacts.c.id).where(contacts.c.id == ends.c[name]).exists() for name in columns]
    return select(ends.c.id).where(not_(and_(*known)))


def _pending_without_request() -> _Rows:
    found = select(connection_requests.c.id).where(
        connection_requests.c.connection_id == connections.c.id, connection_requests.c.status == "Pending"
    )
    return select(connections.c.id).where(connections.c.status == "Pending", not_(found.exists()))


def _gaps_in_positions() -> _Rows:
    position = journal_entries.c.position
    return select(func.max(position)).having(or_(func.min(position) != 1, func.max(position) != func.count(position)))


def _query(rows: _Rows) -> Query[int]:
    return Query(select(func.count()).select_from(rows.subquery()), int)


_INVARIANTS: Final[Mapping[str, Query[int]]] = {
    "the counters of lists agree with the requests and connections": _query(_wrong_connection_totals()),
    "the counters of kept contacts agree with the contacts": _query(_wrong_kept_totals()),
    "the counter of the mailbox agrees with its mails": _query(_wrong_mailbox_total()),
    "each letter is in the place of its state": _query(_letters_in_a_wrong_place()),
    "both ends of each request are contacts": _query(_without_contact(connection_requests, "sender_id", "receiver_id")),
    "both ends of each connection are contacts": _query(_without_contact(connections, "sender_id", "receiver_id")),
    "each pending connection has a pending request": _query(_pending_without_request()),
    "each contact has a profile": _query(
        select(contacts.c.id).where(
            ~select(_WITH_PROFILE.c.contact_id).where(_WITH_PROFILE.c.contact_id == contacts.c.id).exists()
        )
    ),
    "positions in the journal have no gaps": _query(_gaps_in_positions()),
}


async def broken_invariants(tx: Transaction) -> dict[str, int]:
    """The invariants that do not hold, each with the number of rows or counters that break it."""
    found = {name: await tx.one(query) or 0 for name, query in _INVARIANTS.items()}
    return {name: rows for name, rows in found.items() if rows}


__all__ = ["broken_invariants"]
