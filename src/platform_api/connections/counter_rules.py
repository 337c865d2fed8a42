"""The counters behind the totals of lists: the ones that a request or a connection adds to in its present state."""

from collections import Counter

from platform_api.connections.values import Connection, ConnectionRequest
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.scalars import Guid

Tally = tuple[Guid, str]
"""A contact and the name of one of its counters."""

PENDING_SENT = "pending sent"
EXPIRED_SENT = "expired sent"
RECEIVED = "received"
IGNORED = "ignored"
"""Requests are counted separately for each type of the other contact; see `of_type`."""

LISTED = "connections"
REMOVED = "removed"


def of_type(name: str, code: str) -> str:
    """Name of the counter of the requests whose other contact has the type with this code."""
    return f"{name} {code}"


def removed_with(other: Guid) -> str:
    """Name of the counter of removed connections with one other contact."""
    return f"{REMOVED} with {other}"


def counted(request: ConnectionRequest) -> Counter[Tally]:
    """The counters that a request adds to in its present state.

    A pending request that is not ignored also counts as a connection of its receiver;
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
    """The counters that a connection adds to in its present state. One of a contact with itself counts once."""
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
    """The amounts to add to the counters after a change of state."""
    return {tally: after[tally] - before[tally] for tally in before | after if after[tally] != before[tally]}


__all__ = [
    "EXPIRED_SENT",
    "IGNORED",
    "LISTED",
    "PENDING_SENT",
    "RECEIVED",
    "REMOVED",
    "Tally",
    "counted",
    "counted_connection",
    "difference",
    "of_type",
    "removed_with",
]
