"""Cache of recently verified credentials."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from servicehost.security.authentication import Authentication


@dataclass(frozen=True, slots=True)
class _Entry:
    authentication: Authentication
    until: float


class VerifiedCredentials:
    """A bounded cache of verification results by the hash of the credentials; the least recently used are evicted first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._generation = 0

    @property
    def generation(self) -> int:
        """A number that changes with every possible revocation; see `remember`."""
        return self._generation

    def find(self, key: bytes, now: float) -> Authentication | None:
        """Return the cached result, unless it has expired."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if now >= entry.until:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry.authentication

    def remember(self, key: bytes, authentication: Authentication, until: float, generation: int) -> None:
        """Cache a result until a time, unless something may have been revoked since `generation` was read.

        A result read from the store before a session ended must not be cached after it.
        """
        if generation != self._generation:
            return
        self._entries[key] = _Entry(authentication, until)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def discard_pending(self) -> None:
        """Prevent results of verifications in progress from being cached: something was revoked, not yet known what."""
        self._generation += 1

    def clear(self) -> None:
        """Remove all credentials."""
        self._generation += 1
        self._entries.clear()

    def forget(self, sessions: Collection[str], users: Collection[str] = ()) -> None:
        """Remove all credentials of these sessions and users."""
        self._generation += 1
        for key in [key for key, entry in self._entries.items() if _is_of(entry, sessions, users)]:
            del self._entries[key]


def _is_of(entry: _Entry, sessions: Collection[str], users: Collection[str]) -> bool:
    principal = entry.authentication.principal
    return principal is not None and (principal.session_id in sessions or principal.user_id in users)


__all__ = ["VerifiedCredentials"]
