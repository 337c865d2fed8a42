"""The operations of requests and connections, and the functions that other packages call."""

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
from platform_api.connections.tokens import InvitationTokens, LinkVersion
from platform_api.database.transaction import Transaction
from servicehost.contract.call import Handler
from servicehost.contract.messages import Request
from servicehost.contract.scalars import Guid

MOST_TRIED = 200
"""The most requests that a token is compared with. Anyone can send any number of them, and registering must stay cheap."""


@dataclass(frozen=True, slots=True)
class ConnectionsService:
    """The operations of requests and connections."""

    sending: Sending
    answering: Answering
    blocking: Blocking

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The handler of each operation."""
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
    """Proof by the token of an invitation that its bearer reads the mailbox of `address_key`."""

    request_id: Guid
    address_key: str


async def prove_mailbox(
    tx: Transaction, invitations: InvitationTokens, token: str, address_key: str
) -> InvitationProof | None:
    """Proof of an address by the current token of a pending request to that address; None for another token.

    If the address has more than `MOST_TRIED` pending requests, some are not tried; a mailed link then proves it.
    """
    for request in await store.pending_requests_to_address(tx, address_key, MOST_TRIED):
        if invitations.recognise(request, token) is LinkVersion.CURRENT and tx.now < request.expires_at:
            return InvitationProof(request.id, address_key)
    return None


async def address_verified(tx: Transaction, contact_id: Guid, address_key: str) -> None:
    """Show a contact the requests to an address that it has just verified.

    The contact also takes the place of each virtual contact for which this mailbox has accepted, without an account,
    from the link in a mail; see `merging.merge`.
    """
    await showing.show(tx, contact_id, address_key)
    for virtual in await store.virtual_contacts_accepted_for(tx, address_key):
        await merging.merge(tx, virtual, contact_id)


__all__ = ["MOST_TRIED", "ConnectionsService", "InvitationProof", "address_verified", "prove_mailbox"]
