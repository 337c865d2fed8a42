"""Access tokens: signed, short-lived references to a session. The session store decides whether the session is still valid."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OctKey
from joserfc.jws import JWSRegistry

from servicehost.security.keys import KeySource, SigningKey

_ALGORITHM = "HS256"
_PURPOSE = "access token"
_REGISTRY = JWSRegistry(algorithms=[_ALGORITHM])


class InvalidToken(ValueError):
    """The text is not an access token of this installation."""


class ExpiredToken(InvalidToken):
    """The access token is genuine but has expired."""


@dataclass(frozen=True)
class AccessClaims:
    """Claims of an access token.

    Attributes:
        user_id: user of the session.
        session_id: session that the token belongs to.
        expires_at: expiry time in seconds since 1970.
    """

    user_id: str
    session_id: str
    expires_at: int


class AccessTokens:
    """Issues and verifies access tokens: JWTs with HS256 only, signed with the current key of the ring."""

    def __init__(self, keys: KeySource, issuer: str, life: timedelta) -> None:
        self._keys = keys
        self._issuer = issuer
        self._life = int(life.total_seconds())
        self._derived: dict[SigningKey, OctKey] = {}

    @property
    def life(self) -> int:
        """Lifetime of a token in seconds."""
        return self._life

    def issue(self, user_id: str, session_id: str, now: float) -> str:
        """Issue a token that is valid from now on for the configured time."""
        key = self._keys().current
        claims = {
            "iss": self._issuer,
            "sub": user_id,
            "sid": session_id,
            "iat": int(now),
            "exp": int(now) + self._life,
            "jti": secrets.token_urlsafe(9),
        }
        header = {"alg": _ALGORITHM, "kid": key.id}
        return jwt.encode(header, claims, self._secret(key), registry=_REGISTRY)

    def verify(self, token: str, now: float) -> AccessClaims:
        """Return the claims of a genuine token.

        Raises:
            ExpiredToken: it has expired.
            InvalidToken: it was not issued here, or not as an access token.
        """
        claims = self._genuine(token)
        match claims:
            case {"iss": self._issuer, "sub": str(user_id), "sid": str(session_id), "exp": int(expires_at)}:
                if expires_at <= now:
                    raise ExpiredToken("Token has expired")
                return AccessClaims(user_id, session_id, expires_at)
            case _:
                raise InvalidToken("Token is invalid")

    def session_of(self, token: str) -> str | None:
        """Return the session of a genuine token, even an expired one; None for any other text."""
        try:
            claims = self._genuine(token)
        except InvalidToken:
            return None
        session_id = claims.get("sid")
        return session_id if claims.get("iss") == self._issuer and isinstance(session_id, str) else None

    def _genuine(self, token: str) -> dict[str, object]:
        try:
            return jwt.decode(token, self._key_of, registry=_REGISTRY).claims
        except (JoseError, ValueError) as error:
            raise InvalidToken("Token is invalid") from error

    def _key_of(self, signed: GuestProtocol) -> OctKey:
        """Return the key that the header names."""
        key = self._keys().find(str(signed.headers().get("kid")))
        if key is None:
            raise InvalidToken("the key is no longer in use")
        return self._secret(key)

    def _secret(self, key: SigningKey) -> OctKey:
        """Return the key as an object of the library, cached."""
        known = self._derived.get(key)
        if known is None:
            known = self._derived[key] = OctKey.import_key(key.derived(_PURPOSE))
        return known


__all__ = ["AccessClaims", "AccessTokens", "ExpiredToken", "InvalidToken"]
