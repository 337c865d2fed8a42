"""Sign-in settings of an installation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Clock = Callable[[], float]
"""Returns seconds: since 1970 where an instant is meant, otherwise monotonic. An argument, so that tests set the time."""


@dataclass(frozen=True)
class SignInSettings:
    """Sign-in settings of an installation.

    Attributes:
        public_origin: origin of the installation itself; see `origin_of`.
        allowed_origins: other origins whose pages may act for a visitor.
        access_life: lifetime of an access token.
        session_life: lifetime of a session in cookies after its last renewal.
        remembered_life: the same for a remembered session.
        refresh_life: lifetime of a refresh token in a body.
        rotation_grace: how long a refresh token in a cookie remains valid after it was replaced.
        recheck: maximum time until a cached credential is verified with the store again.
        look_after: maximum time between queries for revocations, whether or not any were announced.
        basic_memory: the same as `recheck` for Basic credentials, whose verification is expensive on purpose.
        cache_size: maximum number of cached credentials.
    """

    public_origin: str
    allowed_origins: frozenset[str] = frozenset()
    access_life: timedelta = timedelta(hours=1)
    session_life: timedelta = timedelta(days=14)
    remembered_life: timedelta = timedelta(days=28)
    refresh_life: timedelta = timedelta(days=365)
    rotation_grace: timedelta = timedelta(seconds=60)
    recheck: timedelta = timedelta(minutes=1)
    look_after: timedelta = timedelta(seconds=10)
    basic_memory: timedelta = timedelta(minutes=5)
    cache_size: int = 10_000

    def cookie_life(self, *, remembered: bool) -> timedelta:
        """Return the lifetime of a session in cookies after its last renewal."""
        return self.remembered_life if remembered else self.session_life


__all__ = ["Clock", "SignInSettings"]
