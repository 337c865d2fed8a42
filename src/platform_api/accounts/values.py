"""The values of accounts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from platform_api.contacts.values import Profile
from platform_api.foundation.settings import Section, about
from platform_api.foundation.tokens import Purpose
from platform_api.identity.values import EmailAddress
from platform_api.limits.rules import Quota
from servicehost.contract.scalars import Guid

HOUR = timedelta(hours=1)
REGISTRATIONS = Quota("registrations of a client", 100, HOUR)
RESETS = Quota("password resets of a client", 100, HOUR)

OPEN_REGISTRATIONS = 5
"""How many registrations of one address are kept, the newest: their passwords are compared at the proof."""


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
    ] = (timedelta(minutes=5), timedelta(minutes=15), HOUR)
    quiet: timedelta = timedelta(days=1)
    registrations: Quota = REGISTRATIONS
    resets: Quota = RESETS

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
        """How long a link works."""
        return self.reset_life if purpose is Purpose.PASSWORD_RESET else self.proof_life


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who wants an account, as a registration says it.

    Attributes:
        address: to sign in with.
        password: as it was typed; it is hashed and forgotten.
        profile: of the person.
        business: of an organisation to make with it.
        invitation: the token of an invitation.
    """

    address: EmailAddress
    password: str = field(repr=False)
    profile: Profile
    business: Profile | None
    invitation: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make, once its mailbox is proved."""

    address: EmailAddress
    password_hash: str = field(repr=False)
    profile: Profile
    business: Profile | None


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration that waits for the proof of its mailbox.

    Attributes:
        account: the account to make.
        link_version: the version of the proof link that was open when it came; only that version completes it.
        registered_at: when it came.
    """

    id: Guid
    account: NewAccount
    link_version: int
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class AccountLink:
    """The link of one purpose that is mailed to an address: it proves the mailbox, or resets the password.

    There is one for each purpose and address, whether or not somebody has the address, however often it is asked for.

    Attributes:
        version: of the token; the next begins when this one was used, has expired or no longer counts.
        letters: how many letters with it were queued, ever.
        streak: how many of these since the last quiet day.
        lettered_at: when the latest letter was queued.
        asked_at: when it was asked for last.
        issued_at: when the version began.
        sent_at: when a letter with this version was last handed to the mail server; None while none was.
        used_version: the version that was used last, so that a repeated request can be told from a wrong one.
    """

    id: Guid
    purpose: Purpose
    address_key: str
    version: int
    letters: int
    streak: int
    lettered_at: datetime
    asked_at: datetime
    issued_at: datetime
    sent_at: datetime | None = None
    used_version: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Registrations that a genuine, open link of a mailbox proof may complete.

    Attributes:
        link: the link.
        registrations: the open registrations of its address, the newest first; at least one.
    """

    link: AccountLink
    registrations: tuple[Registration, ...]


__all__ = [
    "OPEN_REGISTRATIONS",
    "AccountLink",
    "AccountSettings",
    "Applicant",
    "NewAccount",
    "Proof",
    "Registration",
]
