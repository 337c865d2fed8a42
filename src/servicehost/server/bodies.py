"""Accounting of request bodies in memory, and the choice of the request to refuse when there are too many."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from servicehost.server.incoming import IncomingRequest

FREE: Final = 16_384
"""Bytes of a body that are not counted, so that ordinary requests need no accounting."""


class Bodies:
    """Counts the body bytes in memory, of one client or of all.

    Beyond the limit, the request that has been incomplete longest is refused: complete bodies are processed soon, and
    new ones may be ordinary uploads.
    """

    __slots__ = ("_held", "_incomplete", "_limit", "_total")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._total = 0
        self._held: dict[IncomingRequest, int] = {}
        self._incomplete: dict[IncomingRequest, None] = {}

    @property
    def exceeded(self) -> bool:
        """Whether more bytes are in memory than the limit."""
        return self._total > self._limit

    def hold(self, body: "IncomingRequest", received: int) -> None:
        """Count `received` bytes for a body."""
        self._total += received - self._held.get(body, 0)
        self._held[body] = received
        if body.complete:
            self._incomplete.pop(body, None)
        else:
            self._incomplete[body] = None

    def oldest(self) -> "IncomingRequest | None":
        """The body that has been incomplete longest."""
        return next(iter(self._incomplete), None)

    def release(self, body: "IncomingRequest") -> None:
        """Stop counting a body."""
        self._total -= self._held.pop(body, 0)
        self._incomplete.pop(body, None)


__all__ = ["FREE", "Bodies"]
