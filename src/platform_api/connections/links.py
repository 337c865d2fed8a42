"""What is behind the link of a request mail: a look that changes nothing, and the one thing that an old link can do."""

import enum
from dataclasses import dataclass

from platform_api import contacts, mail
from platform_api.connections import letters, lifecycle, rules, store
from platform_api.connections.errors import RequestNotFound
from platform_api.connections.tokens import Invitations, Link
from platform_api.connections.values import ConnectionRequest, Terms
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.well_known import RequestStatus
from platform_api.roles import RoleBook
from servicehost.contract.scalars import Guid


class Sight(enum.Enum):
    """What the reader of a genuine link gets to see."""

    OPEN = "it can be answered"
    REPLACED = "a newer link was mailed"
    ACCEPTED = "it was accepted"
    EXPIRED = "its time has passed"
    CLOSED = "it was declined, withdrawn or ended"


@dataclass(frozen=True, slots=True)
class Look:
    """A request as its mail's reader sees it; nothing of it says who else is registered."""

    sight: Sight
    request_id: Guid
    sender_name: str
    sender_role: str
    receiver_role: str


_SIGHTS = {
    RequestStatus.PENDING: Sight.OPEN,
    RequestStatus.ACCEPTED: Sight.ACCEPTED,
    RequestStatus.EXPIRED: Sight.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Links:
    """The links of request mails."""

    database: Database
    roles: RoleBook
    terms: Terms
    invitations: Invitations

    async def look(self, request_id: Guid, token: str | None) -> Look:
        """What is behind a link.

        Raises:
            RequestNotFound: the token is not genuine.
        """

        async def unit(tx: Transaction) -> Look:
            request, link = await self._genuine(tx, request_id, token)
            sight = _SIGHTS.get(request.status_at(tx.now), Sight.CLOSED)
            if sight is Sight.OPEN and link is Link.OLD:
                sight = Sight.REPLACED
            sender = await contacts.get_contact(tx, request.sender_id)
            return Look(
                sight=sight,
                request_id=request.id,
                sender_name=sender.full_name if sender else "",
                sender_role=self.roles.name(request.sender_role_id),
                receiver_role=self.roles.name(request.receiver_role_id),
            )

        return await self.database.read(unit)

    async def mail_again(self, request_id: Guid, token: str | None) -> None:
        """Mail the current link again, to the address that it went to: the way out for who opened an old one.

        The limits of a resend hold, so that a link cannot be used to flood a mailbox. The sender sees nothing of it.

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

    async def _genuine(self, tx: Transaction, request_id: Guid, token: str | None) -> tuple[ConnectionRequest, Link]:
        request = await store.get_request(tx, request_id)
        link = self.invitations.recognise(request, token) if request and token else None
        if request is None or link is None:
            raise RequestNotFound
        return request, link


__all__ = ["Links", "Look", "Sight"]
