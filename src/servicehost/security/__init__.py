"""Authentication and protection of state-changing calls: mechanism only; the application supplies users and their store.

| module | contents |
|---|---|
| `authentication` | the interface that the HTTP edge uses |
| `authenticator` | its implementation: bearer, Basic, cookies |
| `cache` | recently verified credentials |
| `access_tokens`, `session_secrets`, `keys` | signed tokens, random secrets, signing keys |
| `renewal`, `cookies` | sessions in browsers |
| `passwords` | argon2 in worker threads |
| `origin` | rejection of state changes by links and by pages of other sites |
| `protocols` | interfaces that the application implements |
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
    Credential,
    CredentialKind,
    NewSession,
    Reused,
    Revocations,
    Rotated,
    Sessions,
    SignInAttempt,
    Unknown,
    Users,
)
from servicehost.security.services import RefreshTokenRefused, SignInService, UnknownProvider, WrongCredentials
from servicehost.security.settings import SignInSettings

__all__ = [
    "SECRET_LENGTH",
    "Anonymous",
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
    "SignInAttempt",
    "SignInService",
    "SignInSettings",
    "SigningKey",
    "Unknown",
    "UnknownProvider",
    "Users",
    "WrongCredentials",
    "origin_of",
]
