"""The sign-in operations: Authenticate, logout, GetAccessToken."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from servicehost.contract.call import Answer, Call, Handler, Principal
from servicehost.contract.errors import FieldError, Forbidden, InvalidFields, NotAuthenticated, NotFound
from servicehost.contract.messages import Request
from servicehost.security import cookies
from servicehost.security.access_tokens import AccessTokens
from servicehost.security.authentication import Authentication, proved_by_header
from servicehost.security.authenticator import WRONG_CREDENTIALS, SessionAuthenticator
from servicehost.security.keys import KeySource
from servicehost.security.messages import (
    Authenticate,
    AuthenticateLogout,
    AuthenticateResponse,
    GetAccessToken,
    GetAccessTokenResponse,
)
from servicehost.security.origin import StateChangeGuard
from servicehost.security.passwords import Passwords
from servicehost.security.protocols import Credential, NewSession, Sessions, SignInAttempt, Users
from servicehost.security.renewal import Renewal
from servicehost.security.session_secrets import new_secret, stored_hash
from servicehost.security.settings import Clock, SignInSettings

CREDENTIALS = "credentials"
_CREDENTIALS_NAMES = (CREDENTIALS, "login", "")
_LOGOUT = "logout"
_NOT_STORED = {"Cache-Control": "no-store"}
_IN_COOKIES = {**cookies.ANNOUNCEMENT, **_NOT_STORED}


def _uncounted() -> None:
    """Ignore an attempt with wrong credentials."""


class WrongCredentials(NotAuthenticated):
    """The user does not exist, or the password is wrong; the error does not tell which."""

    def __init__(self) -> None:
        super().__init__(WRONG_CREDENTIALS)


class RefreshTokenRefused(Forbidden):
    """The refresh token is invalid or has expired."""

    def __init__(self) -> None:
        super().__init__("The refresh token is invalid or has expired. Sign in again.")


class UnknownProvider(NotFound):
    """Authenticate was called with an unknown provider."""

    def __init__(self, provider: str) -> None:
        super().__init__(f"There is no provider '{provider[:64]}'. Use '{CREDENTIALS}', or '{_LOGOUT}' to sign out.")


@dataclass(frozen=True)
class SignInService:
    """The sign-in operations of the host.

    Attributes:
        users: the users who may sign in.
        sessions: their sessions.
        authenticator: authenticates callers.
        passwords: verifies passwords.
        tokens: issues access tokens.
        renewal: renews sessions in cookies.
        settings: the sign-in settings of the installation.
        clock: current time.
        on_wrong_credentials: called after each attempt with an unknown user or a wrong password.
    """

    users: Users
    sessions: Sessions
    authenticator: SessionAuthenticator
    passwords: Passwords
    tokens: AccessTokens
    renewal: Renewal
    settings: SignInSettings
    clock: Clock
    on_wrong_credentials: Callable[[], None] = _uncounted

    @classmethod
    def build(
        cls,
        *,
        users: Users,
        sessions: Sessions,
        passwords: Passwords,
        keys: KeySource,
        settings: SignInSettings,
        clock: Clock = time.time,
        stopwatch: Clock = time.monotonic,
        on_wrong_credentials: Callable[[], None] = _uncounted,
    ) -> "SignInService":
        """Build the service for an application's users and sessions, with its `authenticator`.

        Args:
            users: the users who may sign in.
            sessions: their sessions.
            passwords: verifies passwords.
            keys: keys that sign access tokens.
            settings: the sign-in settings of the installation.
            clock: dates access tokens.
            stopwatch: monotonic clock for the cache of verified credentials.
            on_wrong_credentials: called after each attempt with an unknown user or a wrong password.
        """
        tokens = AccessTokens(keys, settings.public_origin, settings.access_life)
        renewal = Renewal(sessions, tokens, keys, settings, clock)
        authenticator = SessionAuthenticator(
            users=users, sessions=sessions, tokens=tokens, passwords=passwords, renewal=renewal, settings=settings,
            clock=clock, stopwatch=stopwatch, on_wrong_credentials=on_wrong_credentials,
        )  # fmt: skip
        return cls(users, sessions, authenticator, passwords, tokens, renewal, settings, clock, on_wrong_credentials)

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The operations of this service."""
        return {
            Authenticate: self.authenticate,
            AuthenticateLogout: self.logout,
            GetAccessToken: self.get_access_token,
        }

    async def authenticate(self, message: Authenticate, call: Call) -> Answer:
        """Sign in, sign out, or return who is signed in.

        Raises:
            WrongCredentials: the user does not exist, or the password is wrong.
            NotAuthenticated: no one is signed in, and no credentials were given.
            UnknownProvider: the host does not have this provider.
            MethodNotAllowed: a GET would sign in or out.
            ForeignOrigin: a page of another site would sign its visitor in or out.
        """
        provider = (message.provider or "").lower()
        if provider == _LOGOUT:
            await self._check(call)
            return await self._sign_out(call)
        if provider not in _CREDENTIALS_NAMES:
            raise UnknownProvider(provider)
        if not provider and message.user_name is None:
            return await self._who_is_signed_in(call)
        await self._check(call)
        attempt = await self._verified(message, call)
        if _wants_cookies(message.use_token_cookie, call):
            return await self._open_in_cookies(attempt, message)
        return await self._open_in_body(attempt, message)

    async def logout(self, message: AuthenticateLogout, call: Call) -> Answer:  # noqa: ARG002 - the message has no members
        """Sign out. Without credentials this does nothing and is not an error.

        Raises:
            NotAuthenticated: credentials were sent, and none of them belongs to a session.
        """
        return await self._sign_out(call)

    async def get_access_token(self, message: GetAccessToken, call: Call) -> Answer:
        """Issue a new access token: in the body for a refresh token in the body, in a cookie for one in a cookie.

        Raises:
            RefreshTokenRefused: the refresh token is invalid.
            NotAuthenticated: there is no refresh token.
        """
        if message.refresh_token:
            return await self._refresh_in_body(message.refresh_token, in_cookies=message.use_token_cookie is True)
        refresh_tokens = cookies.values(call.cookies, cookies.REFRESH)
        if not refresh_tokens:
            raise NotAuthenticated("There is no refresh token. Sign in again.")
        renewed = await self.renewal.renew_any(refresh_tokens)
        if renewed is None:
            raise RefreshTokenRefused
        return Answer(GetAccessTokenResponse(), headers=_IN_COOKIES, cookies=renewed.cookies)

    async def _who_is_signed_in(self, call: Call) -> Answer:
        found = await self._caller(call)
        if found.principal is None:
            raise NotAuthenticated(found.problem or "Not Authenticated")
        return Answer(await self._described(found.principal), cookies=found.cookies)

    async def _sign_out(self, call: Call) -> Answer:
        presented = _Presented.by(call)
        sessions = await self._sessions_of(presented)
        if presented.is_something and not sessions and (await self._caller(call)).principal is None:
            raise NotAuthenticated("These credentials belong to no session, so no session was ended. Discard them.")
        for session_id in sessions:
            await self.sessions.end(session_id)
            self.authenticator.forget(session_id)
        return Answer(AuthenticateResponse(), cookies=cookies.deletions(*cookies.ALL))

    async def _sessions_of(self, presented: "_Presented") -> list[str]:
        """Return the sessions of the credentials, including those of expired access tokens."""
        named = [self.tokens.session_of(token) for token in presented.access_tokens]
        found = await self.sessions.sessions_of([stored_hash(secret) for secret in presented.secrets])
        return list(dict.fromkeys([*(session_id for session_id in named if session_id), *found]))

    async def _verified(self, message: Authenticate, call: Call) -> SignInAttempt:
        user_name, password = message.user_name or "", message.password or ""
        missing = [name for name, value in (("UserName", user_name), ("Password", password)) if not value]
        if missing:
            raise InvalidFields(
                "Authenticate", [FieldError(name, f"'{name}' is empty.", "NotEmpty") for name in missing]
            )
        attempt = await self.users.begin_attempt(user_name, call.client)
        if not await self.passwords.verify(attempt.password_hash, password):
            self.on_wrong_credentials()
            raise WrongCredentials
        return attempt

    async def _open_in_cookies(self, attempt: SignInAttempt, message: Authenticate) -> Answer:
        remembered = message.remember_me is True
        life = self.settings.cookie_life(remembered=remembered)
        refresh = new_secret()
        credentials = (Credential("rotating", stored_hash(refresh), life),)
        principal = await self._open(attempt, message, NewSession(credentials, remembered))
        token = self.tokens.issue(principal.user_id, principal.session_id, self.clock())
        given = [
            *cookies.session_cookies(principal.session_id, remembered=remembered, life=life),
            cookies.access_cookie(token, remembered=remembered, life=self.tokens.life),
            cookies.refresh_cookie(refresh, remembered=remembered, life=life),
        ]
        return Answer(await self._described(principal), headers=_IN_COOKIES, cookies=given)

    async def _open_in_body(self, attempt: SignInAttempt, message: Authenticate) -> Answer:
        """Return tokens in the body, and also a session cookie for clients that keep cookies but no tokens."""
        remembered = message.remember_me is True
        life = self.settings.cookie_life(remembered=remembered)
        secret, refresh = new_secret(), new_secret()
        credentials = (
            Credential("session", stored_hash(secret), life),
            Credential("lasting", stored_hash(refresh), self.settings.refresh_life),
        )
        opened_at = self.clock()
        principal = await self._open(attempt, message, NewSession(credentials, remembered))
        response = await self._described(principal)
        response.bearer_token = self.tokens.issue(principal.user_id, principal.session_id, opened_at)
        response.refresh_token = refresh
        response.refresh_token_expiry = datetime.fromtimestamp(int(opened_at), UTC) + self.settings.refresh_life
        return Answer(
            response, headers=_NOT_STORED, cookies=cookies.session_cookies(secret, remembered=remembered, life=life)
        )

    async def _open(self, attempt: SignInAttempt, message: Authenticate, session: NewSession) -> Principal:
        new_hash = await self.passwords.renewed(attempt.password_hash, message.password or "")
        principal = await self.sessions.open(attempt, session, new_hash)
        if principal is None:
            raise WrongCredentials
        return principal

    async def _refresh_in_body(self, refresh_token: str, *, in_cookies: bool) -> Answer:
        principal = await self.sessions.use_refresh(stored_hash(refresh_token))
        if principal is None:
            raise RefreshTokenRefused
        token = self.tokens.issue(principal.user_id, principal.session_id, self.clock())
        kept = [cookies.access_cookie(token, remembered=True, life=self.tokens.life)] if in_cookies else []
        return Answer(GetAccessTokenResponse(access_token=token), headers=_NOT_STORED, cookies=kept)

    async def _described(self, principal: Principal) -> AuthenticateResponse:
        return AuthenticateResponse(
            user_id=principal.user_id,
            session_id=principal.session_id or None,
            user_name=principal.user_name,
            display_name=principal.display_name,
            roles=list(await self.users.roles(principal.user_id)),
            permissions=[],
            auth_provider=CREDENTIALS,
            meta=dict(principal.meta) or None,
        )

    async def _caller(self, call: Call) -> Authentication:
        return await self.authenticator.authenticate(call.headers, call.cookies, call.client)

    async def _check(self, call: Call) -> None:
        """Apply the guard when `Authenticate` signs in or out; asking who is signed in changes nothing."""
        guard = StateChangeGuard(self.settings.public_origin, self.settings.allowed_origins)
        refusal = guard.refusal(call.method, call.headers)
        if refusal is not None and await proved_by_header(self.authenticator, call.headers, call.client) is None:
            raise refusal


@dataclass(frozen=True)
class _Presented:
    """The credentials of a call that signs out.

    Attributes:
        access_tokens: tokens from the header and from cookies.
        secrets: refresh tokens and session secrets from cookies.
        is_something: whether there are any credentials, including Basic.
    """

    access_tokens: Sequence[str]
    secrets: Sequence[str]
    is_something: bool

    @classmethod
    def by(cls, call: Call) -> "_Presented":
        scheme, _, credentials = call.headers.get("authorization", "").partition(" ")
        in_header = [credentials.strip()] if scheme.lower() == "bearer" else []
        access_tokens = [*in_header, *cookies.values(call.cookies, cookies.ACCESS)]
        secrets = [*cookies.values(call.cookies, cookies.REFRESH), *cookies.session_secrets(call.cookies)]
        return cls(access_tokens, secrets, bool(access_tokens or secrets) or scheme.lower() == "basic")


def _wants_cookies(use_token_cookie: bool | None, call: Call) -> bool:
    return cookies.is_browser(call.headers) if use_token_cookie is None else use_token_cookie


__all__ = ["CREDENTIALS", "RefreshTokenRefused", "SignInService", "UnknownProvider", "WrongCredentials"]
