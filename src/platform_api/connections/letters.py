"""Letters about requests and connections: when they are queued, and the facts that they are rendered from."""

from dataclasses import dataclass
from datetime import timedelta

from platform_api import contacts, identity, limits, mail, notices
from platform_api.connections import store
from platform_api.connections.values import Connection, ConnectionRequest
from platform_api.connections.wording import NoticeFacts, RequestFacts, render_notice, render_request
from platform_api.contacts import Actor
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_id
from platform_api.foundation.well_known import RequestStatus
from platform_api.limits import Quota
from platform_api.mail import Drop, DropReason, Letter, LetterKey, LetterKind, Withhold
from platform_api.notices import Notice, NoticeKind
from platform_api.roles import RoleBook
from servicehost.contract.scalars import Guid

REQUEST = "connection request"
"""Kind of the letters with a request, whether to a user or as an invitation."""

NOTICE = "connection notice"
"""Kind of the letters that go with a notice; their subject is the notice."""


def for_request(request: ConnectionRequest, sent_by: Guid) -> Letter:
    """The letter of the last sending of a request.

    Args:
        request: the request after that sending.
        sent_by: the contact of the person who sent it.
    """
    return Letter(
        REQUEST,
        request.id,
        request.token_version,
        request.recipient_key,
        sent_by=sent_by,
        sent_for=request.sender_id,
    )


def for_request_again(request: ConnectionRequest) -> Letter:
    """The letter that mails the last sending of a request again, for the reader of an old link.

    It has no sender whose share of the address's letters it could use.
    """
    return Letter(REQUEST, request.id, request.token_version, request.recipient_key, series=request.mailed_again_count)


REMOVAL_NOTICES = Quota("removal notices of a pair", 1, timedelta(days=1))
"""At most one removal notice a day for each pair of contacts."""


async def notify_accepted(tx: Transaction, actor: Actor, request: ConnectionRequest) -> None:
    """Notify the sender that its request was accepted."""
    await _notify(tx, NoticeKind.ACCEPTED, request.sender_id, request.connection_id, actor)


async def notify_removed(tx: Transaction, actor: Actor, connection: Connection) -> None:
    """Notify the other side that a connection was removed, at most once a day for the two contacts."""
    other = connection.receiver_id if actor.acting_for == connection.sender_id else connection.sender_id
    if await limits.spend_soft(tx, REMOVAL_NOTICES, connection.pair):
        await _notify(tx, NoticeKind.REMOVED, other, connection.id, actor)


async def notify_expired(tx: Transaction, request: ConnectionRequest) -> None:
    """Notify the sender that its request has expired."""
    await _notify(tx, NoticeKind.EXPIRED, request.sender_id, request.connection_id, None)


async def notify_connected(tx: Transaction, actor: Actor, connection: Connection, *, mailed: bool) -> None:
    """Notify the receiver of a connection in a role that needs no acceptance; with a mail if `mailed`."""
    await _notify(tx, NoticeKind.CONNECTED, connection.receiver_id, connection.id, actor, mailed=mailed)


async def _notify(
    tx: Transaction, kind: NoticeKind, contact_id: Guid, connection_id: Guid, by: Actor | None, *, mailed: bool = True
) -> None:
    """Post a notice to a contact and queue its letter, unless no user stands behind the contact.

    The notice is withheld from a contact that has blocked the actor or the contact that it acts for. The steps are the
    same, so that their duration does not tell.
    """
    address = await identity.main_address(tx, contact_id)
    if address is None:
        return
    notice = Notice(new_id(), contact_id, kind, connection_id, by.acting_for if by else None)
    withheld = by is not None and await store.is_blocked(tx, contact_id, by.acting_for, by.person)
    posted = await notices.post(tx, notice, withheld=withheld)
    if mailed and await notices.wants_mail(tx, contact_id, kind):
        person, contact = (by.person, by.acting_for) if by else (None, None)
        await mail.enqueue(tx, Letter(NOTICE, posted, 1, address.key, sent_by=person, sent_for=contact))


