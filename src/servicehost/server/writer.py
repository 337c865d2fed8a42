"""Writes to a client that may read slowly."""

import asyncio


class ConnectionWriter:
    """The writing side of a connection.

    Attributes:
        full: whether the buffer has reached its limit.
    """

    __slots__ = ("_room", "_taken", "_taken_at", "_transport", "_written", "full")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.full = False
        self._transport = transport
        self._room: asyncio.Event | None = None
        self._written = 0
        self._taken = 0
        self._taken_at: float | None = None

    def write(self, data: bytes) -> None:
        """Write bytes, now or as soon as the client reads."""
        self._written += len(data)
        self._transport.write(data)

    async def drained(self) -> None:
        """Wait while the buffer is full."""
        if self.full:
            if self._room is None:
                self._room = asyncio.Event()
            await self._room.wait()

    def pause(self) -> None:
        """The buffer of the transport is full."""
        self.full = True
        if self._room is not None:
            self._room.clear()

    def resume(self) -> None:
        """The transport has room again, or is closed."""
        self.full = False
        if self._room is not None:
            self._room.set()

    def stalled(self, now: float, limit: float) -> bool:
        """Whether data has been waiting for more than `limit` seconds without any being read."""
        waiting = self._transport.get_write_buffer_size()
        taken = self._written - waiting
        if not waiting or taken != self._taken or self._taken_at is None:
            self._taken, self._taken_at = taken, now
            return False
        return now > self._taken_at + limit


__all__ = ["ConnectionWriter"]
