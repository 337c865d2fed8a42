"""The SQL of connection requests."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, insert, literal_column, select, union, union_all

from platform_api.connections.store.changing import GuardedUpdate
from platform_api.connections.store.reading import reader, select_all
from platform_api.connections.tables import (
    LIVE,
    OPEN,
    PENDING,
    PURGEABLE,
    RESENDABLE,
    connection_requests,
    connections,
)
from platform_api.connections.values import ConnectionRequest, pair_of
from platform_api.contacts.tables import contacts
from platform_api.database.statements import Command, Query, as_tuple
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import RequestStatus
from servicehost.contract.scalars import Guid

_REQUESTS = select_all(connection_requests, ConnectionRequest)
_read = reader(ConnectionRequest, RequestStatus)
_IS_PENDING = connection_requests.c.status == literal_column("'Pending'")
_CONTACT = bindparam("contact_id", type_=connection_requests.c.sender_id.type)


def _of_key(*conditions: Any) -> Query[ConnectionRequest]:
    """The requests with one key that meet the conditions."""
    return Query(_REQUESTS.where(connection_requests.c.key == bindparam("key"), *conditions), _read)


# One request

_GET_REQUEST = Query(_REQUESTS.where(connection_requests.c.id == bindparam("id")), _read)


async def get_request(tx: Transaction, request_id: Guid) -> ConnectionRequest | None:
    """The request with this id."""
    return await tx.one(_GET_REQUEST, id=request_id)


_PENDING_REQUEST = _of_key(_IS_PENDING)


async def pending_request(tx: Transaction, key: str) -> ConnectionRequest | None:
    """The pending request with this key; there is at most one."""
    return await tx.one(_PENDING_REQUEST, key=key)


_RESENDABLE_REQUESTS = _of_key(RESENDABLE)


async def resendable_requests(tx: Transaction, key: str) -> list[ConnectionRequest]:
    """The expired requests with this key that their sender can still send again."""
    return await tx.all(_RESENDABLE_REQUESTS, key=key)


# Requests of a contact

_OPEN_STATES = (
    (_IS_PENDING,),
    (connection_requests.c.status == literal_column("'Expired'"), connection_requests.c.superseded.is_(False)),
)


def _requests_of(*more: ColumnElement[bool]) -> Query[ConnectionRequest]:
    """The requests that a contact has sent, then those that it is asked by, as far as they meet the conditions."""
    return Query(
        union(
            _REQUESTS.where(connection_requests.c.sender_id == _CONTACT, OPEN, *more),
            *(_REQUESTS.where(connection_requests.c.receiver_id == _CONTACT, *state, *more) for state in _OPEN_STATES),
        ),
        _read,
    )


_PENDING_REQUESTS_OF = _requests_of(_IS_PENDING)


async def pending_requests_of(tx: Transaction, contact_id: Guid) -> list[ConnectionRequest]:
    """The pending requests that a contact has sent or is asked by."""
    return await tx.all(_PENDING_REQUESTS_OF, contact_id=contact_id)


_OPEN_REQUESTS_OF = _requests_of()


async def open_requests_of(tx: Transaction, contact_id: Guid) -> list[ConnectionRequest]:
    """The requests that a contact has sent or is asked by: pending ones, and expired ones that can be sent again."""
    return await tx.all(_OPEN_REQUESTS_OF, contact_id=contact_id)


_HAS_OPEN_REQUEST = Query(
    union_all(
        *(
            select(connection_requests.c.id).where(connection_requests.c.receiver_id == _CONTACT, *state)
            for state in _OPEN_STATES
        )
    ).limit(1),
    Guid,
)


async def has_open_request(tx: Transaction, contact_id: Guid) -> bool:
    """Whether a contact is asked by a request that is pending, or that has expired and can be sent again."""
    return await tx.one(_HAS_OPEN_REQUEST, contact_id=contact_id) is not None


_REQUESTS_TO = Query(_REQUESTS.where(connection_requests.c.receiver_id == bindparam("contact_id")), _read)


async def requests_to(tx: Transaction, contact_id: Guid) -> list[ConnectionRequest]:
    """Every request that a contact is asked by, whatever its status."""
    return await tx.all(_REQUESTS_TO, contact_id=contact_id)


def _pending_from_blocked(sender: ColumnElement[Any]) -> Select[Any]:
    return _REQUESTS.where(
        sender == bindparam("blocked"), connection_requests.c.shown_to == bindparam("blocker"), PENDING
    )


_PENDING_REQUESTS_BETWEEN = Query(
    union(
        _pending_from_blocked(connection_requests.c.sender_id),
        _pending_from_blocked(connection_requests.c.sent_by),
        _REQUESTS.where(
            connection_requests.c.id.in_(
                select(connections.c.request_id).where(connections.c.pair == bindparam("pair"), LIVE)
            ),
            PENDING,
        ),
    ),
    _read,
)


async def pending_requests_between(tx: Transaction, blocker: Guid, blocked: Guid) -> list[ConnectionRequest]:
    """The pending requests between two contacts, as far as the one that blocks may know of them.

    Requests that the blocked contact sent for others are among them. An invitation is not, if the only tie is that the
    blocked contact has verified its address.
    """
    pair = pair_of(blocker, blocked)
    return await tx.all(_PENDING_REQUESTS_BETWEEN, blocker=blocker, blocked=blocked, pair=pair)


_VIRTUAL_CONTACTS_ACCEPTED_FOR = Query(
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


async def virtual_contacts_accepted_for(tx: Transaction, address_key: str) -> list[Guid]:
    """The virtual contacts with an active connection that the mailbox of this address accepted."""
    return await tx.all(_VIRTUAL_CONTACTS_ACCEPTED_FOR, address_key=address_key)


_CONTACT_TYPES = Query(
    select(contacts.c.id, contacts.c.contact_type).where(
        contacts.c.id.in_((bindparam("sender"), bindparam("receiver")))
    ),
    as_tuple,
)


async def contact_types(tx: Transaction, sender_id: Guid, receiver_id: Guid) -> tuple[str, str]:
    """The codes of the contact types of a sender and a receiver."""
    codes: dict[Guid, str] = dict(await tx.all(_CONTACT_TYPES, sender=sender_id, receiver=receiver_id))
    return codes[sender_id], codes[receiver_id]


# Requests to an address

_TO_ADDRESS = connection_requests.c.address_key == bindparam("address_key")
_PENDING_REQUESTS_TO_ADDRESS = Query(_REQUESTS.where(_TO_ADDRESS, PENDING).limit(bindparam("limit")), _read)


async def pending_requests_to_address(tx: Transaction, address_key: str, limit: int) -> list[ConnectionRequest]:
    """Pending requests to an address, shown to a contact or not; `limit` at most, since anyone may send them."""
    return await tx.all(_PENDING_REQUESTS_TO_ADDRESS, address_key=address_key, limit=limit)


_UNSHOWN_REQUESTS = Query(
    _REQUESTS.where(
        _TO_ADDRESS,
        connection_requests.c.shown_to.is_(None),
        connection_requests.c.sender_id != bindparam("contact_id"),
        PENDING,
    ).limit(bindparam("limit")),
    _read,
)


async def unshown_requests(tx: Transaction, contact_id: Guid, address_key: str, limit: int) -> list[ConnectionRequest]:
    """Pending requests to an address that no contact sees yet, without those that this contact has sent itself."""
    return await tx.all(_UNSHOWN_REQUESTS, contact_id=contact_id, address_key=address_key, limit=limit)


# Requests that are due

_OVERDUE_REQUESTS = Query(
    _REQUESTS.where(connection_requests.c.expires_at <= bindparam("now"), _IS_PENDING)
    .order_by(connection_requests.c.expires_at)
    .limit(bindparam("limit")),
    _read,
)


async def overdue_requests(tx: Transaction, now: datetime, limit: int) -> list[ConnectionRequest]:
    """Pending requests whose expiry has passed, the oldest first."""
    return await tx.all(_OVERDUE_REQUESTS, now=now, limit=limit)


_PURGEABLE_INVITATIONS = Query(
    _REQUESTS.where(
        connection_requests.c.decided_at <= bindparam("before", type_=connection_requests.c.decided_at.type),
        PURGEABLE,
    )
    .order_by(connection_requests.c.decided_at)
    .limit(bindparam("limit")),
    _read,
)


async def purgeable_invitations(tx: Transaction, before: datetime, limit: int) -> list[ConnectionRequest]:
    """Invitations that ended without acceptance before a moment and still hold an address, the oldest first."""
    return await tx.all(_PURGEABLE_INVITATIONS, before=before, limit=limit)


# Writing

_ADD_REQUEST = Command(insert(connection_requests))


async def add_request(tx: Transaction, request: ConnectionRequest) -> None:
    """Store a new request.

    Raises:
        UniqueViolation: a request with the key is pending.
    """
    columns = {name: getattr(request, name) for name in ConnectionRequest.__struct_fields__}
    await tx.execute(_ADD_REQUEST, **columns, key=request.key)


_SENDING = ("version", "token_version", "sent_at", "resent_count", "expires_at")
_RESEND_PENDING = GuardedUpdate(connection_requests, *_SENDING)
"""Writes no status: a column that is written costs an update of every index that depends on it."""

_RESEND_EXPIRED = GuardedUpdate(
    connection_requests, *_SENDING, "status", "shown_to", "ignored_at", "decided_at", "decided_by"
)


async def replace_resent(tx: Transaction, before: ConnectionRequest, after: ConnectionRequest) -> bool:
    """Write the columns that a resend changes; False if the request was changed after `before` was read."""
    resend = _RESEND_PENDING if before.status is after.status else _RESEND_EXPIRED
    return await tx.execute(resend.command, **resend.parameters(before, after)) == 1


_REPLACE_MAILED_AGAIN = GuardedUpdate(connection_requests, "version", "mailed_again_at", "mailed_again_count")


async def replace_mailed_again(tx: Transaction, before: ConnectionRequest, after: ConnectionRequest) -> bool:
    """Write that the current link was mailed again; False if the request was changed after `before` was read."""
    parameters = _REPLACE_MAILED_AGAIN.parameters(before, after)
    return await tx.execute(_REPLACE_MAILED_AGAIN.command, **parameters) == 1


_REPLACE_REQUEST = GuardedUpdate(
    connection_requests,
    "receiver_id",
    "sender_id",
    "shown_to",
    "status",
    "version",
    "ignored_at",
    "decided_at",
    "decided_by",
    "accepted_key",
    "superseded",
    "address_key",
    "recipient_key",
    "sender_type",
    "receiver_type",
    "key",
)


async def replace_request(tx: Transaction, before: ConnectionRequest, after: ConnectionRequest) -> bool:
    """Write a request as it is after an act; False if it was changed after `before` was read."""
    return await tx.execute(_REPLACE_REQUEST.command, **_REPLACE_REQUEST.parameters(before, after)) == 1


__all__ = [
    "add_request",
    "contact_types",
    "get_request",
    "has_open_request",
    "open_requests_of",
    "overdue_requests",
    "pending_request",
    "pending_requests_between",
    "pending_requests_of",
    "pending_requests_to_address",
    "purgeable_invitations",
    "replace_mailed_again",
    "replace_request",
    "replace_resent",
    "requests_to",
    "resendable_requests",
    "unshown_requests",
    "virtual_contacts_accepted_for",
]
