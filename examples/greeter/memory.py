"""Users and sessions in memory, behind the Protocols of `servicehost.security`.

They are lost when the process ends. A service that keeps them in a database does in one transaction what one method
does here.
"""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from servicehost import Principal
from servicehost.contract import TooManyRequests
from servicehost.security import Credential, NewSession, Reused, Revocations, Rotated, SignInAttempt, Unknown

GUESSES = 10
"""Wrong passwords for one user name in a minute."""

BUCKETS = 4096
"""User names are counted in so many buckets, whether or not there are such users."""


@dataclass
class User:
    """A user, by the name that signs in."""

    name: str
    display_name: str
    password_hash: str
    roles: frozenset[str] = frozenset()


class MemoryUsers:
    """The users."""

    def __init__(self, users: Sequence[User] = ()) -> None:
        self.by_name = {user.name: user for user in users}
        self._failures = [deque[float](maxlen=GUESSES) for _ in range(BUCKETS)]

    async def begin_attempt(self, user_name: str, client: str) -> SignInAttempt:
        """Count an attempt as failed.

        Raises:
            TooManyRequests: too many have failed in the last minute.
        """
        failures, now = self._bucket(user_name), time.monotonic()
        if len(failures) == GUESSES and failures[0] > now - 60:
            raise TooManyRequests("Too many wrong passwords. Wait a minute, then try again.", retry_after=60)
        failures.append(now)
        user = self.by_name.get(user_name)
        if user is None:
            return SignInAttempt(user_name, client)
        return SignInAttempt(user_name, client, user.name, user.password_hash)

    async def confirm(self, attempt: SignInAttempt, new_hash: str | None) -> Principal | None:
        """The user of an attempt whose password matched; None if the password was changed meanwhile."""
        user = self.by_name.get(attempt.user_id or "")
        if user is None or user.password_hash != attempt.password_hash:
            return None
        user.password_hash = new_hash or user.password_hash
        self._bucket(attempt.user_name).pop()
        return Principal(user.name, user_name=user.name, display_name=user.display_name)

    async def roles(self, user_id: str) -> Sequence[str]:
        """The roles that the user holds now."""
        user = self.by_name.get(user_id)
        return sorted(user.roles) if user else ()

    def _bucket(self, user_name: str) -> deque[float]:
        return self._failures[hash(user_name) % BUCKETS]


@dataclass
class Stored:
    """A credential of a session; `replaced_at` is set once a rotating one has a successor."""

    credential: Credential
    principal: Principal
    remembered: bool
    expires_at: float
    replaced_at: float | None = None


class MemorySessions:
    """The sessions, by the hashes of their credentials."""

    def __init__(self, users: MemoryUsers) -> None:
        self._users = users
        self._stored: dict[str, Stored] = {}
        self._ended: deque[tuple[datetime, str]] = deque(maxlen=1000)
        self._numbers = 0

    async def open(self, attempt: SignInAttempt, session: NewSession, new_hash: str | None) -> Principal | None:
        """Open a session for an attempt whose password matched."""
        user = await self._users.confirm(attempt, new_hash)
        if user is None:
            return None
        self._numbers += 1
        self._stored = {key: stored for key, stored in self._stored.items() if stored.expires_at > time.time()}
        principal = Principal(user.user_id, f"session-{self._numbers}", user.user_name, user.display_name)
        for credential in session.credentials:
            self._store(credential, principal, remembered=session.remembered)
        return principal

    async def principal(self, session_id: str) -> Principal | None:
        """The principal of a session; None if the session has ended."""
        held = (stored for stored in self._stored.values() if stored.principal.session_id == session_id)
        return next((stored.principal for stored in held if stored.expires_at > time.time()), None)

    async def principal_by_secret(self, secret_hash: str) -> Principal | None:
        """The principal of the session whose `session` credential has this hash."""
        stored = self._held(secret_hash, "session")
        return stored.principal if stored else None

    async def use_refresh(self, token_hash: str) -> Principal | None:
        """The principal of the session whose `lasting` credential has this hash."""
        stored = self._held(token_hash, "lasting")
        return stored.principal if stored else None

    async def rotate_refresh(
        self, token_hash: str, successor_hash: str, grace: timedelta
    ) -> Rotated | Reused | Unknown:
        """Replace a `rotating` credential by its successor; one that was replaced long ago ends its session."""
        stored, now = self._held(token_hash, "rotating"), time.time()
        if stored is None:
            return Unknown()
        if stored.replaced_at is None:
            stored.replaced_at = now
            successor = Credential("rotating", successor_hash, stored.credential.life)
            self._store(successor, stored.principal, remembered=stored.remembered)
        elif stored.replaced_at + grace.total_seconds() < now:
            await self.end(stored.principal.session_id)
            return Reused(stored.principal.session_id)
        return Rotated(stored.principal, stored.remembered, successor_hash in self._stored)

    async def sessions_of(self, secret_hashes: Sequence[str]) -> Sequence[str]:
        """The sessions that credentials with these hashes belong to."""
        return [self._stored[each].principal.session_id for each in secret_hashes if each in self._stored]

    async def end(self, session_id: str) -> None:
        """End a session."""
        kept = {key: stored for key, stored in self._stored.items() if stored.principal.session_id != session_id}
        if len(kept) < len(self._stored):
            self._stored = kept
            self._ended.append((datetime.now(UTC), session_id))

    async def revocations(self, position: datetime | None) -> Revocations:
        """The sessions that have ended since `position`."""
        ended = [session_id for at, session_id in self._ended if position is not None and at >= position]
        return Revocations(frozenset(ended), frozenset(), datetime.now(UTC))

    def _store(self, credential: Credential, principal: Principal, *, remembered: bool) -> None:
        expires_at = time.time() + credential.life.total_seconds()
        self._stored[credential.hash] = Stored(credential, principal, remembered, expires_at)

    def _held(self, key: str, kind: str) -> Stored | None:
        stored = self._stored.get(key)
        return stored if stored and stored.credential.kind == kind and stored.expires_at > time.time() else None
