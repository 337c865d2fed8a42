"""Accepting, declining, ignoring and cancelling requests, and cancelling and removing connections."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec.structs import replace

from platform_api import contacts, mail
from platform_api.connections import letters, lifecycle, merging, rules, store
from platform_api.connections.errors import (
    ActionRequired,
    AlreadyRemoved,
    ConnectionNotFound,
    RequestNotFound,
    TokenRequired,
    closed,
)
from platform_api.connections.messages import (
    AcceptConnectionRequest,
    CancelConnection,
    CancelConnectionRequest,
    ConnectionRequestStatusUpdate,
    ConnectionRequestStatusUpdateResponse,
    ConnectionStatusUpdate,
    ConnectionStatusUpdateResponse,
    DeclineConnectionRequest,
    IgnoreConnectionRequest,
    PublicConnectionRequestStatusUpdate,
    RemoveConnection,
)
from platform_api.connections.sending import check_contact
from platform_api.connections.settings import Terms
from platform_api.connections.tokens import InvitationTokens, LinkVersion
from platform_api.connections.values import Act, Connection, ConnectionRequest
from platform_api.contacts import Actor, Scope, WrongValue
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.well_known import CONTACT_TYPES_BY_ID, ConnectionStatus, RequestStatus
from platform_api.roles import RoleBook
from servicehost.contract.call import Call
from servicehost.contract.scalars import Guid

REQUEST_ACTIONS = ("accept", "ignore", "decline", "cancel")
CONNECTION_ACTIONS = ("cancel", "remove")

RequestStep = Callable[[Transaction, Actor, ConnectionRequest], Awaitable[None]]
RequestCheck = Callable[[ConnectionRequest, Actor], None]


def _no_check(_request: object, _actor: object) -> None:
    """Accept everything: an operation of a single act names nothing but the request."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The operations that answer a request or end a connection."""

    database: Database
    roles: RoleBook
    terms: Terms
    invitations: InvitationTokens

    async def update_request(
        self, message: ConnectionRequestStatusUpdate, call: Call
    ) -> ConnectionRequestStatusUpdateResponse:
        """Accept, ignore, decline or cancel a request, as the route or `Action` says."""

        def check(request: ConnectionRequest, actor: Actor) -> None:
            check_contact(request, message.contact_id, actor)
            if message.role_id not in (request.sender_role_id, request.receiver_role_id):
                raise WrongValue("RoleId", "RoleId names neither of the two roles of this request.")

        action = (message.action or "").lower()
        if action not in REQUEST_ACTIONS:
            raise ActionRequired(REQUEST_ACTIONS)
        return await self._answer(action, message.connection_request_id, call, check)

    async def accept(self, message: AcceptConnectionRequest, call: Call) -> ConnectionRequestStatusUpdateResponse:
        """Accept a request."""
        return await self._answer("accept", message.connection_request_id, call, _no_check)

    async def decline(self, message: DeclineConnectionRequest, call: Call) -> ConnectionRequestStatusUpdateResponse:
        """Decline a request."""
        return await self._answer("decline", message.connection_request_id, call, _no_check)

    async def ignore(self, message: IgnoreConnectionRequest, call: Call) -> ConnectionRequestStatusUpdateResponse:
        """Ignore a request."""
        return await self._answer("ignore", message.connection_request_id, call, _no_check)

    async def cancel_request(
        self, message: CancelConnectionRequest, call: Call
    ) -> ConnectionRequestStatusUpdateResponse:
        """Cancel a request."""
        return await self._answer("cancel", message.connection_request_id, call, _no_check)

    async def update_connection(self, message: ConnectionStatusUpdate, call: Call) -> ConnectionStatusUpdateResponse:
        """Cancel or remove a connection, as the route or `Action` says; without both, its state decides."""
        action = (message.action or "").lower()
        if message.action is not None and action not in CONNECTION_ACTIONS:
            raise ActionRequired(CONNECTION_ACTIONS)
        return await self._end(action, message.connection_id, call, message)

    async def cancel(self, message: CancelConnection, call: Call) -> ConnectionStatusUpdateResponse:
        """Cancel a pending connection."""
        return await self._end("cancel", message.connection_id, call, None)

    async def remove(self, message: RemoveConnection, call: Call) -> ConnectionStatusUpdateResponse:
        """Remove an active connection."""
        return await self._end("remove", message.connection_id, call, None)

    async def accept_publicly(
        self, message: PublicConnectionRequestStatusUpdate, _call: Call
    ) -> ConnectionRequestStatusUpdateResponse:
        """Accept by the token of the mail, without a sign-in. The token proves the mailbox for this request only.

        A declined request is not accepted in this way: the person who declined it may do so after a sign-in.

        Raises:
            TokenRequired: there is no token. The id alone proves nothing, since the sender knows it.
            RequestNotFound: the token is not genuine, or belongs to an earlier sending.
        """
        if not message.token:
            raise TokenRequired
        token = message.token

        async def unit(tx: Transaction) -> None:
            request = await store.get_request(tx, message.connection_request_id)
            if request is None or self.invitations.recognise(request, token) is not LinkVersion.CURRENT:
                raise RequestNotFound
            if request.status is RequestStatus.DECLINED:
                raise closed(request.status)
            person = request.shown_to or request.receiver_id
            await self._accept(tx, Actor(person, person), request, by_mail=True)

        await lifecycle.run(self.database, unit)
        return ConnectionRequestStatusUpdateResponse()

    async def _answer(
        self, action: str, request_id: Guid, call: Call, check: RequestCheck
    ) -> ConnectionRequestStatusUpdateResponse:
        async def unit(tx: Transaction) -> None:
            request = await store.get_request(tx, request_id)
            if request is None:
                raise RequestNotFound
            side, scope = _side(request, action)
            actor = await contacts.actor(tx, call.principal, side, scope, otherwise=RequestNotFound)
            check(request, actor)
            await self._steps[action](tx, actor, request)

        await lifecycle.run(self.database, unit)
        return ConnectionRequestStatusUpdateResponse()

    @property
    def _steps(self) -> dict[str, RequestStep]:
        return {"accept": self._accept, "decline": self._decline, "ignore": self._ignore, "cancel": self._cancel}

    async def _accept(
        self, tx: Transaction, actor: Actor, request: ConnectionRequest, *, by_mail: bool = False
    ) -> None:
        mailbox = request.recipient_key if by_mail else request.address_key
        accepted = rules.accept(request, actor.person, tx.now, self.terms, mailbox)
        if accepted is request:
            await _check_not_removed(tx, request)
            return
        await lifecycle.check_still_right(tx, self.roles, actor, request)
        if request.status is RequestStatus.DECLINED:
            await lifecycle.check_key_is_free(tx, request)
        if actor.acting_for != request.receiver_id:
            await merging.make_room(tx, actor, request, actor.acting_for)
            accepted = replace(accepted, receiver_id=actor.acting_for)
        act = Act.ACCEPT_BY_MAIL if by_mail else Act.ACCEPT
        await lifecycle.change_request(tx, act, actor, request, accepted)
        if actor.acting_for != request.receiver_id:
            await merging.merge(tx, request.receiver_id, actor.acting_for, actor)
        await mail.drop(tx, request.id)
        await letters.notify_accepted(tx, actor, accepted)

    async def _decline(self, tx: Transaction, actor: Actor, request: ConnectionRequest) -> None:
        declined = rules.decline(request, actor.person, tx.now)
        await lifecycle.change_request(tx, Act.DECLINE, actor, request, declined)
        await mail.drop(tx, request.id)

    async def _ignore(self, tx: Transaction, actor: Actor, request: ConnectionRequest) -> None:
        await lifecycle.change_request(tx, Act.IGNORE, actor, request, rules.ignore(request, tx.now))

    async def _cancel(self, tx: Transaction, actor: Actor, request: ConnectionRequest) -> None:
        cancelled = rules.cancel(request, actor.person, tx.now, self.terms)
        await lifecycle.change_request(tx, Act.CANCEL, actor, request, cancelled)
        await mail.drop(tx, request.id)

    async def _end(
        self, action: str, connection_id: Guid, call: Call, named: ConnectionStatusUpdate | None
    ) -> ConnectionStatusUpdateResponse:
        async def unit(tx: Transaction) -> None:
            connection = await store.get_connection(tx, connection_id)
            if connection is None:
                raise ConnectionNotFound
            ends = await _ends_shown(tx, connection)
            sides = await contacts.actors(tx, call.principal, ends, Scope.END, otherwise=ConnectionNotFound)
            if named is not None:
                await check_names(tx, named, connection, sides)
                sides.sort(key=lambda side: side.acting_for != named.contact_id)
            meant = action or rules.implied_act(connection, tx.now, self.terms)
            if meant == "cancel":
                await self._cancel_connection(tx, sides, connection)
            else:
                await self._remove(tx, sides[0], connection)

        await lifecycle.run(self.database, unit)
        return ConnectionStatusUpdateResponse()

    async def _cancel_connection(self, tx: Transaction, sides: list[Actor], connection: Connection) -> None:
        actor = next((side for side in sides if side.acting_for == connection.sender_id), None)
        rules.check_cancel(connection)
        request = await store.get_request(tx, connection.request_id) if connection.request_id else None
        if request is None or actor is None:
            raise ConnectionNotFound
        await self._cancel(tx, actor, request)

    async def _remove(self, tx: Transaction, actor: Actor, connection: Connection) -> None:
        removed = rules.remove(connection, actor.person, tx.now)
        await lifecycle.change_connection(tx, Act.REMOVE, actor, connection, removed)
        if removed is not connection:
            await letters.notify_removed(tx, actor, removed)


