"""The relation of a contact that asks to another contact, stated twice: as a pure function and as SQL.

| the contact that asks | relation |
|---|---|
| is the other contact | self |
| keeps the other contact | keeper |
| has an Active connection with it that the other contact sent, or accepted as a request | connected |
| otherwise | stranger |

An Active connection without a request that the contact asking made itself does not count: anyone may make one in a
role without acceptance, and would then read the telephone number of a contact that has not agreed.

`relation` is the rule; `relation_to` is the same rule in SQL, for queries that show contacts. A test compares the two
on generated data.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, case, exists, literal_column, or_, type_coerce

from platform_api.connections.tables import connections
from platform_api.connections.values import Connection
from platform_api.contacts import Contact, Relation
from platform_api.contacts.tables import contacts
from platform_api.database.columns import EnumColumn
from platform_api.foundation.well_known import ConnectionStatus
from servicehost.contract.scalars import Guid

_RELATION = EnumColumn(Relation)


def relation(asker: Guid, other: Contact, between: Iterable[Connection]) -> Relation:
    """The relation of the contact `asker` to another contact.

    Args:
        asker: the contact that asks, or that the asking person acts for.
        other: the contact asked about.
        between: connections; those that are not between the two are passed over.
    """
    if asker == other.id:
        return Relation.SELF
    if asker == other.keeper_id:
        return Relation.KEEPER
    agreed = any(_has_agreed(asker, other.id, connection) for connection in between)
    return Relation.CONNECTED if agreed else Relation.STRANGER


def _has_agreed(asker: Guid, other: Guid, connection: Connection) -> bool:
    """Whether this is an active connection of the two that `other` sent or accepted."""
    if connection.status is not ConnectionStatus.ACTIVE:
        return False
    ends = connection.sender_id, connection.receiver_id
    return ends == (other, asker) or (ends == (asker, other) and connection.request_id is not None)


def relation_to(asker: ColumnElement[Any]) -> ColumnElement[Relation]:
    """The relation of the contact `asker` to the row of `contacts` in the same query, read as a `Relation`."""
    related = case(
        (contacts.c.id == asker, _constant(Relation.SELF)),
        (contacts.c.keeper_id == asker, _constant(Relation.KEEPER)),
        (_agreed(asker, contacts.c.id), _constant(Relation.CONNECTED)),
        else_=_constant(Relation.STRANGER),
    )
    return type_coerce(related, _RELATION)


def _agreed(asker: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    active = connections.alias()
    is_active = active.c.status == literal_column("'Active'")
    sent = exists().where(active.c.sender_id == other, active.c.receiver_id == asker, is_active)
    accepted = exists().where(
        active.c.sender_id == asker, active.c.receiver_id == other, is_active, active.c.request_id.is_not(None)
    )
    return or_(sent, accepted)


def _constant(relation: Relation) -> ColumnElement[str]:
    return literal_column(f"'{relation.value}'")


__all__ = ["relation", "relation_to"]
