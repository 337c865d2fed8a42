"""Settings of accounts: lifetimes of mailed links, gaps between letters, quotas of clients."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from platform_api.foundation.settings import Section, about
from platform_api.foundation.tokens import Purpose
from platform_api.limits.rules import Quota

_HOUR = timedelta(hours=1)


class AccountSettings(Section, frozen=True, kw_only=True):
    """Lives and limits of the links that prove a mailbox or reset a password.

    Attributes:
        quiet: time without a request after which the gaps begin again with the first.
        registrations: how many registrations one client may send.
        resets: how many links one client may ask for.
    """

    proof_life: Annotated[
        timedelta, about("sign_in.proof_life", "Life of the link that proves a mailbox, from its sending.")
    ] = timedelta(days=1)
    reset_life: Annotated[
        timedelta, about("sign_in.reset_life", "Life of the link that resets a password, from its sending.")
    ] = timedelta(hours=2)
    gaps: Annotated[
        tuple[timedelta, ...],
        about(
            "limits.account_letter_gaps",
            "Least times between letters to one address with a link that proves it or resets its password; the last for"
            " all further ones. They begin again after a day without a request.",
        ),
    ] = (timedelta(minutes=5), timedelta(minutes=15), _HOUR)
    quiet: timedelta = timedelta(days=1)
    registrations: Quota = Quota("registrations of a client", 100, _HOUR)
    resets: Quota = Quota("password resets of a client", 100, _HOUR)

    def contradictions(self) -> Iterator[str]:
        """A link must work until the next letter with one may be sent."""
        gap = max(self.gaps, default=timedelta(0))
        for name, life in (("proof_life", self.proof_life), ("reset_life", self.reset_life)):
            if life <= gap:
                yield (
                    f"sign_in.{name} is not more than the longest of limits.account_letter_gaps: a link would expire"
                    " before the next may be sent; raise the one or lower the other."
                )

    def life(self, purpose: Purpose) -> timedelta:
        """How long a link of this purpose works after it was sent."""
        return self.reset_life if purpose is Purpose.PASSWORD_RESET else self.proof_life


__all__ = ["AccountSettings"]
