"""Bytes of request bodies that are held until their requests are answered, and which request gives way."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from servicehost.server.incoming import Incoming

FREE: Final = 16_384
"""Bytes of a body that are not counted, so that ordinary requests need no counting."""


class Bodies:
    """Counts what is held of bodies: those of one client, or of all.

    Beyond the limit, the request that has been incomplete for longest gives way: a body that is complete is answered
    soon, and one that has just begun may be a normal upload.
    """

    __slots__ = ("_held", "_incomplete", "_limit", "_total")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._total = 0
        self._held: dict[Incoming, int] = {}
        self._incomplete: dict[Incoming, None] = {}

    @property
    def exceeded(self) -> bool:
        """Whether more is held than the limit."""
        return self._total > self._limit

    def hold(self, body: "Incoming", received: int) -> None:
        """Count a body as so many bytes."""
        self._total += received - self._held.get(body, 0)
        self._held[body] = received
        if body.complete:
            self._incomplete.pop(body, None)
        else:
            self._incomplete[body] = None

    def oldest(self) -> "Incoming | None":
        """The body that has been incomplete for longest."""
        return next(iter(self._incomplete), None)

    def release(self, body: "Incoming") -> None:
        """Count a body no longer."""
        self._total -= self._held.pop(body, 0)
        self._incomplete.pop(body, None)


__all__ = ["FREE", "Bodies"]
