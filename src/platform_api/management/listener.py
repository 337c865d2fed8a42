"""The management listener."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from platform_api.management.endpoints import ManagementEndpoints, Reporting
from servicehost.server import Server, ServerLimits

_log = structlog.get_logger(__name__)

_GRACE: Final = 1.0
"""Seconds for requests to the listener that are in flight at its end."""

_LIMITS: Final = ServerLimits(connections=100, connections_per_client=None, http2=False)


@asynccontextmanager
async def serving(source: Reporting, address: tuple[str, int] | None) -> AsyncIterator[tuple[str, int] | None]:
    """Serve the reports of `source` until the end of the `async with`; yields the address, or None without a listener.

    An address that cannot be used is logged, and the installation serves without the listener.
    """
    listening = None if address is None else _bound(address)
    if listening is None:
        yield None
        return
    with listening:
        server = Server(ManagementEndpoints(source), [listening], _LIMITS)
        await server.start()
        host, port = listening.getsockname()[:2]
        _log.info("health and metrics are served", host=host, port=port)
        try:
            yield host, port
        finally:
            await server.stop(_GRACE)


def _bound(address: tuple[str, int]) -> socket.socket | None:
    try:
        family, _, _, _, found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(found)
            listening.listen()
        except OSError:
            listening.close()
            raise
    except OSError as error:
        _log.warning(
            "health and metrics are not served",
            host=address[0],
            port=address[1],
            reason=error.strerror or str(error),
            remedy="stop the program that uses the port, or set server.management to another address, or off",
        )
        return None
    return listening


__all__ = ["serving"]
