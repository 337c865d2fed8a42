"""Rows of lists -> the models of the answer. Each builder is made once for a list and called for each row.

A model is made from one tuple of all its members, in their order: that takes a third of the time of a call that names
them one by one.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from platform_api.contacts import Contact, view
from platform_api.directory.messages import ContactConnectionModel
from platform_api.directory.values import ListedConnection, ReceivedRequest, SentRequest
from platform_api.foundation.well_known import CONNECTION_STATUS_IDS, ConnectionStatus
from platform_api.roles import RoleBook
from servicehost.contract.scalars import Guid

_PENDING = ConnectionStatus.PENDING.value
_EXPIRED = ConnectionStatus.EXPIRED.value
_ACTIVE = ConnectionStatus.ACTIVE.value
_REMOVED = ConnectionStatus.REMOVED.value
_STATUS_IDS = {status.value: id_ for status, id_ in CONNECTION_STATUS_IDS.items()}


def received_request(asker: Contact, roles: RoleBook) -> Callable[[ReceivedRequest], ContactConnectionModel]:
    """Builds the model of an unanswered request that the asker has received."""
    asker_id, asker_name, role_name, status_id = asker.id, asker.full_name, cache(roles.name), _STATUS_IDS[_PENDING]

    def build(row: ReceivedRequest) -> ContactConnectionModel:
        other_role_name = role_name(row.sender_role_id)
        members = (
            row.connection_id,
            row.id,
            view(row.other, row.relation),
            row.sender_role_id,
            other_role_name,
            asker_id,
            asker_name,
            row.receiver_role_id,
            role_name(row.receiver_role_id),
            other_role_name,
            status_id,
            _PENDING,
            True,
            True,
            row.sent_at,
        )
        return ContactConnectionModel(*members)

    return build


def sent_request(asker: Contact, roles: RoleBook, now: datetime) -> Callable[[SentRequest], ContactConnectionModel]:
    """Builds the model of a request that the asker has sent: pending, or expired and possible to send again."""
    asker_id, asker_name, role_name = asker.id, asker.full_name, cache(roles.name)

    def build(row: SentRequest) -> ContactConnectionModel:
        pending = row.expires_at > now
        status = _PENDING if pending else _EXPIRED
        other_role_name = role_name(row.receiver_role_id)
        members = (
            row.connection_id,
            row.id,
            view(row.other, row.relation),
            row.receiver_role_id,
            other_role_name,
            asker_id,
            asker_name,
            row.sender_role_id,
            role_name(row.sender_role_id),
            other_role_name,
            _STATUS_IDS[status],
            status,
            pending,
            False,
            row.sent_at,
            None,
            pending,
        )
        return ContactConnectionModel(*members)

    return build


def connection(asker: Contact, roles: RoleBook) -> Callable[[ListedConnection], ContactConnectionModel]:
    """Builds the model of a connection of the asker: pending, active, or removed."""
    asker_id, asker_name, role_name = asker.id, asker.full_name, cache(roles.name)

    def build(row: ListedConnection) -> ContactConnectionModel:
        outgoing = row.sender_id == asker_id
        mine, theirs = _roles(row, outgoing=outgoing)
        status = row.status
        pending = status == _PENDING
        other_role_name = role_name(theirs)
        members = (
            row.id,
            row.request_id,
            view(row.other, row.relation, removed=status == _REMOVED),
            theirs,
            other_role_name,
            asker_id,
            asker_name,
            mine,
            role_name(mine),
            other_role_name,
            _STATUS_IDS[status],
            status,
            pending,
            pending and not outgoing,
            row.active_at or row.sent_at or row.created_at,
            None,
            pending and outgoing,
            status == _ACTIVE,
        )
        return ContactConnectionModel(*members)

    return build


def _roles(row: ListedConnection, *, outgoing: bool) -> tuple[Guid, Guid]:
    """The role of the asker, and that of the other contact."""
    return (row.sender_role_id, row.receiver_role_id) if outgoing else (row.receiver_role_id, row.sender_role_id)


__all__ = ["connection", "received_request", "sent_request"]
