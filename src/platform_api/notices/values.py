"""The values of notices."""

import enum
from dataclasses import dataclass
from datetime import datetime

from servicehost.contract.scalars import Guid


class NoticeKind(enum.StrEnum):
    """What a contact is told; the code that rows keep."""

    REQUESTED = "requested"
    CONNECTED = "connected"
    ACCEPTED = "accepted"
    REMOVED = "removed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a contact is to be told.

    Attributes:
        id: the notice; a letter about it has it as its subject.
        contact_id: who is told.
        kind: what happened.
        subject_id: what it happened to.
        actor_id: the contact that did it; None for the clock, or for one that was erased.
    """

    id: Guid
    contact_id: Guid
    kind: NoticeKind
    subject_id: Guid
    actor_id: Guid | None = None


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """A notice as its row holds it.

    Attributes:
        contact_id: who is told; None for a notice that is withheld.
        withheld_from: who is not told, having blocked the actor; None for any other notice.
        posted_at: when the first of the events that it stands for happened; `subject_id` is that of the last.
        read_at: when it was read; None for an unread one.
    """

    id: Guid
    contact_id: Guid | None
    withheld_from: Guid | None
    kind: NoticeKind
    subject_id: Guid
    actor_id: Guid | None
    posted_at: datetime
    read_at: datetime | None


__all__ = ["Notice", "NoticeKind", "PostedNotice"]
