"""Requests and connections of contacts that are merged into others or erased."""

from datetime import datetime

from msgspec.structs import replace

from platform_api import contacts, identity, journal, mail
from platform_api.connections import lifecycle, rules, store
from platform_api.connections.errors import AlreadyConnected
from platform_api.connections.values import Act, Connection, ConnectionRequest, End, key_of
from platform_api.contacts import Actor, WrongValue
from platform_api.database.transaction import Transaction
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.scalars import Guid


async def make_room(tx: Transaction, actor: Actor, request: ConnectionRequest, accepting: Guid) -> None:
    """Make room for a request that is accepted by another contact than the one that it names.

    A pending request with the same ends is ended.

    Raises:
        WrongValue: the accepting contact is the sender.
        AlreadyConnected: the two are connected in these roles.
    """
    if accepting == request.sender_id:
        raise WrongValue("ContactId", "This invitation was sent by you. Only another person can accept it.")
    key = key_of(request.sender, End(accepting, request.receiver_role_id))
    live = await store.live_connection(tx, key)
    if live is None or live.id == request.connection_id:
        return
    if live.status is ConnectionStatus.ACTIVE:
        raise AlreadyConnected
    other = await store.pending_request(tx, key)
    if other is not None:
        await lifecycle.change_request(tx, Act.MERGE, actor, other, rules.void(other, tx.now))


async def merge(tx: Transaction, virtual: Guid, person: Guid, actor: Actor | None = None) -> None:
    """Merge a virtual contact into the person whom it stands for.

    Consent belongs to the mailbox that gave it. The person takes over the connections that their own verified
    addresses accepted, the open invitations to these addresses, and the history of both; duplicates collapse.
    Everything else ends: connections that another mailbox accepted, requests sent in the name of the virtual contact,
    and connections that its keeper made alone in roles without acceptance.
    """
    own = frozenset(address.key for address in await identity.verified_addresses(tx, person))
    for request in await store.open_requests_of(tx, virtual):
        if rules.belongs_to_mailbox(request, virtual, own):
            await _move_request(tx, actor, request, virtual, person)
        else:
            await _end_request(tx, request)
    asked = {request.id: request for request in await store.requests_to(tx, virtual)}
    for connection in await store.connections_of(tx, virtual):
        answered = asked.get(connection.request_id) if connection.request_id else None
        if answered is not None and rules.belongs_to_mailbox(answered, virtual, own):
            await _move_connection(tx, actor, connection, virtual, person)
        elif connection.status is ConnectionStatus.ACTIVE:
            removed = rules.remove(connection, None, tx.now)
            await lifecycle.change_connection(tx, Act.REMOVE, None, connection, removed)
    await contacts.merge(tx, virtual, person)
    await journal.merge(tx, virtual, person)


async def leave_address(tx: Transaction, actor: Actor, virtual: Guid) -> None:
    """End the requests that the former address of a virtual contact could still answer; its keeper gives it another.

    The contact has no pending and no accepted request. An expired request can no longer be sent again, and a declined
    one can no longer be accepted.
    """
    for request in await store.requests_to(tx, virtual):
        if request.status is RequestStatus.EXPIRED and not request.superseded:
            await _end_request(tx, request)
        elif request.status is RequestStatus.DECLINED and not request.superseded:
            after = replace(request, superseded=True, version=request.version + 1)
            await lifecycle.change_request(tx, Act.MERGE, actor, request, after)


async def erase(tx: Transaction, contact: Guid) -> None:
    """End the pending requests and active connections of a contact that is erased; the other sides keep their history."""
    for request in await store.pending_requests_of(tx, contact):
        ended = replace(rules.void(request, tx.now), address_key=None)
        await lifecycle.change_request(tx, Act.VOID, None, request, ended)
    for connection in await store.connections_of(tx, contact):
        if connection.status is ConnectionStatus.ACTIVE:
            removed = rules.remove(connection, contact, tx.now)
            await lifecycle.change_connection(tx, Act.REMOVE, None, connection, removed)
    await store.end_blocks_of(tx, contact)


async def _move_request(
    tx: Transaction, actor: Actor | None, request: ConnectionRequest, source: Guid, into: Guid
) -> None:
    moved = replace(
        request,
        sender_id=into if request.sender_id == source else request.sender_id,
        receiver_id=into if request.receiver_id == source else request.receiver_id,
        shown_to=into if request.receiver_id == source else request.shown_to,
        version=request.version + 1,
    )
    if moved.sender_id == moved.receiver_id or await store.live_connection(tx, moved.key) is not None:
        moved = _given_up(request, tx.now)
    await lifecycle.change_request(tx, Act.MERGE, actor, request, moved)


async def _end_request(tx: Transaction, request: ConnectionRequest) -> None:
    ended = _given_up(request, tx.now)
    await lifecycle.change_request(tx, Act.VOID, None, request, ended)
    await mail.drop(tx, request.id)


def _given_up(request: ConnectionRequest, now: datetime) -> ConnectionRequest:
    """A request that can be neither answered nor sent again."""
    if request.status is RequestStatus.EXPIRED:
        return replace(request, superseded=True, version=request.version + 1)
    return rules.void(request, now)


async def _move_connection(
    tx: Transaction, actor: Actor | None, connection: Connection, source: Guid, into: Guid
) -> None:
    moved = replace(
        connection,
        sender_id=into if connection.sender_id == source else connection.sender_id,
        receiver_id=into if connection.receiver_id == source else connection.receiver_id,
        version=connection.version + 1,
    )
    if moved.status is ConnectionStatus.ACTIVE and await _collapses(tx, moved):
        moved = replace(moved, status=ConnectionStatus.REMOVED, ended_at=tx.now, ended_by=into)
    await lifecycle.change_connection(tx, Act.MERGE, actor, connection, moved)


async def _collapses(tx: Transaction, moved: Connection) -> bool:
    live = await store.live_connection(tx, moved.key)
    return moved.sender_id == moved.receiver_id or (live is not None and live.id != moved.id)


__all__ = ["erase", "leave_address", "make_room", "merge"]
