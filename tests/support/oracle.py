"""A second model of the life cycle of requests and connections, written from the description of the domain.

It shares no code with the rules that it checks. It uses stored rows and the names of statuses.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from platform_api.connections.values import Connection, ConnectionRequest
from servicehost.contract.scalars import Guid

UNDO_WINDOW = timedelta(days=14)
"""How long a decline can be taken back by who declined, and ended by who asked."""

CONNECTION_OF = {
    "Pending": {"Pending"},
    "Accepted": {"Active", "Removed"},
    "Declined": {"Declined"},
    "Cancelled": {"Cancelled"},
    "Expired": {"Expired"},
    "Void": {"Void"},
}
"""The statuses that a connection may have while its request has this one."""

LEADS_TO = {
    "accept": "Accepted",
    "decline": "Declined",
    "ignore": "Pending",
    "cancel": "Cancelled",
    "resend": "Pending",
}
"""The status of a request after each act."""

_BY_THE_SENDER = ("cancel", "resend")

_FROM = {
    "accept": ("Pending", "Accepted", "Declined"),
    "decline": ("Pending", "Declined"),
    "ignore": ("Pending",),
    "cancel": ("Pending", "Cancelled", "Declined"),
    "resend": ("Pending", "Expired"),
}
"""The statuses in which each act is possible; the same act again changes nothing."""


def status_at(request: ConnectionRequest, now: datetime) -> str:
    """Return the name of the status: a pending request is expired from its expiry on, even if not yet stored so."""
    name = str(request.status.value)
    return "Expired" if name == "Pending" and not now < request.expires_at else name


def allows(act: str, who: Guid, request: ConnectionRequest, now: datetime) -> bool:
    """Whether a contact may perform this act on a request now.

    An act is performed by the sender, or by a contact that sees the request as received. A decline can be taken back, or ended,
    for 14 days. A request replaced by a newer one is neither resent nor accepted late.
    """
    actor = request.sender_id if act in _BY_THE_SENDER else request.shown_to
    status = status_at(request, now)
    if who != actor or status not in _FROM[act]:
        return False
    if status == "Declined" and act != "decline":
        return _undo_is_open(request, now) and not (act == "accept" and request.superseded)
    return not (status == "Expired" and request.superseded)


def seen(request: ConnectionRequest, now: datetime) -> tuple[str, bool]:
    """Return the receiver's view of a request: its status, and whether it carries the private mark."""
    return status_at(request, now), request.ignored_at is not None


def seen_after(act: str, request: ConnectionRequest, now: datetime) -> tuple[str, bool]:
    """Return the receiver's view after an act that is allowed; a mark is never removed."""
    return LEADS_TO[act], act == "ignore" or request.ignored_at is not None


def _undo_is_open(request: ConnectionRequest, now: datetime) -> bool:
    return request.decided_at is not None and now - request.decided_at < UNDO_WINDOW


def totals(requests: Iterable[ConnectionRequest], connections: Iterable[Connection]) -> dict[tuple[Guid, str], int]:
    """Return the totals of all lists, counted from the rows that the lists show."""
    counted = Counter(
        [
            *(entry for request in requests for entry in _lists_with_request(request)),
            *(entry for connection in connections for entry in _lists_with_connection(connection)),
        ]
    )
    return dict(counted)


def _lists_with_request(request: ConnectionRequest) -> Iterable[tuple[Guid, str]]:
    match request.status.value:
        case "Pending":
            yield request.sender_id, f"pending sent {request.receiver_type}"
            marked = request.ignored_at is not None
            if request.shown_to is not None:
                yield request.shown_to, f"{'ignored' if marked else 'received'} {request.sender_type}"
            if not marked:
                yield request.receiver_id, "connections"
        case "Expired" if not request.superseded:
            yield request.sender_id, f"expired sent {request.receiver_type}"


def _lists_with_connection(connection: Connection) -> Iterable[tuple[Guid, str]]:
    ends = {connection.sender_id, connection.receiver_id}
    match connection.status.value:
        case "Pending":
            yield connection.sender_id, "connections"
        case "Active":
            yield from ((end, "connections") for end in ends)
        case "Removed":
            yield from ((end, "removed") for end in ends)
            yield from {
                (connection.sender_id, f"removed with {connection.receiver_id}"),
                (connection.receiver_id, f"removed with {connection.sender_id}"),
            }


__all__ = ["CONNECTION_OF", "LEADS_TO", "UNDO_WINDOW", "allows", "seen", "seen_after", "status_at", "totals"]
