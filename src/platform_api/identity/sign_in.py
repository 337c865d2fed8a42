"""Users and their sessions, as `servicehost.security` asks for them. Every method is one unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from platform_api.contacts import PlatformPrincipal
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.foundation.waiting import NO_WAIT, wait_after
from platform_api.identity import attempts, store, users
from platform_api.identity.throttle import Lockout
from platform_api.identity.values import StoredCredential
from servicehost.contract.scalars import Guid
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
"""How far each look for revocations goes back behind the last: transactions of other nodes commit in any order."""


@dataclass(frozen=True, slots=True)
class PlatformUsers:
    """Who may sign in: a `servicehost.security.protocols.Users`."""

    database: Database
    lockout: Lockout = field(default_factory=Lockout)

    async def begin_attempt(self, user_name: str, client: str) -> SignInAttempt:
        """Count an attempt as failed, and look for the user; the same work whether or not there is one."""
        address_key = attempts.typed_key(user_name)

        async def unit(tx: Transaction) -> SignInAttempt:
            await attempts.count(tx, self.lockout, address_key, client)
            user = await users.by_address_key(tx, address_key)
            if user is None:
                return SignInAttempt(user_name, client)
            return SignInAttempt(user_name, client, user.id, user.password_hash)

        return await self.database.write(unit)

    async def confirm(self, attempt: SignInAttempt, new_hash: str | None) -> PlatformPrincipal | None:
        """The user of an attempt whose password matched, without a session."""

        async def unit(tx: Transaction) -> PlatformPrincipal | None:
            return await confirmed(tx, self.lockout, attempt, new_hash)

        return await self.database.write(unit)

    async def roles(self, user_id: str) -> Sequence[str]:
        """The installation-wide roles that the user holds now."""
        return await self.database.read(lambda tx: users.roles(tx, user_id))


@dataclass(frozen=True, slots=True)
class PlatformSessions:
    """The sessions of users: a `servicehost.security.protocols.Sessions`."""

    database: Database
    lockout: Lockout = field(default_factory=Lockout)

    async def open(self, attempt: SignInAttempt, session: NewSession, new_hash: str | None) -> PlatformPrincipal | None:
        """Open a session for an attempt whose password matched."""
        session_id = new_id()

        async def unit(tx: Transaction) -> PlatformPrincipal | None:
            principal = await confirmed(tx, self.lockout, attempt, new_hash)
            if principal is None:
                return None
            await _add_session(tx, session_id, principal.user_id, session)
            return replace(principal, session_id=session_id)

        return await self.database.write(unit)

    async def principal(self, session_id: str) -> PlatformPrincipal | None:
        """The principal of a session; None if the session has ended."""

        async def unit(tx: Transaction) -> PlatformPrincipal | None:
            return await tx.one(store.PRINCIPAL_OF_SESSION, session_id=session_id, now=tx.now)

        return await self.database.read(unit)

    async def principal_by_secret(self, secret_hash: str) -> PlatformPrincipal | None:
        """The principal of the session whose cookie has this hash."""
        return await self._principal_by(secret_hash, "session")

    async def use_refresh(self, token_hash: str) -> PlatformPrincipal | None:
        """The principal of the session whose refresh token, given in a body, has this hash."""
        return await self._principal_by(token_hash, "lasting")

    async def rotate_refresh(
        self, token_hash: str, successor_hash: str, grace: timedelta
    ) -> Rotated | Reused | Unknown:
        """Replace a refresh token of a cookie by its successor; one that was replaced long ago ends its session."""

        async def unit(tx: Transaction) -> Rotated | Reused | Unknown:
            return await _rotate(tx, token_hash, successor_hash, grace)

        return await self.database.write(unit)

    async def sessions_of(self, secret_hashes: Sequence[str]) -> Sequence[str]:
        """The sessions that credentials with these hashes belong to, of any kind, even those that have expired."""
        return await self.database.read(lambda tx: tx.all(store.SESSIONS_OF_CREDENTIALS, hashes=list(secret_hashes)))

    async def end(self, session_id: str) -> None:
        """End a session; nothing when it has ended already. Every node is told."""
        await self.database.write(lambda tx: _end(tx, session_id))

    async def revocations(self, position: datetime | None) -> Revocations:
        """What has stopped holding since `position`."""

        async def unit(tx: Transaction) -> Revocations:
            if position is None:
                return Revocations(frozenset(), frozenset(), tx.now)
            since = position - OVERLAP
            ended = await tx.all(store.SESSIONS_ENDED, since=since)
            changed = await tx.all(store.USERS_CHANGED, since=since)
            return Revocations(frozenset(ended), frozenset(changed), tx.now)

        return await self.database.read(unit)

    async def _principal_by(self, hash_: str, kind: str) -> PlatformPrincipal | None:
        async def unit(tx: Transaction) -> PlatformPrincipal | None:
            return await tx.one(store.PRINCIPAL_BY_CREDENTIAL, hash=hash_, kind=kind, now=tx.now)

        return await self.database.read(unit)


async def confirmed(
    tx: Transaction, lockout: Lockout, attempt: SignInAttempt, new_hash: str | None
) -> PlatformPrincipal | None:
    """The user of an attempt whose password matched; None when the password was changed while it was verified."""
    address_key = attempts.typed_key(attempt.user_name)
    user = await users.by_address_key(tx, address_key)
    if user is None or user.id != attempt.user_id or user.password_hash != attempt.password_hash:
        return None
    if new_hash is not None:
        await tx.execute(store.RENEW_HASH, user_id=user.id, before=attempt.password_hash, after=new_hash)
    await attempts.settle(tx, lockout, address_key, attempt.client)
    return await tx.one(store.PRINCIPAL_OF_USER, user_id=user.id)


async def _add_session(tx: Transaction, session_id: Guid, user_id: str, session: NewSession) -> None:
    await tx.execute(
        store.ADD_SESSION,
        id=session_id,
        user_id=user_id,
        remembered=session.remembered,
        created_at=tx.now,
        expires_at=tx.now + max(credential.life for credential in session.credentials),
        ended_at=None,
    )
    for credential in session.credentials:
        await _add_credential(tx, session_id, credential)


async def _add_credential(tx: Transaction, session_id: Guid, credential: Credential) -> None:
    await tx.execute(
        store.ADD_CREDENTIAL,
        hash=credential.hash,
        session_id=session_id,
        kind=credential.kind,
        life_seconds=int(credential.life.total_seconds()),
        expires_at=tx.now + credential.life,
        replaced_at=None,
    )


async def _rotate(
    tx: Transaction, token_hash: str, successor_hash: str, grace: timedelta
) -> Rotated | Reused | Unknown:
    stored = await tx.one(store.CREDENTIAL, hash=token_hash, kind="rotating", now=tx.now)
    if stored is None or stored.expires_at <= tx.now:
        return Unknown()
    if await tx.execute(store.REPLACE_CREDENTIAL, replaced=token_hash, now=tx.now):
        await _succeed(tx, stored, successor_hash)
        return await _rotated(tx, stored, successor_holds=True)
    if stored.replaced_at is not None and wait_after(stored.replaced_at, grace, tx.now) == NO_WAIT:
        await _end(tx, stored.session_id)
        return Reused(stored.session_id)
    successor = await tx.one(store.CREDENTIAL, hash=successor_hash, kind="rotating", now=tx.now)
    return await _rotated(tx, stored, successor_holds=successor is not None and successor.replaced_at is None)


async def _succeed(tx: Transaction, stored: StoredCredential, successor_hash: str) -> None:
    life = timedelta(seconds=stored.life_seconds)
    await _add_credential(tx, stored.session_id, Credential("rotating", successor_hash, life))
    until = max(stored.session_expires_at, tx.now + life)
    await tx.execute(store.PROLONG_SESSION, session_id=stored.session_id, until=until)


async def _rotated(tx: Transaction, stored: StoredCredential, *, successor_holds: bool) -> Rotated | Unknown:
    principal = await tx.one(store.PRINCIPAL_OF_SESSION, session_id=stored.session_id, now=tx.now)
    return Unknown() if principal is None else Rotated(principal, stored.session_remembered, successor_holds)


async def _end(tx: Transaction, session_id: str) -> None:
    if await tx.execute(store.END_SESSION, session_id=session_id, now=tx.now):
        await tx.execute(store.DELETE_CREDENTIALS_OF, session_id=session_id)
        tx.notify(users.SESSIONS)


__all__ = ["OVERLAP", "PlatformSessions", "PlatformUsers", "confirmed"]