def _side(request: ConnectionRequest, action: str) -> tuple[Guid, Scope]:
    """The contact that may carry out an act on a request, and the scope that the act needs.

    Raises:
        RequestNotFound: no contact is shown the request yet, so it cannot be answered.
    """
    if action == "cancel":
        return request.sender_id, Scope.SEND
    if request.shown_to is None:
        raise RequestNotFound
    return request.shown_to, Scope.ACCEPT


async def _check_not_removed(tx: Transaction, request: ConnectionRequest) -> None:
    """Refuse to accept a request again whose connection was removed after the acceptance.

    Raises:
        AlreadyRemoved: the connection was removed.
    """
    connection = await store.get_connection(tx, request.connection_id)
    if connection is not None and connection.status is ConnectionStatus.REMOVED:
        raise AlreadyRemoved("The connection was removed. Ask for a new request.")


async def _ends_shown(tx: Transaction, connection: Connection) -> tuple[Guid, Guid]:
    """The contacts that see a connection. The receiver of an invitation is the contact that has verified the address."""
    request = await store.get_request(tx, connection.request_id) if connection.request_id else None
    shown_to = request.shown_to if request else None
    return connection.sender_id, shown_to or connection.receiver_id


async def check_names(
    tx: Transaction, named: ConnectionStatusUpdate, connection: Connection, sides: list[Actor]
) -> None:
    """Refuse a message whose ids do not fit the connection, since it is probably meant for another one.

    The contact behind an invited address may be named by itself only; to the sender it is a wrong id like any other.

    Raises:
        WrongValue: ContactId, RoleId or ContactTypeId belongs to neither end.
    """
    known = {connection.sender_id, connection.receiver_id, connection.original_receiver_id}
    known |= {side.acting_for for side in sides}
    if named.contact_id not in known:
        raise WrongValue("ContactId", "ContactId names neither of the two contacts of this connection.")
    if named.role_id not in (connection.sender_role_id, connection.receiver_role_id):
        raise WrongValue("RoleId", "RoleId names neither of the two roles of this connection.")
    kind = CONTACT_TYPES_BY_ID.get(named.contact_type_id)
    found = await contacts.get_contacts(tx, known)
    if kind is None or not any(contact.is_or_was(kind) for contact in found.values()):
        raise WrongValue("ContactTypeId", "ContactTypeId is the type of neither of the two contacts.")


__all__ = ["CONNECTION_ACTIONS", "REQUEST_ACTIONS", "Answering", "check_names"]
