"""The SQL of lists that show other contacts: one statement for each list, whatever its length.

A query finds the keys of a page first. Each kind of row in a list is a range of some index in the list's own order;
the query merges the ranges and reads only the rows of the page in full. So a page costs the same in a list of any
length, and rows that are not listed (ended, ignored, of another type) are never read.
"""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    outerjoin,
    select,
    union,
)

from platform_api.connections import (
    EXPIRED_SENT,
    IGNORED,
    LISTED,
    PENDING_SENT,
    RECEIVED,
    REMOVED,
    of_type,
    pair_of,
    relation_to,
    removed_with,
)
from platform_api.connections.tables import OPEN, connection_requests, connection_totals, connections
from platform_api.contacts.tables import CONTACT_FACTS, contacts, join_facts, select_facts
from platform_api.database.expressions import in_list
from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction
from platform_api.directory.values import (
    ListedConnection,
    ReceivedRequest,
    RequestFilter,
    SeenContact,
    SentRequest,
)
from platform_api.foundation.well_known import CONTACT_TYPES_BY_CODE
from platform_api.lists.values import LAST_ID, Window
from servicehost.contract.scalars import Guid

_of = connection_requests.c
_at = connections.c
_asker = bindparam("contact_id", type_=_at.sender_id.type)
_after = bindparam("after", type_=_at.id.type)
_now = bindparam("now", type_=_of.expires_at.type)
_limit = bindparam("limit", type_=Integer)
_offset = bindparam("offset", type_=Integer)
_with_ignored = bindparam("include_ignored", type_=Boolean)
_with_removed = bindparam("include_removed", type_=Boolean)


def _range(key: ColumnElement[Any], *conditions: Any) -> Select[Any]:
    """The keys of one index range, after the cursor."""
    return select(key.label("id")).where(*conditions, key < _after)


def _merged(*ranges: Select[Any]) -> CompoundSelect[Any]:
    """The keys of a page, merged from several ranges. The database reads each range in its order, as far as the page needs."""
    merged = union(*ranges)
    return merged.order_by(merged.selected_columns[0].desc()).limit(_limit).offset(_offset)


