"""Credentials that were verified a moment ago, so that the next request with them costs a look-up."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from servicehost.security.authentication import Authentication


@dataclass(frozen=True, slots=True)
class _Entry:
    authentication: Authentication
    until: float


class VerifiedCredentials:
    """A bounded memory of what credentials proved, by their hash; what was not used for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._generation = 0

    @property
    def generation(self) -> int:
        """Changes whenever something may have been revoked; see `remember`."""
        return self._generation

    def find(self, key: bytes, now: float) -> Authentication | None:
        """What the credentials proved, when that may still be relied on."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if now >= entry.until:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry.authentication

    def remember(self, key: bytes, authentication: Authentication, until: float, generation: int) -> None:
        """Rely on it until then, unless something may have been revoked since `generation` was read.

        What was read from the store before a session ended must not be remembered after it.
        """
        if generation != self._generation:
            return
        self._entries[key] = _Entry(authentication, until)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def doubt(self) -> None:
        """Remember nothing that is being read at this moment: something was revoked, nobody knows yet what."""
        self._generation += 1

    def clear(self) -> None:
        """Rely no longer on any credential."""
        self._generation += 1
        self._entries.clear()

    def forget(self, sessions: Collection[str], users: Collection[str] = ()) -> None:
        """Rely no longer on any credential of these sessions and users."""
        self._generation += 1
        for key in [key for key, entry in self._entries.items() if _is_of(entry, sessions, users)]:
            del self._entries[key]


def _is_of(entry: _Entry, sessions: Collection[str], users: Collection[str]) -> bool:
    principal = entry.authentication.principal
    return principal is not None and (principal.session_id in sessions or principal.user_id in users)


__all__ = ["VerifiedCredentials"]
