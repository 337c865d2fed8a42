"""The operations of the life cycle, and what other capabilities ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from platform_api.connections import merging, showing, store
from platform_api.connections.answering import Answering
from platform_api.connections.blocking import Blocking
from platform_api.connections.messages import (
    AcceptConnectionRequest,
    BlockContact,
    CancelConnection,
    CancelConnectionRequest,
    ConnectContactsInRoles,
    ConnectionRequestResend,
    ConnectionRequestStatusUpdate,
    ConnectionStatusUpdate,
    DeclineConnectionRequest,
    IgnoreConnectionRequest,
    InviteContact,
    PublicConnectionRequestStatusUpdate,
    RemoveConnection,
    UnblockContact,
)
from platform_api.connections.sending import Sending
from platform_api.connections.tokens import Invitations, Link
from platform_api.database.transaction import Transaction
from servicehost.contract.call import Handler
from servicehost.contract.messages import Request
from servicehost.contract.scalars import Guid

MOST_TRIED = 200
"""With how many requests a token is compared: strangers can send any number of them, and registering must stay cheap."""


@dataclass(frozen=True, slots=True)
class ConnectionsService:
    """The life cycle of connections."""

    sending: Sending
    answering: Answering
    blocking: Blocking

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """Its operations."""
        return {
            ConnectContactsInRoles: self.sending.connect,
            InviteContact: self.sending.invite,
            ConnectionRequestResend: self.sending.resend,
            ConnectionRequestStatusUpdate: self.answering.update_request,
            PublicConnectionRequestStatusUpdate: self.answering.accept_publicly,
            ConnectionStatusUpdate: self.answering.update_connection,
            AcceptConnectionRequest: self.answering.accept,
            DeclineConnectionRequest: self.answering.decline,
            IgnoreConnectionRequest: self.answering.ignore,
            CancelConnectionRequest: self.answering.cancel_request,
            CancelConnection: self.answering.cancel,
            RemoveConnection: self.answering.remove,
            BlockContact: self.blocking.block,
            UnblockContact: self.blocking.unblock,
        }


@dataclass(frozen=True, slots=True)
class InvitationProof:
    """What the token of an invitation proves: that its bearer reads the mailbox of `address_key`."""

    request_id: Guid
    address_key: str


async def prove_mailbox(
    tx: Transaction, invitations: Invitations, token: str, address_key: str
) -> InvitationProof | None:
    """Proof of an address by a token: the token is the current one of a pending request to that address; else None.

    Of an address with more than `MOST_TRIED` of them some are not tried; its mailbox is then proved by a link.
    """
    for request in await store.pending_requests_to_address(tx, address_key, MOST_TRIED):
        if invitations.recognise(request, token) is Link.CURRENT and tx.now < request.expires_at:
            return InvitationProof(request.id, address_key)
    return None


async def address_verified(tx: Transaction, contact_id: Guid, address_key: str) -> None:
    """Show a contact the requests that went to an address which it has now verified.

    It takes over the virtual contacts that this address has accepted for (from the mail, without an account), as far
    as `merging.become` says.
    """
    await showing.show(tx, contact_id, address_key)
    for virtual in await store.virtual_contacts_accepted_for(tx, address_key):
        await merging.become(tx, virtual, contact_id)


__all__ = ["MOST_TRIED", "ConnectionsService", "InvitationProof", "address_verified", "prove_mailbox"]
