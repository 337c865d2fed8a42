"""The open connections of a server: who may open another, and which are closed for it."""

import asyncio
import heapq
import ipaddress
from collections.abc import Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import Final, Protocol

from servicehost.server.clients import Client, client_of, unlimited_client
from servicehost.server.limits import ServerLimits
from servicehost.server.plain import Refused

_REFUSED: Final = 100
"""Refused connections that may be open at once beyond the limit."""

_CLOSED_AT_ONCE: Final = 64
"""Waiting connections that are closed when the server is full: to find them costs time in proportion to all."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Connection(Protocol):
    """A connection as the server sees it, whatever its version of HTTP.

    Attributes:
        waiting_since: since when it has had no complete request; None while one is answered.
    """

    waiting_since: float | None

    def check(self, now: float) -> None:
        """Close it, or answer, if one of its times has passed."""

    def finish(self) -> None:
        """Close it once the requests in flight are answered."""

    def abort(self) -> None:
        """Close it at once."""


class Connections:
    """Keeps count of the connections of each client and of all clients, and knows the clients.

    A connection waits while it has no complete request: it is silent, idle, or has sent part of a request. If a client,
    or the server, has as many connections as it may, those that have waited longest make room for new ones.
    """

    def __init__(self, limits: ServerLimits) -> None:
        """Start without connections.

        Raises:
            ValueError: one of the trusted proxies is neither an address nor a network.
        """
        self._limit = limits.connections
        self._limits = limits
        self._client_limit = limits.connections_per_client
        self._unlimited = unlimited_client()
        self._trusted: tuple[_Network, ...] = tuple(ipaddress.ip_network(each, strict=False) for each in limits.trusted)
        self._keys: dict[Connection, str | None] = {}
        self._clients: dict[str | None, Client] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._keys))

    def open(self, connection: Connection, address: str) -> Client:
        """Admit a new connection; returns the client whose limits it shares.

        Raises:
            Refused: the client, or the server, has as many connections with requests as it may.
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

    def open_refused(self, connection: Connection) -> bool:
        """Keep a refused connection until its client has read why; False if too many of those are open already."""
        if len(self._keys) >= self._limit + _REFUSED:
            return False
        self._keys[connection] = None
        self._empty.clear()
        return True

    def replace(self, connection: Connection, other: Connection) -> None:
        """Let another object stand for a connection, in its place."""
        key = self._keys.pop(connection)
        self._keys[other] = key
        if key is not None:
            connections = self._clients[key].connections
            del connections[connection]
            connections[other] = None

    def close(self, connection: Connection) -> None:
        """Forget a connection."""
        key = self._keys.pop(connection, None)
        if not self._keys:
            self._empty.set()
        if key is not None:
            self._clients[key].close(connection)

    async def empty(self) -> None:
        """Wait until every connection is closed."""
        await self._empty.wait()

    def _make_room(self, connections: Iterable[Connection], number: int) -> None:
        """Close those that have waited longest, as far as there are any."""
        waiting = [(each.waiting_since, each) for each in connections if each.waiting_since is not None]
        for _, longest in heapq.nsmallest(number, waiting, key=itemgetter(0)):
            self.close(longest)
            longest.abort()

    def _key(self, address: str) -> str | None:
        """The client that connections of an address count for; None for a trusted proxy."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return address
        if any(parsed in network for network in self._trusted):
            return None
        if isinstance(parsed, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        return address


__all__ = ["Connection", "Connections"]
