"""Renewal of a session in cookies: a refresh token is exchanged for an access token and the next refresh token."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from servicehost.contract.call import Cookie, Principal
from servicehost.security import cookies, session_secrets
from servicehost.security.access_tokens import AccessTokens
from servicehost.security.keys import KeySource
from servicehost.security.protocols import Reused, Rotated, Sessions, Unknown
from servicehost.security.settings import Clock, SignInSettings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Renewed:
    """A renewed session.

    Attributes:
        principal: principal of the session.
        cookies: cookies with the new tokens.
    """

    principal: Principal
    cookies: Sequence[Cookie]


class Renewal:
    """Renews sessions in cookies."""

    def __init__(
        self, sessions: Sessions, tokens: AccessTokens, keys: KeySource, settings: SignInSettings, clock: Clock
    ) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self._keys = keys
        self._settings = settings
        self._clock = clock

    async def renew_any(self, refresh_tokens: Iterable[str]) -> Renewed | None:
        """Renew a session by the first valid one of these refresh tokens; None if none is valid."""
        for refresh_token in refresh_tokens:
            renewed = await self.renew(refresh_token)
            if renewed is not None:
                return renewed
        return None

    async def renew(self, refresh_token: str) -> Renewed | None:
        """Renew a session by this refresh token; None if the token is invalid."""
        successor = session_secrets.successor(refresh_token, self._keys)
        outcome = await self._sessions.rotate_refresh(
            session_secrets.stored_hash(refresh_token),
            session_secrets.stored_hash(successor),
            self._settings.rotation_grace,
        )
        match outcome:
            case Rotated():
                return Renewed(outcome.principal, self._cookies(outcome, successor))
            case Reused(session_id):
                _log.warning("an old refresh token was used again", ended=session_id)
                return None
            case Unknown():
                return None

    def _cookies(self, rotated: Rotated, successor: str) -> list[Cookie]:
        principal, remembered = rotated.principal, rotated.remembered
        token = self._tokens.issue(principal.user_id, principal.session_id, self._clock())
        fresh = [cookies.access_cookie(token, remembered=remembered, life=self._tokens.life)]
        if rotated.successor_holds:
            life = self._settings.cookie_life(remembered=remembered)
            fresh.append(cookies.refresh_cookie(successor, remembered=remembered, life=life))
        return fresh


__all__ = ["Renewal", "Renewed"]
