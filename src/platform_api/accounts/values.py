"""The values of accounts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from platform_api.contacts.values import Profile
from platform_api.identity.addresses import EmailAddress
from platform_api.limits.rules import Quota
from servicehost.contract.scalars import Guid

HOUR = timedelta(hours=1)
REGISTRATIONS = Quota("registrations of a client", 100, HOUR)
RESETS = Quota("password resets of a client", 100, HOUR)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What an installation decides about accounts.

    Attributes:
        proof_life: how long the link works that proves a mailbox.
        reset_life: how long the link works that resets a password, after it was asked for last.
        registrations: how many registrations one client may send.
        resets: how many links one client may ask for.
    """

    proof_life: timedelta = timedelta(days=1)
    reset_life: timedelta = HOUR
    registrations: Quota = REGISTRATIONS
    resets: Quota = RESETS


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
    """A registration as its row holds it.

    Attributes:
        account: what is to be made; None once it was.
    """

    id: Guid
    address: EmailAddress
    account: NewAccount | None
    expires_at: datetime
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reset:
    """A link that resets the password of whoever has the address.

    Attributes:
        version: of the link; the next one begins when this one was used or ran out.
        letters: how often it was asked for.
        asked_at: when it was asked for last.
    """

    id: Guid
    address_key: str
    version: int
    letters: int
    asked_at: datetime


__all__ = ["AccountSettings", "Applicant", "NewAccount", "Registration", "Reset"]
