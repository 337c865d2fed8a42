"""Who sends a request, and whether it may change anything: mechanism only, the application supplies users and store.

| module | holds |
|---|---|
| `authentication` | what the HTTP edge asks |
| `authenticator` | its implementation: bearer, Basic, cookies |
| `cache` | credentials that were verified a moment ago |
| `access_tokens`, `session_secrets`, `keys` | what is signed and what is random |
| `renewal`, `cookies` | sessions in browsers |
| `passwords` | argon2 in worker threads |
| `origin` | a link, or a page of another site, changes nothing |
| `protocols` | what the application supplies |
| `messages`, `services` | Authenticate, logout, GetAccessToken |
"""

from servicehost.security.authentication import Anonymous, Authentication, Authenticator, Scheme
from servicehost.security.authenticator import SessionAuthenticator
from servicehost.security.keys import SECRET_LENGTH, KeyRing, KeySource, SigningKey
from servicehost.security.messages import (
    Authenticate,
    AuthenticateLogout,
    AuthenticateResponse,
    GetAccessToken,
    GetAccessTokenResponse,
)
from servicehost.security.origin import origin_of
from servicehost.security.passwords import HashCost, Passwords
from servicehost.security.protocols import (
    Attempt,
    Credential,
    CredentialKind,
    NewSession,
    Reused,
    Revocations,
    Rotated,
    Sessions,
    Unknown,
    Users,
)
from servicehost.security.services import RefreshTokenRefused, SignInService, UnknownProvider, WrongCredentials
from servicehost.security.settings import SignInSettings

__all__ = [
    "SECRET_LENGTH",
    "Anonymous",
    "Attempt",
    "Authenticate",
    "AuthenticateLogout",
    "AuthenticateResponse",
    "Authentication",
    "Authenticator",
    "Credential",
    "CredentialKind",
    "GetAccessToken",
    "GetAccessTokenResponse",
    "HashCost",
    "KeyRing",
    "KeySource",
    "NewSession",
    "Passwords",
    "RefreshTokenRefused",
    "Reused",
    "Revocations",
    "Rotated",
    "Scheme",
    "SessionAuthenticator",
    "Sessions",
    "SignInService",
    "SignInSettings",
    "SigningKey",
    "Unknown",
    "UnknownProvider",
    "Users",
    "WrongCredentials",
    "origin_of",
]
