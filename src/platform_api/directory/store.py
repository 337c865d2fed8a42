"""The SQL of lists that show another contact: one statement each, whatever the length of the list."""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    outerjoin,
    select,
    union_all,
)

from platform_api.connections.rules import EXPIRED_SENT, IGNORED, PENDING_SENT, RECEIVED
from platform_api.connections.tables import connection_requests, connection_totals, connections
from platform_api.connections.values import pair_of
from platform_api.contacts.tables import SUMMARY_COLUMNS, contacts, profiles
from platform_api.database.expressions import in_list
from platform_api.database.statements import Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.directory.pages import ConnectionPage, RequestPage
from servicehost.contract.scalars import Guid

END_OF_LIST: Final = Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")
"""The cursor of the first page: lists run from the newest id down."""

Row = tuple[Any, ...]
"""The columns of a list's own, then those of the other contact's summary."""


def _connected(asker: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the other contact has agreed to be connected with the asker.

    A connection that the asker made in a role without acceptance shows the asker nothing private: otherwise
    anybody could read anybody's telephone number by connecting to them.
    """
    active = connections.alias("active")
    is_active = active.c.status == literal_column("'Active'")
    made_by_other = exists().where(active.c.sender_id == other, active.c.receiver_id == asker, is_active)
    accepted = exists().where(
        active.c.sender_id == asker, active.c.receiver_id == other, is_active, active.c.request_id.is_not(None)
    )
    return or_(made_by_other, accepted)


def _requests(
    mine: ColumnElement[Any], other: ColumnElement[Any], listed: ColumnElement[bool], *more: ColumnElement[Any]
) -> Select[Any]:
    asker = bindparam("contact_id", type_=mine.type)
    return (
        select(
            connection_requests.c.id,
            connection_requests.c.connection_id,
            connection_requests.c.sender_role_id,
            connection_requests.c.receiver_role_id,
            connection_requests.c.sent_at,
            *more,
            _connected(asker, other),
            *SUMMARY_COLUMNS,
        )
        .join_from(connection_requests, contacts, contacts.c.id == other)
        .join(profiles, profiles.c.contact_id == contacts.c.id)
        .where(mine == asker, listed, connection_requests.c.id < bindparam("after"))
        .order_by(connection_requests.c.id.desc())
        .limit(bindparam("limit"))
    )


_of = connection_requests.c
_PENDING = _of.status == literal_column("'Pending'")
_UNANSWERED = and_(
    _PENDING,
    _of.expires_at > bindparam("now", type_=_of.expires_at.type),
    or_(_of.ignored_at.is_(None), bindparam("include_ignored", type_=Boolean)),
)
_STILL_MINE = or_(_PENDING, and_(_of.status == literal_column("'Expired'"), _of.superseded.is_(False)))
_OF_TYPES = in_list(contacts.c.contact_type, "types")

_received = _requests(_of.shown_to, _of.sender_id, _UNANSWERED)
_sent = _requests(_of.sender_id, _of.receiver_id, _STILL_MINE, _of.expires_at)

RECEIVED_REQUESTS = Query(_received, as_tuple)
RECEIVED_REQUESTS_OF_TYPES = Query(_received.where(_OF_TYPES), as_tuple)
SENT_REQUESTS = Query(_sent, as_tuple)
SENT_REQUESTS_OF_TYPES = Query(_sent.where(_OF_TYPES), as_tuple)


def _counted(listed: ColumnElement[bool], mine: ColumnElement[Any], other: ColumnElement[Any]) -> Query[int]:
    return Query(
        select(func.count())
        .select_from(connection_requests)
        .join(contacts, contacts.c.id == other)
        .where(mine == bindparam("contact_id"), listed, _OF_TYPES),
        int,
    )


COUNT_RECEIVED_OF_TYPES = _counted(_UNANSWERED, _of.shown_to, _of.sender_id)
COUNT_SENT_OF_TYPES = _counted(_STILL_MINE, _of.sender_id, _of.receiver_id)
TOTALS = Query(
    select(func.coalesce(func.sum(connection_totals.c.total), 0)).where(
        connection_totals.c.contact_id == bindparam("contact_id"), in_list(connection_totals.c.name, "names")
    ),
    int,
)


_at = connections.c
_asker = bindparam("contact_id", type_=_at.sender_id.type)
_other_end = case((_at.sender_id == _asker, _at.receiver_id), else_=_at.sender_id)
_LISTED = or_(
    _at.status == literal_column("'Active'"),
    and_(
        _at.status == literal_column("'Pending'"),
        _of.expires_at > bindparam("now"),
        or_(_of.ignored_at.is_(None), _at.sender_id == _asker),
    ),
    and_(_at.status == literal_column("'Removed'"), bindparam("include_removed", type_=Boolean)),
)
_BETWEEN = _at.pair == bindparam("pair")
_with_requests = outerjoin(connections, connection_requests, _of.id == _at.request_id)
_OWN = or_(_at.sender_id == _asker, _at.receiver_id == _asker)


def _own_page(mine: ColumnElement[Any]) -> Select[Any]:
    """The ids of one end's page: each end is read from its own index, so a page costs the same in any list."""
    return (
        select(_at.id)
        .select_from(_with_requests)
        .where(mine == _asker, _LISTED, _at.id < bindparam("after"))
        .order_by(_at.id.desc())
        .limit(bindparam("upto"))
    )


_own_ids = union_all(
    select(_own_page(_at.sender_id).subquery().c.id), select(_own_page(_at.receiver_id).subquery().c.id)
)


def _connections(chosen: ColumnElement[bool]) -> Query[Row]:
    return Query(
        select(
            _at.id,
            _at.request_id,
            _at.sender_id,
            _at.sender_role_id,
            _at.receiver_role_id,
            _at.status,
            _at.created_at,
            _at.active_at,
            _of.sent_at,
            _connected(_asker, _other_end),
            *SUMMARY_COLUMNS,
        )
        .select_from(
            _with_requests.join(contacts, contacts.c.id == _other_end).join(
                profiles, profiles.c.contact_id == contacts.c.id
            )
        )
        .where(chosen, _LISTED, _at.id < bindparam("after"))
        .order_by(_at.id.desc())
        .limit(bindparam("limit"))
        .offset(bindparam("offset")),
        as_tuple,
    )


CONNECTIONS_BETWEEN = _connections(_BETWEEN)
OWN_CONNECTIONS = _connections(_at.id.in_(_own_ids))
COUNT_CONNECTIONS_BETWEEN = Query(select(func.count()).select_from(_with_requests).where(_BETWEEN, _LISTED), int)
COUNT_OWN_CONNECTIONS = Query(select(func.count()).select_from(_with_requests).where(_OWN, _LISTED), int)


async def received_requests(tx: Transaction, contact_id: Guid, page: RequestPage) -> list[Row]:
    """The unanswered requests that a contact sees as received, newest first."""
    query = RECEIVED_REQUESTS_OF_TYPES if page.types else RECEIVED_REQUESTS
    return await tx.all(query, contact_id=contact_id, now=tx.now, include_ignored=page.include_ignored, **_window(page))


async def sent_requests(tx: Transaction, contact_id: Guid, page: RequestPage) -> list[Row]:
    """The requests of a contact that are pending, or expired and can be sent again, newest first."""
    return await tx.all(SENT_REQUESTS_OF_TYPES if page.types else SENT_REQUESTS, contact_id=contact_id, **_window(page))


def _window(page: RequestPage) -> dict[str, Any]:
    window: dict[str, Any] = {"after": page.after or END_OF_LIST, "limit": page.limit}
    return window | {"types": page.types} if page.types else window


async def count_received(tx: Transaction, contact_id: Guid, page: RequestPage) -> int:
    """How many there are on all pages: from a counter, or counted when filtered by type."""
    if not page.types:
        names = [RECEIVED, IGNORED] if page.include_ignored else [RECEIVED]
        return await tx.one(TOTALS, contact_id=contact_id, names=names) or 0
    return (
        await tx.one(
            COUNT_RECEIVED_OF_TYPES,
            contact_id=contact_id,
            now=tx.now,
            include_ignored=page.include_ignored,
            types=page.types,
        )
        or 0
    )


async def count_sent(tx: Transaction, contact_id: Guid, page: RequestPage) -> int:
    """How many there are on all pages: from counters, or counted when filtered by type."""
    if not page.types:
        return await tx.one(TOTALS, contact_id=contact_id, names=[PENDING_SENT, EXPIRED_SENT]) or 0
    return await tx.one(COUNT_SENT_OF_TYPES, contact_id=contact_id, types=page.types) or 0


async def connections_of(tx: Transaction, asker: Guid, other: Guid, page: ConnectionPage) -> list[Row]:
    """The connections of the asker with another contact, or all of its own when that is the asker itself."""
    window: dict[str, Any] = {
        "contact_id": asker,
        "now": tx.now,
        "include_removed": page.include_removed,
        "after": page.after or END_OF_LIST,
        "limit": page.limit,
        "offset": page.offset,
    }
    if asker == other:
        return await tx.all(OWN_CONNECTIONS, upto=page.limit + page.offset, **window)
    return await tx.all(CONNECTIONS_BETWEEN, pair=pair_of(asker, other), **window)


async def count_connections(tx: Transaction, asker: Guid, other: Guid, page: ConnectionPage) -> int:
    """How many there are on all pages."""
    wanted = {"contact_id": asker, "include_removed": page.include_removed, "now": tx.now}
    if asker == other:
        return await tx.one(COUNT_OWN_CONNECTIONS, **wanted) or 0
    return await tx.one(COUNT_CONNECTIONS_BETWEEN, pair=pair_of(asker, other), **wanted) or 0


__all__ = [
    "END_OF_LIST",
    "Row",
    "connections_of",
    "count_connections",
    "count_received",
    "count_sent",
    "received_requests",
    "sent_requests",
]
