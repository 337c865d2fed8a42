"""Connections: requests, invitations and connections, from the first sending to the end.

Functions work in the caller's transaction. Call them through the package: `connections.merge(tx, virtual, person)`.
"""

from platform_api.connections.answering import Answering
from platform_api.connections.counter_rules import (
    EXPIRED_SENT,
    IGNORED,
    LISTED,
    PENDING_SENT,
    RECEIVED,
    REMOVED,
    of_type,
    removed_with,
)
from platform_api.connections.errors import (
    ActionRequired,
    AlreadyAccepted,
    AlreadyCancelled,
    AlreadyConnected,
    AlreadyDeclined,
    AlreadyRemoved,
    ConnectionNotFound,
    NewerRequest,
    RequestExpired,
    RequestNotFound,
    ResentTooOften,
    ResentTooSoon,
    TokenRequired,
    TooManyPending,
    Voided,
)
from platform_api.connections.links import Links, LinkState, RequestPreview
from platform_api.connections.merging import erase, merge
from platform_api.connections.messages import (
    AcceptConnectionRequest,
    ConnectContactsInRoles,
    InviteContact,
    PublicConnectionRequestStatusUpdate,
)
from platform_api.connections.relations import relation_to
from platform_api.connections.sending import Sending, SendingQuotas
from platform_api.connections.services import ConnectionsService, InvitationProof, address_verified, prove_mailbox
from platform_api.connections.settings import Terms
from platform_api.connections.tokens import InvitationTokens
from platform_api.connections.values import Act, Connection, ConnectionRequest, End, key_of, pair_of
from platform_api.connections.wording import outcome_sentence, request_sentence

__all__ = [
    "EXPIRED_SENT",
    "IGNORED",
    "LISTED",
    "PENDING_SENT",
    "RECEIVED",
    "REMOVED",
    "AcceptConnectionRequest",
    "Act",
    "ActionRequired",
    "AlreadyAccepted",
    "AlreadyCancelled",
    "AlreadyConnected",
    "AlreadyDeclined",
    "AlreadyRemoved",
    "Answering",
    "ConnectContactsInRoles",
    "Connection",
    "ConnectionNotFound",
    "ConnectionRequest",
    "ConnectionsService",
    "End",
    "InvitationProof",
    "InvitationTokens",
    "InviteContact",
    "LinkState",
    "Links",
    "NewerRequest",
    "PublicConnectionRequestStatusUpdate",
    "RequestExpired",
    "RequestNotFound",
    "RequestPreview",
    "ResentTooOften",
    "ResentTooSoon",
    "Sending",
    "SendingQuotas",
    "Terms",
    "TokenRequired",
    "TooManyPending",
    "Voided",
    "address_verified",
    "erase",
    "key_of",
    "merge",
    "of_type",
    "outcome_sentence",
    "pair_of",
    "prove_mailbox",
    "relation_to",
    "removed_with",
    "request_sentence",
]
