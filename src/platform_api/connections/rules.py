"""What may happen to a connection, and what comes of it. Values in, value or refusal out; nothing else.

Whether the caller acts for the side that an act needs is settled before: these rules know only the state.
Each returns the request or connection as it is afterwards; the same object when nothing changes.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from platform_api.connections.errors import (
    AlreadyAccepted,
    AlreadyRemoved,
    NewerRequest,
    ResentTooOften,
    ResentTooSoon,
    closed,
)
from platform_api.connections.values import Connection, ConnectionRequest, Terms
from platform_api.foundation.waiting import NO_WAIT, wait_after, wait_until
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.errors import Conflict, ServiceError
from servicehost.contract.scalars import Guid

Tally = tuple[Guid, str]
"""A contact and the name of one of its counters."""

PENDING_SENT = "pending sent"
EXPIRED_SENT = "expired sent"
RECEIVED = "received"
IGNORED = "ignored"
"""Requests are counted apart for each type of the other contact: see `of_type`."""

LISTED = "connections"
REMOVED = "removed"

CONNECTION_STATUS_OF = {
    RequestStatus.PENDING: ConnectionStatus.PENDING,
    RequestStatus.ACCEPTED: ConnectionStatus.ACTIVE,
    RequestStatus.DECLINED: ConnectionStatus.DECLINED,
    RequestStatus.CANCELLED: ConnectionStatus.CANCELLED,
    RequestStatus.EXPIRED: ConnectionStatus.EXPIRED,
    RequestStatus.VOID: ConnectionStatus.VOID,
}
"""The status that a connection has while its request has this one and nobody has removed it."""


def resend(request: ConnectionRequest, now: datetime, terms: Terms) -> ConnectionRequest:
    """The request as it is after being sent again: the next token, a new expiry.

    Raises:
        NewerRequest: another request for the same connection took its place.
        ResentTooSoon: the cooldown has not passed.
        ResentTooOften: it was sent as often as it may be.
        Conflict, Gone: it is neither pending nor expired.
    """
    if request.status_at(now) not in (RequestStatus.PENDING, RequestStatus.EXPIRED):
        raise closed(request.status)
    if request.superseded:
        raise NewerRequest
    check_resend_limits(request, now, terms)
    return replace(
        request,
        status=RequestStatus.PENDING,
        version=request.version + 1,
        token_version=request.token_version + 1,
        sent_at=now,
        resent_count=request.resent_count + 1,
        expires_at=now + terms.request_life,
        decided_at=None,
        decided_by=None,
    )


def mail_again(request: ConnectionRequest, now: datetime, terms: Terms) -> ConnectionRequest:
    """The request after its current link was mailed again: no new token, no new expiry.

    The limits of a resend hold, counting what the sender sent and what was mailed again. It is counted apart, so that
    neither the dates nor the limits of the sender tell that somebody opened an old link.

    Raises:
        ResentTooSoon, ResentTooOften: the limits of a resend.
        Conflict, Gone: it is not pending.
    """
    status = request.status_at(now)
    if status is not RequestStatus.PENDING:
        raise closed(status)
    sent = request.resent_count + request.mailed_again_count
    for last in (request.mailed_again_at or request.sent_at, request.sent_at):
        check_resend_limits(replace(request, sent_at=last, resent_count=sent), now, terms)
    return replace(
        request,
        version=request.version + 1,
        mailed_again_at=now,
        mailed_again_count=request.mailed_again_count + 1,
    )


def check_resend_limits(request: ConnectionRequest, now: datetime, terms: Terms) -> None:
    """Refuse a sending that comes too soon or once too often.

    Raises:
        ResentTooSoon: the cooldown has not passed.
        ResentTooOften: it was sent as often as it may be.
    """
    if terms.resends is not None and request.resent_count >= terms.resends:
        raise ResentTooOften(max(wait_until(request.expires_at, terms.request_life, now), terms.resend_cooldown))
    wait = wait_after(request.sent_at, terms.resend_cooldown, now)
    if wait > NO_WAIT:
        raise ResentTooSoon(wait)


def accept(
    request: ConnectionRequest, by: Guid, now: datetime, terms: Terms, mailbox: str | None = None
) -> ConnectionRequest:
    """The request as accepted by the receiver; one that was declined may be within the undo window.

    Args:
        request: the request.
        by: the contact of the person who accepts.
        now: the time.
        terms: the numbers of the life cycle.
        mailbox: key of the address that consents; None when a known contact accepts for itself.

    Raises:
        Conflict, Gone: it can no longer be accepted; the error names the state.
    """
    status = request.status_at(now)
    if status is RequestStatus.ACCEPTED:
        return request
    undone = status is RequestStatus.DECLINED and _can_undo(request, now, terms) and not request.superseded
    if status is not RequestStatus.PENDING and not undone:
        raise closed(status)
    return replace(_decided(request, RequestStatus.ACCEPTED, by, now), accepted_key=mailbox)


def decline(request: ConnectionRequest, by: Guid, now: datetime) -> ConnectionRequest:
    """The request as declined by the receiver.

    Raises:
        Conflict, Gone: it is not pending; the error names the state.
    """
    status = request.status_at(now)
    if status is RequestStatus.DECLINED:
        return request
    if status is RequestStatus.PENDING:
        return _decided(request, RequestStatus.DECLINED, by, now)
    raise closed(status)


def ignore(request: ConnectionRequest, now: datetime) -> ConnectionRequest:
    """The request with the receiver's private mark; to the sender it stays pending.

    Raises:
        Conflict, Gone: it is not pending; the error names the state.
    """
    status = request.status_at(now)
    if status is not RequestStatus.PENDING:
        raise closed(status)
    if request.ignored_at is not None:
        return request
    return replace(request, ignored_at=now, version=request.version + 1)


def cancel(request: ConnectionRequest, by: Guid, now: datetime, terms: Terms) -> ConnectionRequest:
    """The request as withdrawn by its sender; one that was declined ends its undo.

    Raises:
        Conflict, Gone: it is neither pending nor declined a short while ago; the error names the state.
    """
    status = request.status_at(now)
    if status is RequestStatus.CANCELLED:
        return request
    if status is RequestStatus.PENDING or (status is RequestStatus.DECLINED and _can_undo(request, now, terms)):
        return _decided(request, RequestStatus.CANCELLED, by, now)
    raise closed(status)


def expire(request: ConnectionRequest, now: datetime) -> ConnectionRequest:
    """The request as the clock leaves it."""
    if request.status is not RequestStatus.PENDING or now < request.expires_at:
        return request
    return replace(request, status=RequestStatus.EXPIRED, version=request.version + 1, decided_at=now)


def void(request: ConnectionRequest, now: datetime) -> ConnectionRequest:
    """The request as ended by the platform; one that has ended already stays as it is."""
    if request.status is not RequestStatus.PENDING:
        return request
    return replace(request, status=RequestStatus.VOID, version=request.version + 1, decided_at=now)


def remove(connection: Connection, by: Guid | None, now: datetime) -> Connection:
    """The connection as removed by one of its sides; by nobody (None) when the platform ends it.

    Raises:
        Conflict: it is not active; the error names the state.
    """
    if connection.status is ConnectionStatus.REMOVED:
        return connection
    if connection.status is not ConnectionStatus.ACTIVE:
        raise not_active(connection)
    return replace(
        connection, status=ConnectionStatus.REMOVED, version=connection.version + 1, ended_at=now, ended_by=by
    )


def not_active(connection: Connection) -> ServiceError:
    """Why a connection that is not active cannot be removed."""
    if connection.status is ConnectionStatus.PENDING:
        return Conflict("The connection is pending, not active. Cancel it, or decline its request.")
    return closed(RequestStatus(connection.status.value))


def check_cancel(connection: Connection) -> None:
    """Refuse to cancel what is, or was, active: that needs a removal.

    Raises:
        AlreadyAccepted, AlreadyRemoved: it is active, or was.
    """
    if connection.status is ConnectionStatus.REMOVED:
        raise AlreadyRemoved("The connection was removed.")
    if connection.status is ConnectionStatus.ACTIVE:
        raise AlreadyAccepted("The connection is active. Remove it to end it.")


def act_meant(connection: Connection, now: datetime, terms: Terms) -> str:
    """The act that a ConnectionStatusUpdate without an Action means: cancel what is pending, remove what is active.

    Raises:
        AlreadyAccepted: the connection became active a moment ago: a cancel that lost the race to an accept must
            not end it.
    """
    if connection.status is not ConnectionStatus.ACTIVE and connection.status is not ConnectionStatus.REMOVED:
        return "cancel"
    if (
        connection.status is ConnectionStatus.ACTIVE
        and connection.active_at
        and wait_after(connection.active_at, terms.young, now) > NO_WAIT
    ):
        raise AlreadyAccepted("The request was accepted a moment ago. Send Action 'remove' to end the connection.")
    return "remove"


def follow(connection: Connection, request: ConnectionRequest, now: datetime) -> Connection:
    """The connection as its request's status makes it."""
    status = CONNECTION_STATUS_OF[request.status]
    if connection.status is status:
        return connection
    active = status is ConnectionStatus.ACTIVE
    live = active or status is ConnectionStatus.PENDING
    return replace(
        connection,
        status=status,
        version=connection.version + 1,
        active_at=now if active else None,
        ended_at=None if live else now,
        ended_by=None if live else request.decided_by,
    )


