"""What an installation decides about sign-in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Clock = Callable[[], float]
"""Gives seconds: since 1970 where an instant is meant, else monotonic; an argument, so that tests decide the time."""


@dataclass(frozen=True)
class SignInSettings:
    """What an installation decides about sign-in.

    Attributes:
        public_origin: the origin of the installation itself; see `origin_of`.
        allowed_origins: other origins whose pages may act for a visitor.
        access_life: how long an access token works.
        session_life: how long a session in cookies lasts after its last renewal.
        remembered_life: the same, when the visitor asked to be remembered.
        refresh_life: how long a refresh token in a body works.
        rotation_grace: how long a refresh token in a cookie still works after it was replaced.
        recheck: after how long at most a verified credential is checked against the store again.
        look_after: after how long at most the store is asked what was revoked, whether or not it says that something was.
        basic_memory: the same for Basic credentials, whose verification is expensive on purpose.
        cache_size: how many verified credentials are kept.
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
        """How long a session in cookies lasts after its last renewal."""
        return self.remembered_life if remembered else self.session_life


__all__ = ["Clock", "SignInSettings"]
