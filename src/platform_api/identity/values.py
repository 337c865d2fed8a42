"""The values of identity: users, what new ones are made from, their credentials."""

from dataclasses import dataclass, field
from datetime import datetime

from platform_api.foundation.ids import new_id
from platform_api.identity.addresses import EmailAddress
from servicehost.contract.scalars import Guid


@dataclass(frozen=True, slots=True)
class User:
    """A login.

    Attributes:
        contact_id: the Real Person that the user is.
        password_hash: None when nobody can sign in with a password.
    """

    id: Guid
    contact_id: Guid
    password_hash: str | None = field(repr=False)
    password_changed_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A login to make, for a contact that exists and an address that is proved."""

    contact_id: Guid
    address: EmailAddress
    password_hash: str | None = field(repr=False)
    id: Guid = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class SharedMailbox:
    """A user who proved a mailbox that another user has, under the rules for addresses of an earlier version.

    Attributes:
        sign_in_name: takes the place of the address: the address, `#` and a number. No address has a `#` after its @.
    """

    sign_in_name: str
    user_id: Guid


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """A secret of a session as its row holds it.

    Attributes:
        life_seconds: how long its successor lives.
        replaced_at: when its successor took its place.
        session_remembered: whether its session is.
        session_expires_at: until when its session lasts at least.
    """

    session_id: Guid
    life_seconds: int
    expires_at: datetime
    replaced_at: datetime | None
    session_remembered: bool
    session_expires_at: datetime


__all__ = ["NewUser", "SharedMailbox", "StoredCredential", "User"]
