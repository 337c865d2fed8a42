"""The open connections of a server: who may open another, and which are closed for it."""

import asyncio
import heapq
import ipaddress
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final, Protocol

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
    """Keeps count of the connections of each client and of all clients.

    A connection waits while it has no complete request: it is silent, idle, or has sent part of a request. If a client,
    or the server, has as many connections as it may, those that have waited longest make room for new ones.
    """

    def __init__(self, limits: ServerLimits) -> None:
        """Start without connections.

        Raises:
            ValueError: one of the trusted proxies is neither an address nor a network.
        """
        self._limit = limits.connections
        self._client_limit = limits.connections_per_client
        self._trusted: tuple[_Network, ...] = tuple(ipaddress.ip_network(each, strict=False) for each in limits.trusted)
        self._clients: dict[Connection, str | None] = {}
        self._of_client: dict[str, dict[Connection, None]] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._clients)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._clients))

    def open(self, connection: Connection, address: str) -> None:
        """Admit a new connection.

        Raises:
            Refused: the client, or the server, has as many connections with requests as it may.
        """
        client = self._client(address)
        others = self._of_client.get(client, {}) if client is not None else {}
        if self._client_limit is not None and len(others) >= self._client_limit:
            self._make_room(others, 1)
            if len(others) >= self._client_limit:
                raise Refused(429, "Too many connections from your address. Close some, or try again later.")
        if len(self._clients) >= self._limit:
            self._make_room(self._clients, _CLOSED_AT_ONCE)
            if len(self._clients) >= self._limit:
                raise Refused(503, "The server has too many open connections. Try again later.")
        self._clients[connection] = client
        self._empty.clear()
        if client is not None:
            self._of_client.setdefault(client, {})[connection] = None

    def open_refused(self, connection: Connection) -> bool:
        """Keep a refused connection until its client has read why; False if too many of those are open already."""
        if len(self._clients) >= self._limit + _REFUSED:
            return False
        self._clients[connection] = None
        self._empty.clear()
        return True

    def replace(self, connection: Connection, other: Connection) -> None:
        """Let another object stand for a connection, in its place."""
        client = self._clients.pop(connection)
        self._clients[other] = client
        if client is not None:
            del self._of_client[client][connection]
            self._of_client[client][other] = None

    def close(self, connection: Connection) -> None:
        """Forget a connection."""
        client = self._clients.pop(connection, None)
        if not self._clients:
            self._empty.set()
        if client is None:
            return
        others = self._of_client[client]
        del others[connection]
        if not others:
            del self._of_client[client]

    async def empty(self) -> None:
        """Wait until every connection is closed."""
        await self._empty.wait()

    def _make_room(self, connections: Iterable[Connection], number: int) -> None:
        """Close those that have waited longest, as far as there are any."""
        waiting = [(each.waiting_since, each) for each in connections if each.waiting_since is not None]
        for _, longest in heapq.nsmallest(number, waiting, key=itemgetter(0)):
            self.close(longest)
            longest.abort()

    def _client(self, address: str) -> str | None:
        """The client that connections of an address count for; None if they are not counted."""
        if self._client_limit is None:
            return None
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