@dataclass(frozen=True, slots=True)
class ConnectionLetters:
    """The kinds of letters about requests and connections."""

    roles: RoleBook

    def kinds(self) -> tuple[LetterKind[RequestFacts], LetterKind[NoticeFacts]]:
        """The kinds that the mail worker sends."""
        return (
            LetterKind(REQUEST, self.load_request, render_request),
            LetterKind(NOTICE, self.load_notice, render_notice),
        )

    async def load_request(self, tx: Transaction, key: LetterKey) -> RequestFacts | Withhold[RequestFacts] | Drop:
        """The facts of a request mail. The letter is dropped unless the request is pending in this sending.

        It is withheld if the receiver ignores the request, or has blocked its sender or the person who sent it.
        """
        request = await store.get_request(tx, key.subject_id)
        if request is None or request.token_version != key.version:
            return Drop(DropReason.OBSOLETE)
        if request.status_at(tx.now) is not RequestStatus.PENDING:
            return Drop(DropReason.OBSOLETE)
        sender = await contacts.get_contact(tx, request.sender_id)
        address = await self._address(tx, request)
        if sender is None or address is None:
            return Drop(DropReason.ERASED)
        facts = RequestFacts(
            to=address,
            request_id=request.id,
            token_version=request.token_version,
            sender_name=sender.full_name,
            sender_role=self.roles.name(request.sender_role_id),
            receiver_role=self.roles.name(request.receiver_role_id),
            registered=request.shown_to is not None,
            expires_at=request.expires_at,
        )
        blocked = await store.is_blocked(tx, request.shown_to or request.receiver_id, request.sender_id, key.sent_by)
        if request.ignored_at is not None:
            return Withhold(DropReason.IGNORED, facts)
        return Withhold(DropReason.BLOCKED, facts) if blocked else facts

    async def load_notice(self, tx: Transaction, key: LetterKey) -> NoticeFacts | Withhold[NoticeFacts] | Drop:
        """The facts of the mail of a notice. The letter is withheld if its reader has blocked the author of the act."""
        notice = await notices.get_notice(tx, key.subject_id)
        connection = await store.get_connection(tx, notice.subject_id) if notice else None
        if notice is None or connection is None:
            return Drop(DropReason.OBSOLETE)
        reader = notice.contact_id or notice.withheld_from
        if reader is None:
            return Drop(DropReason.ERASED)
        reader_sent = reader == connection.sender_id
        other = await contacts.get_contact(tx, connection.receiver_id if reader_sent else connection.sender_id)
        address = await identity.main_address(tx, reader)
        if other is None or address is None:
            return Drop(DropReason.ERASED)
        role_id = connection.receiver_role_id if reader_sent else connection.sender_role_id
        facts = NoticeFacts(address.text, other.full_name, self.roles.name(role_id), notice.kind)
        blocked = notice.actor_id is not None and await store.is_blocked(tx, reader, notice.actor_id, key.sent_by)
        return Withhold(DropReason.BLOCKED, facts) if blocked or notice.withheld_from else facts

    async def _address(self, tx: Transaction, request: ConnectionRequest) -> str | None:
        """The address of a request mail: the one that the sender typed, or that of the contact that is asked."""
        if request.address_key is not None:
            invited = await contacts.get_contact(tx, request.original_receiver_id)
            if invited is not None and invited.address_key == request.address_key:
                return invited.email
            return await _as_verified(tx, request)
        address = await identity.main_address(tx, request.receiver_id)
        return address.text if address else None


async def _as_verified(tx: Transaction, request: ConnectionRequest) -> str | None:
    """The address of an invitation as its owner typed it. A merge has wiped the spelling of the sender."""
    known = await identity.verified_addresses(tx, request.shown_to) if request.shown_to else []
    return next((address.text for address in known if address.key == request.address_key), None)


__all__ = [
    "NOTICE",
    "REQUEST",
    "ConnectionLetters",
    "for_request",
    "for_request_again",
    "notify_accepted",
    "notify_connected",
    "notify_expired",
    "notify_removed",
]
