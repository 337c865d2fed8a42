"""Values of notices."""

import enum
from dataclasses import dataclass
from datetime import datetime

from servicehost.contract.scalars import Guid


class NoticeKind(enum.StrEnum):
    """Kinds of notice. The values are stored: never rename one."""

    REQUESTED = "requested"
    CONNECTED = "connected"
    ACCEPTED = "accepted"
    REMOVED = "removed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to post.

    Attributes:
        id: id of the notice, and subject of the letter about it.
        contact_id: the receiver.
        kind: the event.
        subject_id: the request or connection that the event is about.
        actor_id: the contact that acted; None for periodic work.
    """

    id: Guid
    contact_id: Guid
    kind: NoticeKind
    subject_id: Guid
    actor_id: Guid | None = None


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """A stored notice.

    Attributes:
        contact_id: the receiver; None for a withheld notice.
        withheld_from: the receiver who has blocked the actor; None unless the notice is withheld.
        subject_id: subject of the last of the events that it stands for.
        actor_id: the contact that acted; None for periodic work, or after the actor was erased.
        posted_at: time of the first of these events.
        read_at: when the receiver read it; None while unread.
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
