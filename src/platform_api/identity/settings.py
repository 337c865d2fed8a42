"""Settings of sign-in: cost of password hashes, lifetimes of sessions and tokens."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from platform_api.foundation.settings import Section, about
from servicehost.security.passwords import HashCost
from servicehost.security.settings import SignInSettings


class SignIn(Section, frozen=True, kw_only=True):
    """Passwords, sessions, tokens."""

    argon2_time_cost: Annotated[
        int, Meta(ge=1, le=100), about("sign_in.argon2_time_cost", "Passes of argon2 over its memory.")
    ] = HashCost.rounds
    argon2_memory_kib: Annotated[
        int, Meta(ge=8, le=4_194_304), about("sign_in.argon2_memory_kib", "Memory of one argon2 hash, KiB.")
    ] = HashCost.memory_kib
    argon2_parallelism: Annotated[int, Meta(ge=1, le=64), about("sign_in.argon2_parallelism", "Lanes of argon2.")] = (
        HashCost.lanes
    )
    argon2_concurrency: Annotated[
        int, Meta(ge=1, le=64), about("sign_in.argon2_concurrency", "Passwords hashed at the same time.")
    ] = 2
    session_life: Annotated[timedelta, about("sign_in.session_life", "Life of a session that is not used.")] = (
        SignInSettings.session_life
    )
    remembered_session_life: Annotated[
        timedelta, about("sign_in.remembered_session_life", "The same with `RememberMe`.")
    ] = SignInSettings.remembered_life
    access_token_life: Annotated[timedelta, about("sign_in.access_token_life", "Life of a bearer token.")] = (
        SignInSettings.access_life
    )
    refresh_token_life: Annotated[timedelta, about("sign_in.refresh_token_life", "Life of a refresh token.")] = (
        SignInSettings.refresh_life
    )

    @property
    def lives(self) -> tuple[timedelta, ...]:
        """Lifetimes of credentials, for each kind of session."""
        return self.session_life, self.remembered_session_life, self.refresh_token_life

    @property
    def cost(self) -> HashCost:
        """The cost of one hash of a password."""
        return HashCost(self.argon2_memory_kib, self.argon2_time_cost, self.argon2_parallelism)

    def contradictions(self) -> Iterator[str]:
        """An access token must not outlive a refresh token, and argon2 needs 8 KiB for each lane."""
        if self.access_token_life > self.refresh_token_life:
            yield "sign_in.access_token_life is more than sign_in.refresh_token_life; an access token is the shorter one."
        if self.argon2_memory_kib < 8 * self.argon2_parallelism:
            yield "sign_in.argon2_memory_kib must be at least 8 for each of sign_in.argon2_parallelism."


__all__ = ["SignIn"]
