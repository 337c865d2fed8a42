"""Values of accounts: registrations, accounts to create, links that are mailed to addresses."""

from dataclasses import dataclass, field
from datetime import datetime

from platform_api.contacts.values import Profile
from platform_api.foundation.tokens import Purpose
from platform_api.identity.values import EmailAddress
from servicehost.contract.scalars import Guid

OPEN_REGISTRATIONS = 5
"""Number of open registrations kept for one address, newest first. Their passwords are compared at the proof."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """A registration request, parsed.

    Attributes:
        address: address to sign in with.
        password: password as typed; it is hashed and never stored.
        profile: profile of the person.
        business: profile of an organisation to create with the account.
        invitation: token of an invitation.
    """

    address: EmailAddress
    password: str = field(repr=False)
    profile: Profile
    business: Profile | None
    invitation: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create, once its mailbox is proved."""

    address: EmailAddress
    password_hash: str = field(repr=False)
    profile: Profile
    business: Profile | None


@dataclass(frozen=True, slots=True)
class Registration:
    """An open registration: its mailbox is not proved yet.

    Attributes:
        account: the account to create.
        link_version: version of the proof link at the time of the registration; only that version completes it.
        registered_at: time of the registration.
    """

    id: Guid
    account: NewAccount
    link_version: int
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class AccountLink:
    """A link that is mailed to an address, to prove the mailbox or to reset the password.

    Each address has one link of each purpose, with or without an account, however often the link is requested.

    Attributes:
        version: version of the token. The next one begins when this one was used, has expired or was overtaken by a new
            password.
        letters: number of letters ever queued with the link.
        streak: number of these letters since the last quiet day.
        lettered_at: when the latest letter was queued.
        asked_at: when the link was last requested.
        issued_at: when the version began.
        sent_at: when a letter with this version was last handed to the mail server; None if none was.
        used_version: the version that was used last, which tells a repeated request from a wrong one.
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

    @classmethod
    def first(cls, id_: Guid, purpose: Purpose, address_key: str, now: datetime) -> "AccountLink":
        """The link of an address at its first request, with a letter to queue."""
        return cls(id_, purpose, address_key, 1, 1, 1, lettered_at=now, asked_at=now, issued_at=now)


@dataclass(frozen=True, slots=True)
class Proof:
    """The registrations that an open link of a mailbox proof may complete.

    Attributes:
        registrations: open registrations of the address, newest first; at least one.
    """

    link: AccountLink
    registrations: tuple[Registration, ...]


__all__ = [
    "OPEN_REGISTRATIONS",
    "AccountLink",
    "Applicant",
    "NewAccount",
    "Proof",
    "Registration",
]