def concerns_mailbox(request: ConnectionRequest, contact_id: Guid, address_keys: Collection[str]) -> bool:
    """Whether a request that a contact is asked by was accepted by one of these addresses, or else was sent to one."""
    key = request.accepted_key if request.status is RequestStatus.ACCEPTED else request.address_key
    return request.receiver_id == contact_id and key in address_keys


def of_type(name: str, code: str) -> str:
    """Name of the counter of requests whose other contact has the type with this code."""
    return f"{name} {code}"


def removed_with(other: Guid) -> str:
    """Name of the counter of removed connections with one other contact."""
    return f"{REMOVED} with {other}"


def counted(request: ConnectionRequest) -> Counter[Tally]:
    """The counters that a request in this state counts in.

    While it is pending, it also counts as a connection of its receiver, from whom the private mark hides it;
    `counted_connection` has the sender's side.
    """
    counters: Counter[Tally] = Counter()
    if request.status is RequestStatus.PENDING:
        counters[(request.sender_id, of_type(PENDING_SENT, request.receiver_type))] = 1
        if request.shown_to:
            name = IGNORED if request.ignored_at else RECEIVED
            counters[(request.shown_to, of_type(name, request.sender_type))] = 1
        if not request.ignored_at:
            counters[(request.receiver_id, LISTED)] = 1
    elif request.status is RequestStatus.EXPIRED and not request.superseded:
        counters[(request.sender_id, of_type(EXPIRED_SENT, request.receiver_type))] = 1
    return counters


