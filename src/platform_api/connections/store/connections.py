"""The SQL of connections."""

from sqlalchemy import bindparam, insert, literal_column, or_

from platform_api.connections.store.changing import GuardedUpdate
from platform_api.connections.store.reading import reader, select_all
from platform_api.connections.tables import connections
from platform_api.connections.values import Connection
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import ConnectionStatus
from servicehost.contract.scalars import Guid

_CONNECTIONS = select_all(connections, Connection)
_read = reader(Connection, ConnectionStatus)

_GET_CONNECTION = Query(_CONNECTIONS.where(connections.c.id == bindparam("id")), _read)


async def get_connection(tx: Transaction, connection_id: Guid) -> Connection | None:
    """The connection with this id."""
    return await tx.one(_GET_CONNECTION, id=connection_id)


_LIVE_CONNECTION = Query(
    _CONNECTIONS.where(
        connections.c.key == bindparam("key"),
        connections.c.status.in_((literal_column("'Pending'"), literal_column("'Active'"))),
    ),
    _read,
)


async def live_connection(tx: Transaction, key: str) -> Connection | None:
    """The pending or active connection with this key; there is at most one."""
    return await tx.one(_LIVE_CONNECTION, key=key)


_CONNECTIONS_OF = Query(
    _CONNECTIONS.where(
        or_(
            connections.c.sender_id == bindparam("contact_id"),
            connections.c.receiver_id == bindparam("contact_id"),
        )
    ),
    _read,
)


async def connections_of(tx: Transaction, contact_id: Guid) -> list[Connection]:
    """Every connection with this contact at an end, whatever its status."""
    return await tx.all(_CONNECTIONS_OF, contact_id=contact_id)


_ADD_CONNECTION = Command(insert(connections))


async def add_connection(tx: Transaction, connection: Connection) -> None:
    """Store a new connection.

    Raises:
        UniqueViolation: a connection with the key is pending or active.
    """
    columns = {name: getattr(connection, name) for name in Connection.__struct_fields__}
    await tx.execute(_ADD_CONNECTION, **columns, key=connection.key, pair=connection.pair)


_REPLACE_CONNECTION = GuardedUpdate(
    connections,
    "sender_id",
    "receiver_id",
    "status",
    "version",
    "active_at",
    "ended_at",
    "ended_by",
    "key",
    "pair",
)


async def replace_connection(tx: Transaction, before: Connection, after: Connection) -> bool:
    """Write a connection as it is after an act; False if it was changed after `before` was read."""
    parameters = _REPLACE_CONNECTION.parameters(before, after)
    return await tx.execute(_REPLACE_CONNECTION.command, **parameters) == 1


__all__ = ["add_connection", "connections_of", "get_connection", "live_connection", "replace_connection"]
