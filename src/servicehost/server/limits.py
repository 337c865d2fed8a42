"""Limits of a server: what one request, one client and all clients together may use."""

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
        head_bytes: size of the request line and the header fields together.
        fields: number of header fields, and of trailer fields.
        target_bytes: size of the request target.
        head_time: time for the head of a request, from the connection or from its first byte.
        body_grace: time for a body before its rate counts.
        body_rate: bytes per second of a body, after the grace.
        idle_time: time between two requests of a connection.
        write_time: time in which a client must take some of an answer.
        linger_time: time for the client to read a last answer before the connection is closed.
        connections: open connections of all clients.
        connections_per_client: open connections of one client: an IPv4 address or an IPv6 /64; None for no limit.
        requests_per_client: requests of one client that may be open for more of them to be taken over HTTP/2; None for
            no limit. One connection of HTTP/1 has one.
        running_per_client: requests of one client on which the application works at a time; None for no limit.
        body_bytes: bytes of bodies that all requests may hold before the oldest incomplete one is refused.
        body_bytes_per_client: bytes of bodies that the requests of one client may hold, likewise.
        trusted: addresses or networks without a limit per client.
        backlog: connections that the operating system keeps until they are accepted.
        http2: whether HTTP/2 is served to clients that begin with its preface.
        streams: requests that one HTTP/2 connection may have open at once.
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
        """How often deadlines are checked: often enough that a time is exceeded by a quarter at most."""
        shortest = min(self.head_time, self.body_grace, self.idle_time, self.write_time, self.linger_time)
        return min(1.0, max(0.02, shortest / 4))


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard one; returns the connections that fit below it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    if soft == resource.RLIM_INFINITY:
        return 1_000_000
    return max(soft - _OWN_FILES, soft // 2)


__all__ = ["ServerLimits", "raise_file_limit"]