def counted_connection(connection: Connection) -> Counter[Tally]:
    """The counters that a connection in this state counts in. One with itself, as a merge may leave, counts once."""
    sender, receiver = connection.sender_id, connection.receiver_id
    if connection.status is ConnectionStatus.PENDING:
        return Counter({(sender, LISTED): 1})
    if connection.status is ConnectionStatus.ACTIVE:
        return Counter({(sender, LISTED): 1, (receiver, LISTED): 1})
    if connection.status is ConnectionStatus.REMOVED:
        names = {
            (sender, REMOVED),
            (receiver, REMOVED),
            (sender, removed_with(receiver)),
            (receiver, removed_with(sender)),
        }
        return Counter(names)
    return Counter()


def difference(before: Counter[Tally], after: Counter[Tally]) -> dict[Tally, int]:
    """What must be added to each counter when a state gives way to another."""
    return {tally: after[tally] - before[tally] for tally in before | after if after[tally] != before[tally]}


def _decided(request: ConnectionRequest, status: RequestStatus, by: Guid, now: datetime) -> ConnectionRequest:
    return replace(request, status=status, version=request.version + 1, decided_at=now, decided_by=by)


def _can_undo(request: ConnectionRequest, now: datetime, terms: Terms) -> bool:
    return request.decided_at is not None and now < request.decided_at + terms.undo_window


__all__ = [
    "EXPIRED_SENT",
    "IGNORED",
    "LISTED",
    "PENDING_SENT",
    "RECEIVED",
    "REMOVED",
    "Tally",
    "accept",
    "act_meant",
    "cancel",
    "check_cancel",
    "check_resend_limits",
    "concerns_mailbox",
    "counted",
    "counted_connection",
    "decline",
    "difference",
    "expire",
    "follow",
    "ignore",
    "mail_again",
    "not_active",
    "of_type",
    "remove",
    "removed_with",
    "resend",
    "void",
]
