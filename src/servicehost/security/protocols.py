"""What the application supplies: its users and the store of their sessions.

Every method is one transaction of the application, whole or not at all; never read here and write there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from servicehost.contract.call import Principal

CredentialKind = Literal["session", "lasting", "rotating"]
"""What a stored credential is for: `session` proves a session on each request (the cookie of clients that keep no
tokens); `lasting` refreshes as often as one likes (refresh tokens in bodies); `rotating` refreshes once and is then
replaced by its successor (refresh tokens in cookies)."""


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in, counted as a failure until it is confirmed.

    Attributes:
        user_name: what was typed.
        client: address of the client.
        user_id: the user of this name; None when there is none, or none that may sign in.
        password_hash: what the password must match; None when nothing can.
    """

    user_name: str
    client: str
    user_id: str | None = None
    password_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Credential:
    """A secret of a session, as it is stored: only its hash."""

    kind: CredentialKind
    hash: str
    life: timedelta


@dataclass(frozen=True)
class NewSession:
    """A session to open.

    Attributes:
        credentials: the secrets that it is reached by.
        remembered: whether the browser is to keep it when it is closed.
    """

    credentials: Sequence[Credential]
    remembered: bool = False


@dataclass(frozen=True)
class Rotated:
    """The refresh token held.

    Attributes:
        principal: whose it is.
        remembered: whether its session is.
        successor_holds: whether the successor that was offered is the one to use from now on.
    """

    principal: Principal
    remembered: bool
    successor_holds: bool


@dataclass(frozen=True)
class Reused:
    """The refresh token was replaced long ago: somebody has a copy, so its session has been ended."""

    session_id: str


@dataclass(frozen=True)
class Unknown:
    """There is no such refresh token, or its session is over."""


@dataclass(frozen=True)
class Revocations:
    """What has stopped holding lately, on any node.

    Attributes:
        sessions: sessions that have ended.
        users: users whose password was changed, or who may no longer sign in.
        position: where the next question goes on.
    """

    sessions: frozenset[str]
    users: frozenset[str]
    position: datetime


class Users(Protocol):
    """Who may sign in."""

    async def begin_attempt(self, user_name: str, client: str) -> Attempt:
        """Count an attempt as failed, before the password is looked at, so that parallel guesses are counted too.

        Raises:
            TooManyRequests: too many have failed; the same whether or not there is such a user.
        """

    async def confirm(self, attempt: Attempt, new_hash: str | None) -> Principal | None:
        """The user of an attempt whose password matched, without a session; the attempt no longer counts.

        Args:
            attempt: what `begin_attempt` gave.
            new_hash: replaces the stored hash when given.

        Returns:
            None when the password was changed meanwhile.
        """

    async def roles(self, user_id: str) -> Sequence[str]:
        """The roles that the user holds now."""


class Sessions(Protocol):
    """The sessions of users and their secrets, by the hashes of these."""

    async def open(self, attempt: Attempt, session: NewSession, new_hash: str | None) -> Principal | None:
        """Open a session for an attempt whose password matched; otherwise as `Users.confirm`."""

    async def principal(self, session_id: str) -> Principal | None:
        """The principal of a session; None if the session has ended."""

    async def principal_by_secret(self, secret_hash: str) -> Principal | None:
        """The principal of the session whose `session` credential has this hash; None if there is none."""

    async def use_refresh(self, token_hash: str) -> Principal | None:
        """The principal of the session whose `lasting` credential has this hash; None if there is none."""

    async def rotate_refresh(
        self, token_hash: str, successor_hash: str, grace: timedelta
    ) -> Rotated | Reused | Unknown:
        """Replace the `rotating` credential with this hash by its successor, which lives as long from now on.

        One that was replaced less than `grace` ago still holds and is not replaced again; one that was replaced
        earlier ends its session.
        """

    async def sessions_of(self, secret_hashes: Sequence[str]) -> Sequence[str]:
        """The sessions that credentials with these hashes belong to, of any kind, even those that have expired."""

    async def end(self, session_id: str) -> None:
        """End a session; nothing when it has ended already. Every node is told."""

    async def revocations(self, position: datetime | None) -> Revocations:
        """What has stopped holding since `position`; without one, only the position to go on from."""


__all__ = [
    "Attempt",
    "Credential",
    "CredentialKind",
    "NewSession",
    "Reused",
    "Revocations",
    "Rotated",
    "Sessions",
    "Unknown",
    "Users",
]
