"""Limits of a server for one request, one client and all clients together."""

import resource
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_OWN_FILES: Final = 256
"""File descriptors kept free for databases, logs and outgoing connections."""


@dataclass(frozen=True)
class ServerLimits:
    """Limits of a server. Times are in seconds.

    Attributes:
        head_bytes: maximum size of the request line and the header fields together.
        fields: maximum number of header fields, and of trailer fields.
        target_bytes: maximum size of the request target.
        head_time: time for the head of a request, from the connection or from the head's first byte.
        body_grace: time for a body before the minimum rate applies.
        body_rate: minimum rate of a body after the grace, in bytes per second.
        idle_time: maximum time between two requests of a connection.
        write_time: time in which a client must read part of a waiting response.
        linger_time: time for the client to read a last response before the connection is closed.
        connections: maximum open connections of all clients.
        connections_per_client: maximum open connections of a client: an IPv4 address or an IPv6 /64; None for no limit.
        requests_per_client: maximum open requests of a client before further ones are refused over HTTP/2; None for no
            limit. A connection of HTTP/1 has one open request.
        running_per_client: maximum requests of a client on which the application works concurrently; None for no limit.
        body_bytes: maximum body bytes in memory of all requests; beyond it, the oldest incomplete request is refused.
        body_bytes_per_client: the same for the requests of one client.
        trusted: addresses or networks without limits per client.
        backlog: connections that the operating system queues until they are accepted.
        http2: whether HTTP/2 is served to clients that start with its preface.
        streams: maximum concurrent requests of an HTTP/2 connection.
    """

    head_bytes: int = 49_152
    fields: int = 200
    target_bytes: int = 16_384
    head_time: float = 10.0
    body_grace: float = 10.0
    body_rate: int = 1_024
    idle_time: float = 75.0
    write_time: float = 30.0
    linger_time: float = 2.0
    connections: int = 10_000
    connections_per_client: int | None = 100
    requests_per_client: int | None = 100
    running_per_client: int | None = 64
    body_bytes: int = 268_435_456
    body_bytes_per_client: int = 16_777_216
    trusted: Sequence[str] = ()
    backlog: int = 2_048
    http2: bool = False
    streams: int = 100

    @property
    def sweep_every(self) -> float:
        """Seconds between deadline checks, chosen so that a deadline is exceeded by a quarter at most."""
        shortest = min(self.head_time, self.body_grace, self.idle_time, self.write_time, self.linger_time)
        return min(1.0, max(0.02, shortest / 4))


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard limit; returns the number of connections that it allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    if soft == resource.RLIM_INFINITY:
        return 1_000_000
    return max(soft - _OWN_FILES, soft // 2)


__all__ = ["ServerLimits", "raise_file_limit"]
