"""The values of connections: a request, a connection, and the acts on them.

Requests and connections are structs, since each act makes a new one with many members.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

import msgspec

from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.scalars import Guid


class Act(enum.StrEnum):
    """An act on a request or a connection, by the code that the journal stores."""

    SEND = "send"
    CONNECT = "connect"
    RESEND = "resend"
    MAIL_AGAIN = "mail again"
    ACCEPT = "accept"
    ACCEPT_BY_MAIL = "accept by mail"
    DECLINE = "decline"
    IGNORE = "ignore"
    CANCEL = "cancel"
    REMOVE = "remove"
    EXPIRE = "expire"
    VOID = "void"
    MERGE = "merge"
    SHOW = "show"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class End:
    """One end of a connection: a contact in a role."""

    contact_id: Guid
    role_id: Guid


def key_of(one: End, other: End) -> str:
    """The key of the connection between two ends, in either order."""
    return "+".join(sorted((f"{one.contact_id}:{one.role_id}", f"{other.contact_id}:{other.role_id}")))


def pair_of(one: Guid, other: Guid) -> str:
    """The key of two contacts, in either order and whatever their roles."""
    return "+".join(sorted((one, other)))


class TwoEnds(msgspec.Struct, frozen=True):
    """A connection, or the request for one: the end that asks for it or makes it, and the other end.

    Attributes:
        original_receiver_id: the receiver at the beginning; a merge may put another contact in its place.
    """

    id: Guid
    sender_id: Guid
    sender_role_id: Guid
    receiver_id: Guid
    receiver_role_id: Guid
    original_receiver_id: Guid

    @property
    def sender(self) -> End:
        """The end that asks for the connection, or makes it."""
        return End(self.sender_id, self.sender_role_id)

    @property
    def receiver(self) -> End:
        """The other end."""
        return End(self.receiver_id, self.receiver_role_id)

    @property
    def key(self) -> str:
        """The key of the two ends."""
        return key_of(self.sender, self.receiver)

    @property
    def pair(self) -> str:
        """The key of the two contacts, whatever their roles."""
        return pair_of(self.sender_id, self.receiver_id)


class ConnectionRequest(TwoEnds, frozen=True):
    """The handshake of a connection, as its row holds it.

    Attributes:
        connection_id: the connection that it is for.
        shown_to: the contact that sees it as received: the receiver, or the contact that has verified the address of
            an invitation; None if no contact has.
        address_key: key of the address that it was sent to; None for a request between known contacts.
        recipient_key: key of the address that its letters count against.
        sent_by: contact of the person who sent it first.
        version: number of the last change, which guards the next one.
        token_version: number of the last sending; the links of earlier sendings are not valid any more.
        sent_at: time of the last sending.
        resent_count: number of resends by its sender.
        mailed_again_at: time at which the reader of an old link last had the current one mailed again, unknown to the
            sender.
        mailed_again_count: number of these mails.
        ignored_at: the private mark of the receiver.
        decided_at: time at which it stopped being pending.
        decided_by: contact of the person who decided.
        accepted_key: key of the address whose mailbox accepted it; None before that, and for a request between known
            contacts that was accepted after a sign-in.
        superseded: whether a later request with the same key replaced it, so that it cannot be sent again.
        sender_type: code of the sender's contact type, which lists filter by.
        receiver_type: code of the receiver's contact type.
    """

    connection_id: Guid
    shown_to: Guid | None
    address_key: str | None
    recipient_key: str
    sent_by: Guid
    status: RequestStatus
    version: int
    token_version: int
    created_at: datetime
    sent_at: datetime
    resent_count: int
    mailed_again_at: datetime | None
    mailed_again_count: int
    expires_at: datetime
    ignored_at: datetime | None
    decided_at: datetime | None
    decided_by: Guid | None
    accepted_key: str | None
    superseded: bool
    sender_type: str
    receiver_type: str

    def status_at(self, now: datetime) -> RequestStatus:
        """The status at a moment: a pending request past its expiry has expired, even before that is written."""
        if self.status is RequestStatus.PENDING and now >= self.expires_at:
            return RequestStatus.EXPIRED
        return self.status


class Connection(TwoEnds, frozen=True):
    """One relationship between two contacts with a role on each end, as its row holds it."""

    request_id: Guid | None
    status: ConnectionStatus
    version: int
    created_at: datetime
    active_at: datetime | None
    ended_at: datetime | None
    ended_by: Guid | None


__all__ = ["Act", "Connection", "ConnectionRequest", "End", "TwoEnds", "key_of", "pair_of"]
