"""Writing to a client that may be slow."""

import asyncio


class Outgoing:
    """The writing side of a connection.

    Attributes:
        full: whether as much is waiting for the client as may wait.
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
        """Write bytes, now or as soon as the client takes them."""
        self._written += len(data)
        self._transport.write(data)

    async def drained(self) -> None:
        """Wait while as much is waiting as may wait."""
        if self.full:
            if self._room is None:
                self._room = asyncio.Event()
            await self._room.wait()

    def pause(self) -> None:
        """The transport has as much as may wait."""
        self.full = True
        if self._room is not None:
            self._room.clear()

    def resume(self) -> None:
        """The transport has room again, or is closed."""
        self.full = False
        if self._room is not None:
            self._room.set()

    def stalled(self, now: float, limit: float) -> bool:
        """Whether bytes have been waiting for longer than `limit` seconds without any being taken."""
        waiting = self._transport.get_write_buffer_size()
        taken = self._written - waiting
        if not waiting or taken != self._taken or self._taken_at is None:
            self._taken, self._taken_at = taken, now
            return False
        return now > self._taken_at + limit


__all__ = ["Outgoing"]
