"""Values of identity: addresses, users, credentials of sessions, counters of failed sign-ins."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from platform_api.foundation.ids import new_id
from platform_api.foundation.waiting import NO_WAIT, wait_after
from servicehost.contract.scalars import Guid

OPERATOR = "Operator"
"""Installation-wide role of the people who run the installation; it gives no right on members' connections."""

SESSIONS_CHANGED = "sessions"
"""Topic notified when a session has ended or a password was changed."""

_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address.

    Attributes:
        text: the address as typed, without surrounding blanks; `mailboxes.mailbox` derives its form in SMTP.
        key: equal for all writings of one mailbox.
    """

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class User:
    """A login.

    Attributes:
        contact_id: the user's own contact, a Real Person.
        password_hash: None if the user cannot sign in with a password.
    """

    id: Guid
    contact_id: Guid
    password_hash: str | None = field(repr=False)
    password_changed_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A login to create, for an existing contact and a verified address."""

    contact_id: Guid
    address: EmailAddress
    password_hash: str | None = field(repr=False)
    id: Guid = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class SharedMailbox:
    """A user who proved a mailbox that another user has, under the address rules of an earlier version.

    Attributes:
        sign_in_name: replaces the address: the address, `#` and a number. No address has a `#` after its @.
    """

    sign_in_name: str
    user_id: Guid


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """A stored credential of a session.

    Attributes:
        life_seconds: lifetime of its successor.
        replaced_at: when its successor replaced it; None if it has none.
        session_remembered: whether browsers keep the session when they are closed.
        session_expires_at: when the session expires unless it is prolonged.
    """

    session_id: Guid
    life_seconds: int
    expires_at: datetime
    replaced_at: datetime | None
    session_remembered: bool
    session_expires_at: datetime


@dataclass(frozen=True, slots=True)
class PausePolicy:
    """The pauses that failed sign-ins bring.

    Attributes:
        free: number of failures without a pause.
        first_pause: pause after the next failure; each further failure doubles it.
        longest_pause: greatest pause.
        memory: time without a failure after which all failures are forgotten.
    """

    free: int
    first_pause: timedelta
    longest_pause: timedelta
    memory: timedelta = timedelta(hours=1)

    def pause(self, failures: int) -> timedelta:
        """The pause after a number of failures."""
        if failures < self.free:
            return timedelta(0)
        return min(self.first_pause * (1 << min(failures - self.free, _MOST_DOUBLINGS)), self.longest_pause)


@dataclass(frozen=True, slots=True)
class SignInPauses:
    """The policies of all counters of failed sign-ins.

    Attributes:
        of_client_and_address: for one client that tries one address.
        of_address: for one address, over all clients that are unknown to it.
        of_client: for one client, over all addresses that it is unknown to.
        known_for: how long a client is known to an address after it signed in there.
    """

    of_client_and_address: PausePolicy = PausePolicy(5, timedelta(seconds=15), timedelta(minutes=15))
    of_address: PausePolicy = PausePolicy(50, timedelta(seconds=30), timedelta(seconds=30))
    of_client: PausePolicy = PausePolicy(200, timedelta(seconds=10), timedelta(seconds=10))
    known_for: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class FailureCounter:
    """The failed sign-ins of a subject and a client.

    Attributes:
        subject: hash of the address, or empty for all addresses.
        client: network of the client, or empty for all clients.
        failed_at: time of the latest attempt that was counted.
        succeeded_at: when the client last signed in as the subject; None if it never did.
    """

    subject: str
    client: str
    failures: int
    failed_at: datetime
    succeeded_at: datetime | None = None

    def is_known(self, pauses: SignInPauses, now: datetime) -> bool:
        """Whether the client is known to the address: it signed in there not long ago."""
        return self.succeeded_at is not None and wait_after(self.succeeded_at, pauses.known_for, now) > NO_WAIT


__all__ = [
    "OPERATOR",
    "SESSIONS_CHANGED",
    "EmailAddress",
    "FailureCounter",
    "NewUser",
    "PausePolicy",
    "SharedMailbox",
    "SignInPauses",
    "StoredCredential",
    "User",
]
