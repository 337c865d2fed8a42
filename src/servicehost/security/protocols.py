"""Interfaces that the application implements: users, and the store of their sessions.

Every method is one transaction of the application and never reads in one transaction to write in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from servicehost.contract.call import Principal

CredentialKind = Literal["session", "lasting", "rotating"]
"""Purpose of a stored credential. `session` authenticates each request (the cookie of clients that keep no tokens);
`lasting` refreshes any number of times (refresh tokens in bodies); `rotating` refreshes once and is then replaced by its
successor (refresh tokens in cookies).
"""


@dataclass(frozen=True)
class SignInAttempt:
    """An attempt to sign in, counted as a failure until it is confirmed.

    Attributes:
        user_name: user name as typed.
        client: client address.
        user_id: user with this name; None if there is none, or none that may sign in.
        password_hash: hash that the password must match; None if no password can match.
    """

    user_name: str
    client: str
    user_id: str | None = None
    password_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Credential:
    """A secret of a session as stored: only its hash."""

    kind: CredentialKind
    hash: str
    life: timedelta


@dataclass(frozen=True)
class NewSession:
    """A session to open.

    Attributes:
        credentials: secrets of the session.
        remembered: whether the browser keeps the session when it is closed.
    """

    credentials: Sequence[Credential]
    remembered: bool = False


@dataclass(frozen=True)
class Rotated:
    """The refresh token was valid.

    Attributes:
        principal: principal of the session.
        remembered: whether the session is remembered.
        successor_holds: whether the proposed successor is the token to use from now on.
    """

    principal: Principal
    remembered: bool
    successor_holds: bool


@dataclass(frozen=True)
class Reused:
    """The refresh token was replaced long ago: someone has a copy, so the session has been ended."""

    session_id: str


@dataclass(frozen=True)
class Unknown:
    """The refresh token does not exist, or its session is over."""


@dataclass(frozen=True)
class Revocations:
    """Recent revocations on any node.

    Attributes:
        sessions: sessions that have ended.
        users: users whose password was changed, or who may no longer sign in.
        position: position from which the next query continues.
    """

    sessions: frozenset[str]
    users: frozenset[str]
    position: datetime


class Users(Protocol):
    """The users who may sign in."""

    async def begin_attempt(self, user_name: str, client: str) -> SignInAttempt:
        """Count an attempt as failed before the password is verified, so that parallel guesses are counted too.

        Raises:
            TooManyRequests: too many attempts have failed, whether or not there is such a user.
        """

    async def confirm(self, attempt: SignInAttempt, new_hash: str | None) -> Principal | None:
        """Return the user of an attempt whose password matched, without a session; the attempt no longer counts as failed.

        Args:
            attempt: the result of `begin_attempt`.
            new_hash: replaces the stored hash if given.

        Returns:
            None if the password was changed in the meantime.
        """

    async def roles(self, user_id: str) -> Sequence[str]:
        """Return the roles that the user holds now."""


class Sessions(Protocol):
    """The sessions of users and their secrets, by the hashes of the secrets."""

    async def open(self, attempt: SignInAttempt, session: NewSession, new_hash: str | None) -> Principal | None:
        """Open a session for an attempt whose password matched; otherwise like `Users.confirm`."""

    async def principal(self, session_id: str) -> Principal | None:
        """Return the principal of a session; None if the session has ended."""

    async def principal_by_secret(self, secret_hash: str) -> Principal | None:
        """Return the principal of the session whose `session` credential has this hash; None if there is none."""

    async def use_refresh(self, token_hash: str) -> Principal | None:
        """Return the principal of the session whose `lasting` credential has this hash; None if there is none."""

    async def rotate_refresh(
        self, token_hash: str, successor_hash: str, grace: timedelta
    ) -> Rotated | Reused | Unknown:
        """Replace the `rotating` credential with this hash by its successor, which gets a new lifetime of the same length.

        One that was replaced less than `grace` ago is still valid and is not replaced again; one that was replaced earlier ends its
        session.
        """

    async def sessions_of(self, secret_hashes: Sequence[str]) -> Sequence[str]:
        """Return the sessions of credentials with these hashes, of any kind, even expired ones."""

    async def end(self, session_id: str) -> None:
        """End a session and announce it to every node; do nothing if it has ended already."""

    async def revocations(self, position: datetime | None) -> Revocations:
        """Return the revocations since `position`; without a position, only the one to continue from."""


__all__ = [
    "Credential",
    "CredentialKind",
    "NewSession",
    "Reused",
    "Revocations",
    "Rotated",
    "Sessions",
    "SignInAttempt",
    "Unknown",
    "Users",
]
