"""The rules of requests and connections: the state after an act, or the error that refuses it.

The rules are pure and know only the state; the operation has checked that the caller acts for the side that may carry
out the act. Each returns the request or connection as it is afterwards, or the same object if nothing changes.
"""

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
from platform_api.connections.settings import Terms
from platform_api.connections.values import Connection, ConnectionRequest
from platform_api.foundation.waiting import NO_WAIT, wait_after, wait_until
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.errors import Conflict, ServiceError
from servicehost.contract.scalars import Guid

CONNECTION_STATUS_OF = {
    RequestStatus.PENDING: ConnectionStatus.PENDING,
    RequestStatus.ACCEPTED: ConnectionStatus.ACTIVE,
    RequestStatus.DECLINED: ConnectionStatus.DECLINED,
    RequestStatus.CANCELLED: ConnectionStatus.CANCELLED,
    RequestStatus.EXPIRED: ConnectionStatus.EXPIRED,
    RequestStatus.VOID: ConnectionStatus.VOID,
}
"""The status of a connection for each status of its request, unless the connection was removed."""


def resend(request: ConnectionRequest, now: datetime, terms: Terms) -> ConnectionRequest:
    """The request after it was sent again, with the next token version and a new expiry.

    Raises:
        NewerRequest: a later request for the same connection replaced it.
        ResentTooSoon: the cooldown has not passed.
        ResentTooOften: it was sent as often as one request may be.
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
    """The request after its current link was mailed again, with the same token version and expiry.

    The limits of a resend hold; they count the resends of the sender and the mails of this kind. The mail is counted
    separately, so that neither the dates nor the limits of the sender tell that an old link was opened.

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
    """Refuse a sending within the cooldown, or beyond the number of sendings of one request.

    Raises:
        ResentTooSoon: the cooldown has not passed.
        ResentTooOften: it was sent as often as one request may be.
    """
    if terms.resends is not None and request.resent_count >= terms.resends:
        raise ResentTooOften(max(wait_until(request.expires_at, terms.request_life, now), terms.resend_cooldown))
    wait = wait_after(request.sent_at, terms.resend_cooldown, now)
    if wait > NO_WAIT:
        raise ResentTooSoon(wait)


def accept(
    request: ConnectionRequest, by: Guid, now: datetime, terms: Terms, mailbox: str | None = None
) -> ConnectionRequest:
    """The request after its receiver has accepted it. A declined one can be accepted within the undo window.

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
    """The request after its receiver has declined it.

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
    """The request after its receiver has ignored it. It stays pending to the sender.

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
    """The request after its sender has cancelled it. A declined one can then no longer be accepted.

    Raises:
        Conflict, Gone: it is neither pending nor declined within the undo window; the error names the state.
    """
    status = request.status_at(now)
    if status is RequestStatus.CANCELLED:
        return request
    if status is RequestStatus.PENDING or (status is RequestStatus.DECLINED and _can_undo(request, now, terms)):
        return _decided(request, RequestStatus.CANCELLED, by, now)
    raise closed(status)


def expire(request: ConnectionRequest, now: datetime) -> ConnectionRequest:
    """The request, expired if it is pending and its time has passed."""
    if request.status is not RequestStatus.PENDING or now < request.expires_at:
        return request
    return replace(request, status=RequestStatus.EXPIRED, version=request.version + 1, decided_at=now)


def void(request: ConnectionRequest, now: datetime) -> ConnectionRequest:
    """The request after the platform has ended it. One that is not pending stays as it is."""
    if request.status is not RequestStatus.PENDING:
        return request
    return replace(request, status=RequestStatus.VOID, version=request.version + 1, decided_at=now)


def remove(connection: Connection, by: Guid | None, now: datetime) -> Connection:
    """The connection after the removal by a person, or by the platform if `by` is None.

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
    """The error for the removal of a connection that is not active."""
    if connection.status is ConnectionStatus.PENDING:
        return Conflict("The connection is pending, not active. Cancel it, or decline its request.")
    return closed(RequestStatus(connection.status.value))


def check_cancel(connection: Connection) -> None:
    """Refuse to cancel a connection that is or was active; it has to be removed.

    Raises:
        AlreadyAccepted: it is active.
        AlreadyRemoved: it was active.
    """
    if connection.status is ConnectionStatus.REMOVED:
        raise AlreadyRemoved("The connection was removed already. Nothing needs to be done.")
    if connection.status is ConnectionStatus.ACTIVE:
        raise AlreadyAccepted("The connection is active. Remove it to end it.")


def implied_act(connection: Connection, now: datetime, terms: Terms) -> str:
    """The act of a ConnectionStatusUpdate without an Action: cancel if the connection is pending, remove if active.

    Raises:
        AlreadyAccepted: the connection has just become active. The caller may have meant to cancel its request, and
            must not end a connection by losing that race.
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
    """The connection with the status that follows from its request."""
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


def belongs_to_mailbox(request: ConnectionRequest, contact_id: Guid, address_keys: Collection[str]) -> bool:
    """Whether a request to a contact was accepted by one of these addresses; before that, whether it was sent to one."""
    key = request.accepted_key if request.status is RequestStatus.ACCEPTED else request.address_key
    return request.receiver_id == contact_id and key in address_keys


def _decided(request: ConnectionRequest, status: RequestStatus, by: Guid, now: datetime) -> ConnectionRequest:
    return replace(request, status=status, version=request.version + 1, decided_at=now, decided_by=by)


def _can_undo(request: ConnectionRequest, now: datetime, terms: Terms) -> bool:
    return request.decided_at is not None and now < request.decided_at + terms.undo_window


__all__ = [
    "accept",
    "belongs_to_mailbox",
    "cancel",
    "check_cancel",
    "check_resend_limits",
    "decline",
    "expire",
    "follow",
    "ignore",
    "implied_act",
    "mail_again",
    "not_active",
    "remove",
    "resend",
    "void",
]
