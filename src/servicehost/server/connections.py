"""Open connections of a server: which are admitted, and which are closed to make room."""

import asyncio
import heapq
import ipaddress
from collections.abc import Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import Final, Protocol

from servicehost.server.clients import ClientUsage, client_of, unlimited_client
from servicehost.server.limits import ServerLimits
from servicehost.server.plain import Refused

_REFUSED: Final = 100
"""Refused connections that may be open beyond the limit."""

_CLOSED_AT_ONCE: Final = 64
"""Waiting connections closed when the server is full; finding them takes time proportional to all connections."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class OpenConnection(Protocol):
    """A connection, independent of its HTTP version.

    Attributes:
        waiting_since: start of the time without a complete request; None while one is being answered.
    """

    waiting_since: float | None

    def check(self, now: float) -> None:
        """Close the connection, or answer, if one of its deadlines has passed."""

    def finish(self) -> None:
        """Close the connection once the requests in flight are answered."""

    def abort(self) -> None:
        """Close the connection immediately."""


class ConnectionCounter:
    """Counts the connections of each client and of all clients.

    A connection is waiting if it has no complete request: it is silent, idle, or has sent part of a request. At the
    limit of a client or of the server, the connections that have waited longest are closed to make room for new ones.
    """

    def __init__(self, limits: ServerLimits) -> None:
        """Start without connections.

        Raises:
            ValueError: a trusted proxy is neither an address nor a network.
        """
        self._limit = limits.connections
        self._limits = limits
        self._client_limit = limits.connections_per_client
        self._unlimited = unlimited_client()
        self._trusted: tuple[_Network, ...] = tuple(ipaddress.ip_network(each, strict=False) for each in limits.trusted)
        self._keys: dict[OpenConnection, str | None] = {}
        self._clients: dict[str | None, ClientUsage] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[OpenConnection]:
        return iter(tuple(self._keys))

    def open(self, connection: OpenConnection, address: str) -> ClientUsage:
        """Admit a new connection; returns the client whose limits apply to it.

        Raises:
            Refused: the client or the server has reached its number of connections with requests.
        """
        key = self._key(address)
        others = self._clients[key].connections if key in self._clients else {}
        if self._client_limit is not None and len(others) >= self._client_limit:
            self._make_room(others, 1)
            if len(others) >= self._client_limit:
                raise Refused(429, "Too many connections from your address. Close some, or try again later.")
        if len(self._keys) >= self._limit:
            self._make_room(self._keys, _CLOSED_AT_ONCE)
            if len(self._keys) >= self._limit:
                raise Refused(503, "The server has too many open connections. Try again later.")
        self._keys[connection] = key
        self._empty.clear()
        if key is None:
            return self._unlimited
        client = self._clients.get(key)
        if client is None:
            client = self._clients[key] = client_of(self._limits, partial(self._clients.pop, key, None))
        client.connections[connection] = None
        return client

    def open_refused(self, connection: OpenConnection) -> bool:
        """Keep a refused connection until its client has read the response; False if too many are open already."""
        if len(self._keys) >= self._limit + _REFUSED:
            return False
        self._keys[connection] = None
        self._empty.clear()
        return True

    def replace(self, connection: OpenConnection, other: OpenConnection) -> None:
        """Replace a connection by another object for the same connection."""
        key = self._keys.pop(connection)
        self._keys[other] = key
        if key is not None:
            connections = self._clients[key].connections
            del connections[connection]
            connections[other] = None

    def close(self, connection: OpenConnection) -> None:
        """Remove a connection."""
        key = self._keys.pop(connection, None)
        if not self._keys:
            self._empty.set()
        if key is not None:
            self._clients[key].close(connection)

    async def empty(self) -> None:
        """Wait until every connection is closed."""
        await self._empty.wait()

    def _make_room(self, connections: Iterable[OpenConnection], number: int) -> None:
        """Close up to `number` of the connections that have waited longest."""
        waiting = [(each.waiting_since, each) for each in connections if each.waiting_since is not None]
        for _, longest in heapq.nsmallest(number, waiting, key=itemgetter(0)):
            self.close(longest)
            longest.abort()

    def _key(self, address: str) -> str | None:
        """The key of the client for an address; None for a trusted proxy."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return address
        if any(parsed in network for network in self._trusted):
            return None
        if isinstance(parsed, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        return address


__all__ = ["ConnectionCounter", "OpenConnection"]
