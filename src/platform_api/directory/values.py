"""Values of lists: the requests that are listed, and the rows that are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from platform_api.contacts.visibility import ContactFacts, Relation
from servicehost.contract.scalars import Guid


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """The requests to be listed.

    Attributes:
        types: codes of contact types of the other contact; empty for all.
        include_ignored: whether requests with the receiver's private mark are listed.
    """

    types: Sequence[str]
    include_ignored: bool


# Structs, since a list makes many of them: a named tuple takes three times as long.


class ReceivedRequest(msgspec.Struct, frozen=True, gc=False):
    """A row of the list of received requests.

    Attributes:
        relation: the relation of the contact that asks to the other one.
        other: the other contact, here the sender.
    """

    id: Guid
    connection_id: Guid
    sender_role_id: Guid
    receiver_role_id: Guid
    sent_at: datetime
    relation: Relation
    other: ContactFacts


class SentRequest(msgspec.Struct, frozen=True, gc=False):
    """A row of the list of sent requests; the other contact is the receiver."""

    id: Guid
    connection_id: Guid
    sender_role_id: Guid
    receiver_role_id: Guid
    sent_at: datetime
    expires_at: datetime
    relation: Relation
    other: ContactFacts


class ListedConnection(msgspec.Struct, frozen=True, gc=False):
    """A row of the list of connections. `sent_at` is that of the request, if there is one."""

    id: Guid
    request_id: Guid | None
    sender_id: Guid
    sender_role_id: Guid
    receiver_role_id: Guid
    status: str
    created_at: datetime
    active_at: datetime | None
    sent_at: datetime | None
    relation: Relation
    other: ContactFacts


class SeenContact(msgspec.Struct, frozen=True, gc=False):
    """A contact, and the relation of the contact that asks to it."""

    relation: Relation
    contact: ContactFacts


__all__ = [
    "ListedConnection",
    "ReceivedRequest",
    "RequestFilter",
    "SeenContact",
    "SentRequest",
]
