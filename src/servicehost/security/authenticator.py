"""Authenticates requests by a bearer token, Basic credentials or cookies, in this order.

Recently verified credentials are recognised by their hash without access to the store, because every request comes this
way. Revoked credentials are removed as soon as the store announces a revocation (`expect_revocations`). In case an announcement is
lost, the store is also asked every few seconds for all recent revocations, and each credential is verified again after a
minute. These intervals use a monotonic clock, so that setting the system clock does not extend them.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from servicehost.contract.call import Principal
from servicehost.contract.errors import TooManyRequests
from servicehost.contract.lengths import ADDRESS, PASSWORD
from servicehost.security import cookies as names
from servicehost.security.access_tokens import AccessTokens, InvalidToken
from servicehost.security.authentication import Authentication
from servicehost.security.cache import VerifiedCredentials
from servicehost.security.passwords import Passwords
from servicehost.security.protocols import Sessions, Users
from servicehost.security.renewal import Renewal
from servicehost.security.session_secrets import stored_hash
from servicehost.security.settings import Clock, SignInSettings

NO_CREDENTIALS = Authentication()
"""The result for a request without credentials."""

WRONG_CREDENTIALS = "Invalid Username or Password"
"""Error message for both an unknown address and a wrong password, in the words that clients expect."""

_SESSION_ENDED = "The session has ended. Sign in again."


class SessionAuthenticator:
    """An `Authenticator` for the application's users and sessions."""

    def __init__(
        self,
        *,
        users: Users,
        sessions: Sessions,
        tokens: AccessTokens,
        passwords: Passwords,
        renewal: Renewal,
        settings: SignInSettings,
        clock: Clock,
        stopwatch: Clock,
        on_wrong_credentials: Callable[[], None],
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._tokens = tokens
        self._passwords = passwords
        self._renewal = renewal
        self._recheck = settings.recheck.total_seconds()
        self._look_after = settings.look_after.total_seconds()
        self._basic_memory = settings.basic_memory.total_seconds()
        self._clock = clock
        self._stopwatch = stopwatch
        self._on_wrong_credentials = on_wrong_credentials
        self._verified = VerifiedCredentials(settings.cache_size)
        self._basic_key = secrets.token_bytes(32)
        self._verifying: dict[bytes, asyncio.Task[Authentication]] = {}
        self._position: datetime | None = None
        self._in_doubt = True
        self._next_look = 0.0

    async def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], client: str) -> Authentication:
        """Authenticate a request by its headers (lower-case names) and cookies; `client` is the client address.

        Raises:
            ServiceUnavailable: too many passwords are being verified.
        """
        if self._in_doubt or self._stopwatch() >= self._next_look:
            await self._forget_revoked()
        authorization = headers.get("authorization")
        if authorization is not None:
            scheme, _, credentials = authorization.partition(" ")
            match scheme.lower():
                case "bearer":
                    return await self._by_token(credentials.strip(), "bearer")
                case "basic":
                    return await self._by_basic(credentials.strip(), client)
        return await self._by_cookies(cookies) if cookies else NO_CREDENTIALS

    async def holds_role(self, principal: Principal, role: str) -> bool:
        """Whether the principal holds the role now: a revoked role is lost at once."""
        return role in await self._users.roles(principal.user_id)

    def expect_revocations(self) -> None:
        """Check for revocations before using cached credentials again; called when this or another node revoked something."""
        self._in_doubt = True
        self._verified.discard_pending()

    def forget(self, session_id: str) -> None:
        """Remove a session from the cache."""
        self._verified.forget({session_id})

    async def _forget_revoked(self) -> None:
        self._in_doubt = False
        self._next_look = self._stopwatch() + self._look_after
        try:
            revoked = await self._sessions.revocations(self._position)
        except BaseException:
            self._in_doubt = True
            raise
        if self._position is not None and revoked.position < self._position:
            self._verified.clear()  # the clock was set back: a revocation may be dated before the position that was asked for
        self._position = revoked.position
        if revoked.sessions or revoked.users:
            self._verified.forget(revoked.sessions, revoked.users)

    async def _by_token(self, token: str, scheme: Literal["bearer", "cookie"]) -> Authentication:
        key = hashlib.sha256(f"{scheme} {token}".encode("utf-8", "surrogatepass")).digest()
        known = self._verified.find(key, self._stopwatch())
        if known is not None:
            return known
        now = self._clock()
        try:
            claims = self._tokens.verify(token, now)
        except InvalidToken as error:
            return Authentication(problem=str(error))
        generation = self._verified.generation
        principal = await self._sessions.principal(claims.session_id)
        if principal is None or principal.user_id != claims.user_id:
            return Authentication(problem=_SESSION_ENDED)
        result = Authentication(principal, scheme)
        relied_on = min(claims.expires_at - now, self._recheck)
        self._verified.remember(key, result, self._stopwatch() + relied_on, generation)
        return result

    async def _by_cookies(self, cookies: Mapping[str, str]) -> Authentication:
        """Authenticate by any valid cookie: a stale cookie does not hide a valid one of the same name."""
        tokens, refreshes = names.values(cookies, names.ACCESS), names.values(cookies, names.REFRESH)
        for token in tokens:
            found = await self._by_token(token, "cookie")
            if found.principal is not None:
                return found
        renewed = await self._renewal.renew_any(refreshes)
        if renewed is not None:
            return Authentication(renewed.principal, "cookie", renewed.cookies)
        secrets_carried = names.session_secrets(cookies)
        for secret in secrets_carried:
            proved = await self._by_secret(secret)
            if proved is not None:
                return proved
        stale = [
            *((names.SESSION, names.PERMANENT_SESSION) if secrets_carried else ()),
            *((names.ACCESS, names.REFRESH) if tokens or refreshes else ()),
        ]
        return Authentication(cookies=names.deletions(*stale), problem=_SESSION_ENDED) if stale else NO_CREDENTIALS

    async def _by_secret(self, secret: str) -> Authentication | None:
        hashed = stored_hash(secret)
        key = hashed.encode()
        known = self._verified.find(key, self._stopwatch())
        if known is not None:
            return known
        generation = self._verified.generation
        principal = await self._sessions.principal_by_secret(hashed)
        if principal is None:
            return None
        result = Authentication(principal, "cookie")
        self._verified.remember(key, result, self._stopwatch() + self._recheck, generation)
        return result

    async def _by_basic(self, credentials: str, client: str) -> Authentication:
        """Verify Basic credentials, or find them in the cache by a keyed hash, since the password itself must not be kept.

        A user name or password longer than a request may carry is rejected before normalisation and hashing.
        """
        key = hmac.digest(self._basic_key, credentials.encode("utf-8", "surrogatepass"), "sha256")
        known = self._verified.find(key, self._stopwatch())
        if known is not None:
            return known
        # A client that opens many connections at once is verified, and counted, only once.
        verifying = self._verifying.get(key)
        if verifying is None:
            verifying = asyncio.create_task(self._verify_basic(key, credentials, client))
            self._verifying[key] = verifying
            verifying.add_done_callback(lambda done: self._verified_basic(key, done))
        return await asyncio.shield(verifying)

    def _verified_basic(self, key: bytes, done: asyncio.Task[Authentication]) -> None:
        self._verifying.pop(key, None)
        if not done.cancelled():
            done.exception()  # retrieved even if all waiting requests were cancelled, so that asyncio logs no warning

    async def _verify_basic(self, key: bytes, credentials: str, client: str) -> Authentication:
        user_name, password = _basic_pair(credentials)
        if not (0 < len(user_name) <= ADDRESS and 0 < len(password) <= PASSWORD):
            return Authentication(problem=WRONG_CREDENTIALS)
        generation = self._verified.generation
        try:
            principal = await self._confirmed(user_name, password, client)
        except TooManyRequests as error:
            return Authentication(problem=error.message)
        if principal is None:
            return Authentication(problem=WRONG_CREDENTIALS)
        result = Authentication(principal, "basic")
        self._verified.remember(key, result, self._stopwatch() + self._basic_memory, generation)
        return result

    async def _confirmed(self, user_name: str, password: str, client: str) -> Principal | None:
        attempt = await self._users.begin_attempt(user_name, client)
        if not await self._passwords.verify(attempt.password_hash, password):
            self._on_wrong_credentials()
            return None
        return await self._users.confirm(attempt, await self._passwords.renewed(attempt.password_hash, password))


def _basic_pair(credentials: str) -> tuple[str, str]:
    """Return user name and password; both empty if the credentials are malformed."""
    try:
        octets = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return "", ""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    user_name, _, password = text.partition(":")
    return user_name, password


__all__ = ["NO_CREDENTIALS", "WRONG_CREDENTIALS", "SessionAuthenticator"]
