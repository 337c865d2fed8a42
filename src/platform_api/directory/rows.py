"""Rows of lists -> the models that are answered. Each builder is made once for a list and called for each row.

A model is made from one tuple of all its members, in their order: that takes a third of the time of a call that names
them one by one.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from platform_api.contacts import Contact
from platform_api.contacts.visibility import ContactFacts, relation, view
from platform_api.directory.messages import ContactConnectionModel
from platform_api.directory.store import Row
from platform_api.foundation.well_known import CONNECTION_STATUS_IDS, ConnectionStatus
from platform_api.roles import RoleBook

Builder = Callable[[Row], ContactConnectionModel]

_PENDING = ConnectionStatus.PENDING.value
_EXPIRED = ConnectionStatus.EXPIRED.value
_ACTIVE = ConnectionStatus.ACTIVE.value
_REMOVED = ConnectionStatus.REMOVED.value
_STATUS_IDS = {status.value: id_ for status, id_ in CONNECTION_STATUS_IDS.items()}


def received_request(asker: Contact, roles: RoleBook) -> Builder:
    """Builds the model of an unanswered request that the asker has received."""
    asker_id, asker_name, role_name, status_id = asker.id, asker.full_name, cache(roles.name), _STATUS_IDS[_PENDING]

    def build(row: Row) -> ContactConnectionModel:
        request_id, connection_id, sender_role, receiver_role, sent_at, connected = row[:6]
        other = ContactFacts._make(row[6:])
        other_role_name = role_name(sender_role)
        members = (
            connection_id,
            request_id,
            view(other, relation(asker_id, other, connected=connected)),
            sender_role,
            other_role_name,
            asker_id,
            asker_name,
            receiver_role,
            role_name(receiver_role),
            other_role_name,
            status_id,
            _PENDING,
            True,
            True,
            sent_at,
        )
        return ContactConnectionModel(*members)

    return build


def sent_request(asker: Contact, roles: RoleBook, now: datetime) -> Builder:
    """Builds the model of a request that the asker has sent: pending, or expired and to be sent again."""
    asker_id, asker_name, role_name = asker.id, asker.full_name, cache(roles.name)

    def build(row: Row) -> ContactConnectionModel:
        request_id, connection_id, sender_role, receiver_role, sent_at, expires_at, connected = row[:7]
        other = ContactFacts._make(row[7:])
        pending = expires_at > now
        status = _PENDING if pending else _EXPIRED
        other_role_name = role_name(receiver_role)
        members = (
            connection_id,
            request_id,
            view(other, relation(asker_id, other, connected=connected)),
            receiver_role,
            other_role_name,
            asker_id,
            asker_name,
            sender_role,
            role_name(sender_role),
            other_role_name,
            _STATUS_IDS[status],
            status,
            pending,
            False,
            sent_at,
            None,
            pending,
        )
        return ContactConnectionModel(*members)

    return build


def connection(asker: Contact, roles: RoleBook) -> Builder:
    """Builds the model of a connection of the asker: pending, active, or removed."""
    asker_id, asker_name, role_name = asker.id, asker.full_name, cache(roles.name)

    def build(row: Row) -> ContactConnectionModel:
        id_, request_id, sender, sender_role, receiver_role, status, created_at, active_at = row[:8]
        sent_at, connected = row[8:10]
        other = ContactFacts._make(row[10:])
        outgoing = sender == asker_id
        mine, theirs = (sender_role, receiver_role) if outgoing else (receiver_role, sender_role)
        pending = status == _PENDING
        other_role_name = role_name(theirs)
        members = (
            id_,
            request_id,
            view(other, relation(asker_id, other, connected=connected), removed=status == _REMOVED),
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
            active_at or sent_at or created_at,
            None,
            pending and outgoing,
            status == _ACTIVE,
        )
        return ContactConnectionModel(*members)

    return build


__all__ = ["Builder", "connection", "received_request", "sent_request"]
