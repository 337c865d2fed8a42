"""Users and sessions for `servicehost.security`. Every method is one unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from platform_api.contacts import PlatformPrincipal
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.foundation.waiting import NO_WAIT, wait_after
from platform_api.identity import attempts, store
from platform_api.identity.metrics import SignInOutcome, SignIns
from platform_api.identity.rules import sign_in_key
from platform_api.identity.values import SESSIONS_CHANGED, SignInPauses, StoredCredential
from servicehost.contract.errors import TooManyRequests
from servicehost.security.protocols import (
    Credential,
    NewSession,
    Reused,
    Revocations,
    Rotated,
    SignInAttempt,
    Unknown,
)

OVERLAP = timedelta(seconds=30)
"""How far each query for revocations reaches back before the previous one: other nodes commit out of order."""


@dataclass(frozen=True, slots=True)
class PlatformUsers:
    """The users who may sign in: a `servicehost.security.protocols.Users`."""

    database: Database
    pauses: SignInPauses = field(default_factory=SignInPauses)
    sign_ins: SignIns = field(default_factory=SignIns)

    async def begin_attempt(self, user_name: str, client: str) -> SignInAttempt:
        """Count an attempt as failed and find its user. The work is the same with and without a user."""
        address_key = sign_in_key(user_name)

        async def unit(tx: Transaction) -> SignInAttempt:
            await attempts.count_attempt(tx, self.pauses, address_key, client)
            user = await store.find_user_by_address(tx, address_key)
            if user is None:
                return SignInAttempt(user_name, client)
            return SignInAttempt(user_name, client, user.id, user.password_hash)

        try:
            return await self.database.write(unit)
        except TooManyRequests:
            self.sign_ins.count(SignInOutcome.REFUSED)
            raise

    async def confirm(self, attempt: SignInAttempt, new_hash: str | None) -> PlatformPrincipal | None:
        """The principal of an attempt whose password matched, without a session."""

        async def unit(tx: Transaction) -> PlatformPrincipal | None:
            return await _confirm(tx, self.pauses, attempt, new_hash)

        return _counted(self.sign_ins, await self.database.write(unit))

    async def roles(self, user_id: str) -> Sequence[str]:
        """The installation-wide roles that the user holds now."""
        return await self.database.read(lambda tx: store.roles_of(tx, user_id))


@dataclass(frozen=True, slots=True)
class PlatformSessions:
    """The sessions of users: a `servicehost.security.protocols.Sessions`."""

    database: Database
    pauses: SignInPauses = field(default_factory=SignInPauses)
    sign_ins: SignIns = field(default_factory=SignIns)

    async def open(self, attempt: SignInAttempt, session: NewSession, new_hash: str | None) -> PlatformPrincipal | None:
        """Open a session for an attempt whose password matched."""
        session_id = new_id()

        async def unit(tx: Transaction) -> PlatformPrincipal | None:
            principal = await _confirm(tx, self.pauses, attempt, new_hash)
            if principal is None:
                return None
            await store.add_session(tx, session_id, principal.user_id, session)
            return replace(principal, session_id=session_id)

        return _counted(self.sign_ins, await self.database.write(unit))

    async def principal(self, session_id: str) -> PlatformPrincipal | None:
        """The principal of a session; None if the session has ended."""
        return await self.database.read(lambda tx: store.principal_of_session(tx, session_id))

    async def principal_by_secret(self, secret_hash: str) -> PlatformPrincipal | None:
        """The principal of the session whose cookie has this hash."""
        return await self.database.read(lambda tx: store.principal_by_credential(tx, secret_hash, "session"))

    async def use_refresh(self, token_hash: str) -> PlatformPrincipal | None:
        """The principal of the session whose refresh token, given in a body, has this hash."""
        return await self.database.read(lambda tx: store.principal_by_credential(tx, token_hash, "lasting"))

    async def rotate_refresh(
        self, token_hash: str, successor_hash: str, grace: timedelta
    ) -> Rotated | Reused | Unknown:
        """Replace a refresh token of a cookie by its successor. Reusing it after the grace period ends the session."""

        async def unit(tx: Transaction) -> Rotated | Reused | Unknown:
            return await _rotate(tx, token_hash, successor_hash, grace)

        return await self.database.write(unit)

    async def sessions_of(self, secret_hashes: Sequence[str]) -> Sequence[str]:
        """The sessions that credentials of any kind with these hashes belong to, even if they have expired."""
        return await self.database.read(lambda tx: store.sessions_of_credentials(tx, secret_hashes))

    async def end(self, session_id: str) -> None:
        """End a session on every node; no effect if it has ended already."""
        await self.database.write(lambda tx: _end(tx, session_id))

    async def revocations(self, position: datetime | None) -> Revocations:
        """The sessions that have ended, and the users whose password was changed, since `position`."""

        async def unit(tx: Transaction) -> Revocations:
            if position is None:
                return Revocations(frozenset(), frozenset(), tx.now)
            since = position - OVERLAP
            ended = await store.ended_sessions(tx, since)
            changed = await store.users_with_new_password(tx, since)
            return Revocations(frozenset(ended), frozenset(changed), tx.now)

        return await self.database.read(unit)


def _counted(sign_ins: SignIns, principal: PlatformPrincipal | None) -> PlatformPrincipal | None:
    """The principal of an attempt, which is counted; without one, the password was changed meanwhile."""
    sign_ins.count(SignInOutcome.FAILED if principal is None else SignInOutcome.SUCCEEDED)
    return principal


async def _confirm(
    tx: Transaction, pauses: SignInPauses, attempt: SignInAttempt, new_hash: str | None
) -> PlatformPrincipal | None:
    """The principal of an attempt whose password matched; None if the password was changed while it was verified."""
    address_key = sign_in_key(attempt.user_name)
    user = await store.find_user_by_address(tx, address_key)
    if user is None or user.id != attempt.user_id or user.password_hash != attempt.password_hash:
        return None
    if new_hash is not None:
        await store.replace_hash(tx, user.id, before=attempt.password_hash, after=new_hash)
    await attempts.count_success(tx, pauses, address_key, attempt.client)
    return await store.principal_of_user(tx, user.id)


async def _rotate(
    tx: Transaction, token_hash: str, successor_hash: str, grace: timedelta
) -> Rotated | Reused | Unknown:
    stored = await store.get_credential(tx, token_hash, "rotating")
    if stored is None or stored.expires_at <= tx.now:
        return Unknown()
    if await _succeed(tx, token_hash, stored, successor_hash):
        return await _rotated(tx, stored, successor_holds=True)
    if stored.replaced_at is not None and wait_after(stored.replaced_at, grace, tx.now) == NO_WAIT:
        await _end(tx, stored.session_id)
        return Reused(stored.session_id)
    successor = await store.get_credential(tx, successor_hash, "rotating")
    return await _rotated(tx, stored, successor_holds=successor is not None and successor.replaced_at is None)


async def _succeed(tx: Transaction, token_hash: str, stored: StoredCredential, successor_hash: str) -> bool:
    """Replace a refresh token by its successor and prolong the session; False if it was replaced already."""
    life = timedelta(seconds=stored.life_seconds)
    successor = Credential("rotating", successor_hash, life)
    if not await store.replace_credential(tx, token_hash, stored.session_id, successor):
        return False
    await store.prolong_session(tx, stored.session_id, max(stored.session_expires_at, tx.now + life))
    return True


async def _rotated(tx: Transaction, stored: StoredCredential, *, successor_holds: bool) -> Rotated | Unknown:
    principal = await store.principal_of_session(tx, stored.session_id)
    return Unknown() if principal is None else Rotated(principal, stored.session_remembered, successor_holds)


async def _end(tx: Transaction, session_id: str) -> None:
    if await store.end_session(tx, session_id):
        tx.notify(SESSIONS_CHANGED)


__all__ = ["OVERLAP", "PlatformSessions", "PlatformUsers"]
