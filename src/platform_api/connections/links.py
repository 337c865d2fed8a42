"""The links of request mails: a preview that changes nothing, and a new mail for the reader of an old link."""

import enum
from dataclasses import dataclass

from platform_api import contacts, mail
from platform_api.connections import letters, lifecycle, rules, store
from platform_api.connections.errors import RequestNotFound
from platform_api.connections.settings import Terms
from platform_api.connections.tokens import InvitationTokens, LinkVersion
from platform_api.connections.values import ConnectionRequest
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.well_known import RequestStatus
from platform_api.roles import RoleBook
from servicehost.contract.scalars import Guid


class LinkState(enum.Enum):
    """The state of a request, as far as the reader of its mail needs to know it."""

    OPEN = "the request can be answered"
    REPLACED = "a newer link was mailed"
    ACCEPTED = "the request was accepted"
    EXPIRED = "the request has expired"
    CLOSED = "the request was declined, cancelled or ended"


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """A request as the reader of its mail sees it; nothing in it tells who is registered."""

    state: LinkState
    request_id: Guid
    sender_name: str
    sender_role: str
    receiver_role: str


_STATES = {
    RequestStatus.PENDING: LinkState.OPEN,
    RequestStatus.ACCEPTED: LinkState.ACCEPTED,
    RequestStatus.EXPIRED: LinkState.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Links:
    """The requests behind the links of mails."""

    database: Database
    roles: RoleBook
    terms: Terms
    invitations: InvitationTokens

    async def preview(self, request_id: Guid, token: str | None) -> RequestPreview:
        """The request behind a link.

        Raises:
            RequestNotFound: the token is not genuine.
        """

        async def unit(tx: Transaction) -> RequestPreview:
            request, version = await self._genuine(tx, request_id, token)
            state = _STATES.get(request.status_at(tx.now), LinkState.CLOSED)
            if state is LinkState.OPEN and version is LinkVersion.OLD:
                state = LinkState.REPLACED
            sender = await contacts.get_contact(tx, request.sender_id)
            return RequestPreview(
                state=state,
                request_id=request.id,
                sender_name=sender.full_name if sender else "",
                sender_role=self.roles.name(request.sender_role_id),
                receiver_role=self.roles.name(request.receiver_role_id),
            )

        return await self.database.read(unit)

    async def mail_again(self, request_id: Guid, token: str | None) -> None:
        """Mail the current link again to the address of the request, for the reader of an old link.

        The limits of a resend hold, so that a link cannot be used to flood a mailbox. The sender does not see it.

        Raises:
            RequestNotFound: the token is not genuine.
            ResentTooSoon, ResentTooOften: the limits of a resend.
            Conflict, Gone: the request is no longer pending.
        """

        async def unit(tx: Transaction) -> None:
            request, _ = await self._genuine(tx, request_id, token)
            again = rules.mail_again(request, tx.now, self.terms)
            await lifecycle.write_mailed_again(tx, request, again)
            await mail.enqueue(tx, letters.for_request_again(again))

        await lifecycle.run(self.database, unit)

    async def _genuine(
        self, tx: Transaction, request_id: Guid, token: str | None
    ) -> tuple[ConnectionRequest, LinkVersion]:
        request = await store.get_request(tx, request_id)
        version = self.invitations.recognise(request, token) if request and token else None
        if request is None or version is None:
            raise RequestNotFound
        return request, version


__all__ = ["LinkState", "Links", "RequestPreview"]
