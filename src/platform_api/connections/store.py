"""The SQL of the life cycle, and nothing else. Rows become values here."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    select,
    union,
    union_all,
    update,
)

from platform_api.connections.tables import (
    FORGETTABLE,
    LIVE,
    OPEN,
    PENDING,
    RESENDABLE,
    connection_requests,
    connections,
)
from platform_api.connections.values import Connection, ConnectionRequest, pair_of
from platform_api.contacts.tables import contacts
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.scalars import Guid

_REQUEST_STATUSES = {status.value: status for status in RequestStatus}
_CONNECTION_STATUSES = {status.value: status for status in ConnectionStatus}
_REQUEST_COLUMNS: list[Column[Any]] = [connection_requests.c[name] for name in ConnectionRequest.__struct_fields__]
_CONNECTION_COLUMNS: list[Column[Any]] = [connections.c[name] for name in Connection.__struct_fields__]
STATUS_OF_REQUEST = ConnectionRequest.__struct_fields__.index("status")
STATUS_OF_CONNECTION = Connection.__struct_fields__.index("status")
_IS_PENDING = connection_requests.c.status == literal_column("'Pending'")
_IS_LIVE = connections.c.status.in_((literal_column("'Pending'"), literal_column("'Active'")))


def request_from_row(*row: Any) -> ConnectionRequest:
    """A row of `_REQUEST_COLUMNS` as a value."""
    values = list(row)
    values[STATUS_OF_REQUEST] = _REQUEST_STATUSES[values[STATUS_OF_REQUEST]]
    return ConnectionRequest(*values)


def connection_from_row(*row: Any) -> Connection:
    """A row of `_CONNECTION_COLUMNS` as a value."""
    values = list(row)
    values[STATUS_OF_CONNECTION] = _CONNECTION_STATUSES[values[STATUS_OF_CONNECTION]]
    return Connection(*values)


REQUESTS = select(*_REQUEST_COLUMNS)
"""Every request; give it conditions."""

_CONNECTIONS = select(*_CONNECTION_COLUMNS)

REQUEST = Query(REQUESTS.where(connection_requests.c.id == bindparam("id")), request_from_row)
PENDING_REQUEST_WITH_KEY = Query(
    REQUESTS.where(connection_requests.c.key == bindparam("key"), _IS_PENDING), request_from_row
)
_CONTACT = bindparam("contact_id", type_=connection_requests.c.sender_id.type)


_OPEN_STATES = (
    (_IS_PENDING,),
    (connection_requests.c.status == literal_column("'Expired'"), connection_requests.c.superseded.is_(False)),
)


def _requests_of(*more: ColumnElement[bool]) -> Query[ConnectionRequest]:
    """The requests of a contact that meet the conditions: those that it has sent, then those that it is asked by."""
    return Query(
        union(
            REQUESTS.where(connection_requests.c.sender_id == _CONTACT, OPEN, *more),
            *(REQUESTS.where(connection_requests.c.receiver_id == _CONTACT, *state, *more) for state in _OPEN_STATES),
        ),
        request_from_row,
    )


PENDING_REQUESTS_OF = _requests_of(_IS_PENDING)
OPEN_REQUESTS_OF = _requests_of()
HAS_OPEN_REQUEST = Query(
    union_all(
        *(
            select(connection_requests.c.id).where(connection_requests.c.receiver_id == _CONTACT, *state)
            for state in _OPEN_STATES
        )
    ).limit(1),
    Guid,
)
_live_between = select(connections.c.request_id).where(connections.c.pair == bindparam("pair"), LIVE)
PENDING_REQUESTS_BETWEEN = Query(
    union(
        REQUESTS.where(
            connection_requests.c.sender_id == bindparam("blocked"),
            connection_requests.c.shown_to == bindparam("blocker"),
            PENDING,
        ),
        REQUESTS.where(
            connection_requests.c.sent_by == bindparam("blocked"),
            connection_requests.c.shown_to == bindparam("blocker"),
            PENDING,
        ),
        REQUESTS.where(connection_requests.c.id.in_(_live_between), PENDING),
    ),
    request_from_row,
)
OVERDUE_REQUESTS = Query(
    REQUESTS.where(connection_requests.c.expires_at <= bindparam("now"), _IS_PENDING)
    .order_by(connection_requests.c.expires_at)
    .limit(bindparam("limit")),
    request_from_row,
)
FORGETTABLE_INVITATIONS = Query(
    REQUESTS.where(
        connection_requests.c.decided_at <= bindparam("before", type_=connection_requests.c.decided_at.type),
        FORGETTABLE,
    )
    .order_by(connection_requests.c.decided_at)
    .limit(bindparam("limit")),
    request_from_row,
)
EXPIRED_REQUESTS_WITH_KEY = Query(
    REQUESTS.where(connection_requests.c.key == bindparam("key"), RESENDABLE), request_from_row
)
CONNECTION = Query(_CONNECTIONS.where(connections.c.id == bindparam("id")), connection_from_row)
LIVE_CONNECTION_WITH_KEY = Query(
    _CONNECTIONS.where(connections.c.key == bindparam("key"), _IS_LIVE), connection_from_row
)
CONNECTIONS_OF = Query(
    _CONNECTIONS.where(
        or_(
            connections.c.sender_id == bindparam("contact_id"),
            connections.c.receiver_id == bindparam("contact_id"),
        )
    ),
    connection_from_row,
)
VIRTUAL_CONTACTS_ACCEPTED_FOR = Query(
    select(connection_requests.c.receiver_id)
    .distinct()
    .where(
        connection_requests.c.accepted_key == bindparam("address_key"),
        exists().where(
            connections.c.id == connection_requests.c.connection_id, connections.c.status == literal_column("'Active'")
        ),
        exists().where(
            contacts.c.id == connection_requests.c.receiver_id,
            contacts.c.keeper_id.is_not(None),
            contacts.c.removed_at.is_(None),
        ),
    ),
    Guid,
)
REQUESTS_TO = Query(REQUESTS.where(connection_requests.c.receiver_id == bindparam("contact_id")), request_from_row)
CONTACT_TYPES = Query(
    select(contacts.c.id, contacts.c.contact_type).where(
        contacts.c.id.in_((bindparam("sender"), bindparam("receiver")))
    ),
    as_tuple,
)

ADD_REQUEST = Command(insert(connection_requests))
ADD_CONNECTION = Command(insert(connections))
_UNCHANGED = (
    connection_requests.c.id == bindparam("id_"),
    connection_requests.c.status == bindparam("status_before"),
    connection_requests.c.version == bindparam("version_before"),
)
_SENDING: dict[str, Any] = {
    name: bindparam(name) for name in ("version", "token_version", "sent_at", "resent_count", "expires_at")
}
RESEND_PENDING = Command(update(connection_requests).where(*_UNCHANGED).values(_SENDING))
"""Writes no status: a column that is written costs an update of every index that depends on it."""

RESEND_EXPIRED = Command(
    update(connection_requests)
    .where(*_UNCHANGED)
    .values(
        _SENDING | {name: bindparam(name) for name in ("status", "shown_to", "ignored_at", "decided_at", "decided_by")}
    )
)
MAIL_AGAIN = Command(
    update(connection_requests)
    .where(*_UNCHANGED)
    .values({name: bindparam(name) for name in ("version", "mailed_again_at", "mailed_again_count")})
)
REPLACE_REQUEST = Command(
    update(connection_requests)
    .where(*_UNCHANGED)
    .values(
        receiver_id=bindparam("receiver_id"),
        sender_id=bindparam("sender_id"),
        shown_to=bindparam("shown_to"),
        status=bindparam("status"),
        version=bindparam("version"),
        ignored_at=bindparam("ignored_at"),
        decided_at=bindparam("decided_at"),
        decided_by=bindparam("decided_by"),
        accepted_key=bindparam("accepted_key"),
        superseded=bindparam("superseded"),
        address_key=bindparam("address_key"),
        recipient_key=bindparam("recipient_key"),
        sender_type=bindparam("sender_type"),
        receiver_type=bindparam("receiver_type"),
        key=bindparam("key"),
    )
)
REPLACE_CONNECTION = Command(
    update(connections)
    .where(
        connections.c.id == bindparam("id_"),
        connections.c.status == bindparam("status_before"),
        connections.c.version == bindparam("version_before"),
    )
    .values(
        sender_id=bindparam("sender_id"),
        receiver_id=bindparam("receiver_id"),
        status=bindparam("status"),
        version=bindparam("version"),
        active_at=bindparam("active_at"),
        ended_at=bindparam("ended_at"),
        ended_by=bindparam("ended_by"),
        key=bindparam("key"),
        pair=bindparam("pair"),
    )
)


async def get_request(tx: Transaction, request_id: Guid) -> ConnectionRequest | None:
    """The request, or None."""
    return await tx.one(REQUEST, id=request_id)


async def get_connection(tx: Transaction, connection_id: Guid) -> Connection | None:
    """The connection, or None."""
    return await tx.one(CONNECTION, id=connection_id)


async def live_connection(tx: Transaction, key: str) -> Connection | None:
    """The connection with this key that is pending or active; there is at most one."""
    return await tx.one(LIVE_CONNECTION_WITH_KEY, key=key)


async def pending_request(tx: Transaction, key: str) -> ConnectionRequest | None:
    """The request with this key that is pending; there is at most one."""
    return await tx.one(PENDING_REQUEST_WITH_KEY, key=key)


async def resendable_requests(tx: Transaction, key: str) -> list[ConnectionRequest]:
    """The expired requests with this key that their sender could still send again."""
    return await tx.all(EXPIRED_REQUESTS_WITH_KEY, key=key)


async def pending_requests_of(tx: Transaction, contact_id: Guid) -> list[ConnectionRequest]:
    """The pending requests that a contact has sent or is asked by."""
    return await tx.all(PENDING_REQUESTS_OF, contact_id=contact_id)


async def open_requests_of(tx: Transaction, contact_id: Guid) -> list[ConnectionRequest]:
    """The requests that a contact has sent or is asked by: those that are pending, and expired ones to be sent again."""
    return await tx.all(OPEN_REQUESTS_OF, contact_id=contact_id)


async def has_open_request(tx: Transaction, contact_id: Guid) -> bool:
    """Whether a contact is asked by a request that is pending, or has expired and can be sent again."""
    return await tx.one(HAS_OPEN_REQUEST, contact_id=contact_id) is not None


async def pending_requests_between(tx: Transaction, blocker: Guid, blocked: Guid) -> list[ConnectionRequest]:
    """The pending requests that one of the two has sent to the other, as far as the one who blocks may know.

    Those that the blocked contact sent for others are among them. An invitation is not when the blocked contact only turns out to have its address.
    """
    pair = pair_of(blocker, blocked)
    return await tx.all(PENDING_REQUESTS_BETWEEN, blocker=blocker, blocked=blocked, pair=pair)


async def overdue_requests(tx: Transaction, now: datetime, limit: int) -> list[ConnectionRequest]:
    """Pending requests whose expiry has passed, the oldest first."""
    return await tx.all(OVERDUE_REQUESTS, now=now, limit=limit)


async def forgettable_invitations(tx: Transaction, before: datetime, limit: int) -> list[ConnectionRequest]:
    """Invitations that ended without acceptance before a moment, and still name an address."""
    return await tx.all(FORGETTABLE_INVITATIONS, before=before, limit=limit)


async def connections_of(tx: Transaction, contact_id: Guid) -> list[Connection]:
    """Every connection with this contact at an end, whatever its status."""
    return await tx.all(CONNECTIONS_OF, contact_id=contact_id)


async def virtual_contacts_accepted_for(tx: Transaction, address_key: str) -> list[Guid]:
    """The virtual contacts with an active connection that the mailbox of this address accepted."""
    return await tx.all(VIRTUAL_CONTACTS_ACCEPTED_FOR, address_key=address_key)


async def requests_to(tx: Transaction, contact_id: Guid) -> list[ConnectionRequest]:
    """Every request that a contact is asked by, whatever its status."""
    return await tx.all(REQUESTS_TO, contact_id=contact_id)


async def add_request(tx: Transaction, request: ConnectionRequest) -> None:
    """Keep a new request.

    Raises:
        UniqueViolation: a request with the key is pending.
    """
    await tx.execute(
        ADD_REQUEST, **{name: getattr(request, name) for name in ConnectionRequest.__struct_fields__}, key=request.key
    )


async def add_connection(tx: Transaction, connection: Connection) -> None:
    """Keep a new connection.

    Raises:
        UniqueViolation: a connection with the key is pending or active.
    """
    await tx.execute(
        ADD_CONNECTION,
        **{name: getattr(connection, name) for name in Connection.__struct_fields__},
        key=connection.key,
        pair=pair_of(connection.sender_id, connection.receiver_id),
    )


async def keep_resent(tx: Transaction, before: ConnectionRequest, after: ConnectionRequest) -> bool:
    """Write what a resend changes; False when the row was changed meanwhile."""
    sending = {
        "id_": before.id,
        "status_before": before.status,
        "version_before": before.version,
        "version": after.version,
        "token_version": after.token_version,
        "sent_at": after.sent_at,
        "resent_count": after.resent_count,
        "expires_at": after.expires_at,
    }
    if before.status is after.status:
        return await tx.execute(RESEND_PENDING, **sending) == 1
    again = {
        "status": after.status,
        "shown_to": after.shown_to,
        "ignored_at": after.ignored_at,
        "decided_at": after.decided_at,
        "decided_by": after.decided_by,
    }
    return await tx.execute(RESEND_EXPIRED, **sending, **again) == 1


async def keep_mailed_again(tx: Transaction, before: ConnectionRequest, after: ConnectionRequest) -> bool:
    """Write that the current link was mailed again; False when the row was changed meanwhile."""
    touched = await tx.execute(
        MAIL_AGAIN,
        id_=before.id,
        status_before=before.status,
        version_before=before.version,
        version=after.version,
        mailed_again_at=after.mailed_again_at,
        mailed_again_count=after.mailed_again_count,
    )
    return touched == 1


async def replace_request(tx: Transaction, before: ConnectionRequest, after: ConnectionRequest) -> bool:
    """Write a request as it is after an act; False when the row was changed meanwhile."""
    touched = await tx.execute(
        REPLACE_REQUEST,
        id_=before.id,
        status_before=before.status,
        version_before=before.version,
        sender_id=after.sender_id,
        receiver_id=after.receiver_id,
        shown_to=after.shown_to,
        status=after.status,
        version=after.version,
        ignored_at=after.ignored_at,
        decided_at=after.decided_at,
        decided_by=after.decided_by,
        accepted_key=after.accepted_key,
        superseded=after.superseded,
        address_key=after.address_key,
        recipient_key=after.recipient_key,
        sender_type=after.sender_type,
        receiver_type=after.receiver_type,
        key=after.key,
    )
    return touched == 1


async def replace_connection(tx: Transaction, before: Connection, after: Connection) -> bool:
    """Write a connection as it is after an act; False when the row was changed meanwhile."""
    touched = await tx.execute(
        REPLACE_CONNECTION,
        id_=before.id,
        status_before=before.status,
        version_before=before.version,
        sender_id=after.sender_id,
        receiver_id=after.receiver_id,
        status=after.status,
        version=after.version,
        active_at=after.active_at,
        ended_at=after.ended_at,
        ended_by=after.ended_by,
        key=after.key,
        pair=pair_of(after.sender_id, after.receiver_id),
    )
    return touched == 1


async def contact_types(tx: Transaction, sender_id: Guid, receiver_id: Guid) -> tuple[str, str]:
    """The codes of the types of two contacts."""
    codes: dict[Guid, str] = dict(await tx.all(CONTACT_TYPES, sender=sender_id, receiver=receiver_id))
    return codes[sender_id], codes[receiver_id]


__all__ = [
    "add_connection",
    "add_request",
    "connections_of",
    "contact_types",
    "forgettable_invitations",
    "get_connection",
    "get_request",
    "has_open_request",
    "keep_mailed_again",
    "keep_resent",
    "live_connection",
    "open_requests_of",
    "overdue_requests",
    "pending_request",
    "pending_requests_between",
    "pending_requests_of",
    "replace_connection",
    "replace_request",
    "requests_to",
    "resendable_requests",
    "virtual_contacts_accepted_for",
]
