"""The values of mail: letters as they are queued and stored, their outcomes, and their delivery as senders see it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from platform_api.work.values import WorkItem
from servicehost.contract.scalars import Guid

Facts_co = TypeVar("Facts_co", covariant=True)


class LetterState(enum.StrEnum):
    """State of a letter. `delivery_of` shows less: see `DeliveryState`."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SUPPRESSED = "suppressed"
    DROPPED = "dropped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"


class DeliveryState(enum.StrEnum):
    """State of a letter as its sender may know it."""

    QUEUED = "queued"
    SENT = "sent"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """The delivery of a subject's latest letter, as its sender sees it.

    Attributes:
        state: the state.
        since: the time since which it has been in this state.
    """

    state: DeliveryState
    since: datetime


class Letter(msgspec.Struct, frozen=True, gc=False):
    """A letter to be queued. It holds ids: the facts are read when it is sent. A struct, because every resend makes one.

    Attributes:
        kind: name of the `LetterKind` that loads and renders it.
        subject_id: id of its subject.
        version: of the subject; a later version is another letter.
        recipient_key: key of the address that it goes to.
        due_at: the time before which it is not sent; None for now.
        series: distinguishes letters that send the same version again on purpose.
        sent_by: the person who has it sent, whose share of the address's day it uses; None for a letter of the platform.
        sent_for: the contact that the person acts for.
    """

    kind: str
    subject_id: Guid
    version: int
    recipient_key: str
    due_at: datetime | None = None
    series: int = 0
    sent_by: Guid | None = None
    sent_for: Guid | None = None


@dataclass(frozen=True, slots=True)
class LetterKey:
    """Key by which a letter kind loads the facts of a letter.

    Attributes:
        sent_by: the person who had it sent; its reader may have blocked that person since.
    """

    subject_id: Guid
    version: int
    series: int = 0
    sent_by: Guid | None = None


class DropReason(enum.StrEnum):
    """Reason why a letter is not sent."""

    OBSOLETE = "obsolete"
    ERASED = "erased"
    UNWANTED = "unwanted"
    BLOCKED = "blocked"
    IGNORED = "ignored"
    UNREGISTERED = "unregistered"
    RESTORED = "restored"

    @property
    def is_secret(self) -> bool:
        """Whether the sender must not learn of it: the letter appears as sent."""
        return self not in (DropReason.OBSOLETE, DropReason.ERASED, DropReason.RESTORED)


@dataclass(frozen=True, slots=True)
class Drop:
    """A letter that is not to be sent; its sender may know it."""

    reason: DropReason = DropReason.OBSOLETE

    def __post_init__(self) -> None:
        if self.reason.is_secret:
            raise ValueError(f"a letter that is {self.reason} must look as if it were sent: return Withhold")


@dataclass(frozen=True, slots=True)
class Withhold(Generic[Facts_co]):
    """A letter that must not be sent, for a reason that its sender must not learn.

    It is claimed, rendered, encoded, waited for and recorded as a sent letter is; only the sending itself is left out.
    So loading must run the same statements as for a letter that is sent, and give facts of the same shape and size.

    Attributes:
        reason: the reason, which `is_secret`.
        facts: the facts of the letter. For an address without an account they are stand-ins: the address as it was
            typed, and ids and numbers like those of a real letter.
    """

    reason: DropReason
    facts: Facts_co

    def __post_init__(self) -> None:
        if not self.reason.is_secret:
            raise ValueError(f"a letter that is {self.reason} need not look as if it were sent: return Drop")


@dataclass(frozen=True, slots=True)
class Wait:
    """A letter that is not to be sent before `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class StoredLetter(WorkItem):
    """A letter as its row holds it: an item of the work queue.

    Its `owner` is the person who had it sent or, for a letter of the platform, the subject.

    Attributes:
        recipient_key: None once the address was removed.
        message_id: the same on each attempt, as is `dated`.
        reason: why it is in its state: a class of errors or a `DropReason`; never the words of a mail server.
        settled_at: when its outcome was reached, as its sender may see it.
        sent_by: the person who had it sent; None for a letter of the platform.
        sent_for: the contact that the person acted for.
    """

    kind: str
    subject_id: Guid
    version: int
    series: int
    recipient_key: str | None
    state: LetterState
    message_id: str | None
    dated: datetime | None
    reason: str | None
    created_at: datetime
    settled_at: datetime | None
    sent_by: Guid | None = None
    sent_for: Guid | None = None

    @property
    def key(self) -> LetterKey:
        """The key by which its kind loads it."""
        return LetterKey(self.subject_id, self.version, self.series, self.sent_by)


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """Summary of a mail in the list of the built-in mailbox."""

    id: Guid
    recipient: str
    subject: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A mail in the built-in mailbox, as its row holds it."""

    id: Guid
    message_id: str
    recipient_key: str
    recipient: str
    sender: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    dated: datetime
    stored_at: datetime


class Result(enum.StrEnum):
    """Result of one attempt to send a letter."""

    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one attempt.

    Attributes:
        result: the result.
        reason: a class of errors, such as `recipient 550 5.1.1`, without names or addresses.
        suppress: whether the address does not exist, so that nothing is sent to it any more.
        interrupted: whether the connection broke before the server accepted anything, so that a new one may be tried.
        fault: whether the program failed on this letter; the same reason twice in a row is final.
    """

    result: Result
    reason: str | None = None
    suppress: bool = False
    interrupted: bool = False
    fault: bool = False


__all__ = [
    "DeliveryState",
    "DeliveryView",
    "Drop",
    "DropReason",
    "Letter",
    "LetterKey",
    "LetterState",
    "Outcome",
    "Result",
    "StoredLetter",
    "StoredMessage",
    "Wait",
    "Withhold",
]