def _has(status: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == literal_column(f"'{status}'")


# Requests

_PENDING = _has("Pending", _of.status)
_RUNS = _of.expires_at > _now


def _requests(other: ColumnElement[Any], *more: ColumnElement[Any]) -> Select[Any]:
    """The rows of requests with the other contact of each, newest first."""
    rows = select(
        _of.id,
        _of.connection_id,
        _of.sender_role_id,
        _of.receiver_role_id,
        _of.sent_at,
        *more,
        relation_to(_asker),
    )
    return join_facts(rows.select_from(connection_requests), other).order_by(_of.id.desc())


def _received_of(kind: str) -> tuple[Select[Any], Select[Any]]:
    """The unanswered requests of senders of one contact type, and those with the private mark; `kind` names the parameter."""
    mine = _of.shown_to == _asker, _of.sender_type == bindparam(kind), _PENDING, _RUNS
    return (
        _range(_of.id, *mine, _of.ignored_at.is_(None)),
        _range(_of.id, *mine, _of.ignored_at.is_not(None), _with_ignored),
    )


def _sent_of(kind: str) -> Select[Any]:
    """The requests to receivers of one contact type that are pending, or expired and can be sent again."""
    return _range(_of.id, _of.sender_id == _asker, _of.receiver_type == bindparam(kind), OPEN)


_KINDS = [f"type{number}" for number in range(len(CONTACT_TYPES_BY_CODE))]
"""Parameters for contact types. A parameter that is not needed is empty, and so is its range."""

_RECEIVED_REQUESTS = Query(
    _requests(_of.sender_id)
    .where(_of.shown_to == _asker, _PENDING, _of.ignored_at.is_(None), _RUNS, _of.id < _after)
    .limit(_limit),
    ReceivedRequest,
    CONTACT_FACTS,
)
"""The list without filters has an index of its own and needs no merging."""

_RECEIVED_REQUESTS_OF_TYPES = Query(
    _requests(_of.sender_id).where(_of.id.in_(_merged(*(each for kind in _KINDS for each in _received_of(kind))))),
    ReceivedRequest,
    CONTACT_FACTS,
)


async def received_requests(
    tx: Transaction, contact_id: Guid, wanted: RequestFilter, window: Window
) -> list[ReceivedRequest]:
    """The unanswered requests that a contact sees as received, newest first."""
    if not wanted.types and not wanted.include_ignored:
        after = window.after or LAST_ID
        return await tx.all(_RECEIVED_REQUESTS, contact_id=contact_id, now=tx.now, after=after, limit=window.limit)
    members = _request_members(contact_id, wanted, window)
    return await tx.all(_RECEIVED_REQUESTS_OF_TYPES, now=tx.now, include_ignored=wanted.include_ignored, **members)


_SENT_REQUESTS = Query(
    _requests(_of.receiver_id, _of.expires_at).where(_of.id.in_(_merged(*map(_sent_of, _KINDS)))),
    SentRequest,
    CONTACT_FACTS,
)


async def sent_requests(tx: Transaction, contact_id: Guid, wanted: RequestFilter, window: Window) -> list[SentRequest]:
    """The requests of a contact that are pending, or expired and can be sent again, newest first."""
    return await tx.all(_SENT_REQUESTS, **_request_members(contact_id, wanted, window))


def _request_members(contact_id: Guid, wanted: RequestFilter, window: Window) -> dict[str, Any]:
    return {
        "contact_id": contact_id,
        "after": window.after or LAST_ID,
        "limit": window.limit,
        "offset": window.offset,
        **dict(zip_longest(_KINDS, _wanted_types(wanted), fillvalue="")),
    }


async def count_received(tx: Transaction, contact_id: Guid, wanted: RequestFilter) -> int:
    """The number of received requests on all pages."""
    names = (RECEIVED, IGNORED) if wanted.include_ignored else (RECEIVED,)
    return await _total(tx, contact_id, _of_types(wanted, *names))


async def count_sent(tx: Transaction, contact_id: Guid, wanted: RequestFilter) -> int:
    """The number of sent requests on all pages."""
    return await _total(tx, contact_id, _of_types(wanted, PENDING_SENT, EXPIRED_SENT))


def _wanted_types(wanted: RequestFilter) -> list[str]:
    return sorted(set(wanted.types or CONTACT_TYPES_BY_CODE))


def _of_types(wanted: RequestFilter, *names: str) -> list[str]:
    return [of_type(name, code) for name in names for code in _wanted_types(wanted)]


# Connections

_other_end = case((_at.sender_id == _asker, _at.receiver_id), else_=_at.sender_id)
_with_requests = outerjoin(connections, connection_requests, _of.id == _at.request_id)
_ACTIVE, _WAITING, _REMOVED = (_has(status, _at.status) for status in ("Active", "Pending", "Removed"))


def _request_runs(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the request of a pending connection has not expired and meets the conditions."""
    return exists().where(_of.id == _at.request_id, _RUNS, *conditions).correlate(connections)


_seen_by_asker = or_(_at.sender_id == _asker, _of.ignored_at.is_(None))
_BETWEEN = _at.pair == bindparam("pair")
_own = _merged(
    _range(_at.id, _at.sender_id == _asker, _ACTIVE),
    _range(_at.id, _at.sender_id == _asker, _WAITING, _request_runs()),
    _range(_at.id, _at.sender_id == _asker, _REMOVED, _with_removed),
    _range(_at.id, _at.receiver_id == _asker, _ACTIVE),
    _range(_of.connection_id, _of.receiver_id == _asker, _PENDING, _of.ignored_at.is_(None), _RUNS),
    _range(_at.id, _at.receiver_id == _asker, _REMOVED, _with_removed),
)
_between = _merged(
    _range(_at.id, _BETWEEN, _ACTIVE),
    _range(_at.id, _BETWEEN, _WAITING, _request_runs(_seen_by_asker)),
    _range(_at.id, _BETWEEN, _REMOVED, _with_removed),
)


def _connections(page: CompoundSelect[Any]) -> Query[ListedConnection]:
    """The connections of a page with the other contact of each."""
    rows = select(
        _at.id,
        _at.request_id,
        _at.sender_id,
        _at.sender_role_id,
        _at.receiver_role_id,
        _at.status,
        _at.created_at,
        _at.active_at,
        _of.sent_at,
        relation_to(_asker),
    )
    shown = join_facts(rows.select_from(_with_requests), _other_end)
    return Query(shown.where(_at.id.in_(page)).order_by(_at.id.desc()), ListedConnection, CONTACT_FACTS)


_CONNECTIONS_BETWEEN = _connections(_between)
_OWN_CONNECTIONS = _connections(_own)


async def connections_of(
    tx: Transaction, asker: Guid, other: Guid, window: Window, *, include_removed: bool
) -> list[ListedConnection]:
    """The connections of the asker with another contact, or all of its own if that is the asker itself."""
    members: dict[str, Any] = {
        "contact_id": asker,
        "now": tx.now,
        "include_removed": include_removed,
        "after": window.after or LAST_ID,
        "limit": window.limit,
        "offset": window.offset,
    }
    if asker == other:
        return await tx.all(_OWN_CONNECTIONS, **members)
    return await tx.all(_CONNECTIONS_BETWEEN, pair=pair_of(asker, other), **members)


_active_between = select(func.count()).where(_BETWEEN, _ACTIVE).scalar_subquery()
_waiting_between = select(func.count()).where(_BETWEEN, _WAITING, _request_runs(_seen_by_asker)).scalar_subquery()
_COUNT_LIVE_BETWEEN = Query(select(_active_between + _waiting_between), int)
"""Two contacts have at most one live connection for each pair of roles, so counting them is cheap."""


async def count_connections(tx: Transaction, asker: Guid, other: Guid, *, include_removed: bool) -> int:
    """The number of connections on all pages."""
    if asker == other:
        return await _total(tx, asker, [LISTED, REMOVED] if include_removed else [LISTED])
    live = await tx.one(_COUNT_LIVE_BETWEEN, contact_id=asker, now=tx.now, pair=pair_of(asker, other)) or 0
    return live + (await _total(tx, asker, [removed_with(other)]) if include_removed else 0)


_TOTALS = Query(
    select(func.coalesce(func.sum(connection_totals.c.total), 0)).where(
        connection_totals.c.contact_id == _asker, in_list(connection_totals.c.name, "names")
    ),
    int,
)


async def _total(tx: Transaction, contact_id: Guid, names: Sequence[str]) -> int:
    return await tx.one(_TOTALS, contact_id=contact_id, names=list(names)) or 0


# Single contacts

_SEEN_CONTACT = Query(
    select_facts(relation_to(_asker)).where(contacts.c.id == bindparam("seen_id")), SeenContact, CONTACT_FACTS
)


async def seen_contact(tx: Transaction, asker: Guid, contact_id: Guid) -> SeenContact | None:
    """A contact, also one that was merged or erased, with the relation of the asker to it."""
    return await tx.one(_SEEN_CONTACT, contact_id=asker, seen_id=contact_id)


__all__ = [
    "connections_of",
    "count_connections",
    "count_received",
    "count_sent",
    "received_requests",
    "seen_contact",
    "sent_requests",
]
