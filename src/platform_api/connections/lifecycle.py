"""Changes of requests and connections: the rows, their counters and the journal, in one unit.

Every function but `run` works in the caller's transaction. A guarded update that touches no row raises `RowChanged`;
`run` then runs the whole unit again, which reads the present state.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from platform_api import contacts, journal
from platform_api.connections import counter_rules, rules, store
from platform_api.connections.errors import AlreadyConnected, NewerRequest, Voided
from platform_api.connections.settings import Terms
from platform_api.connections.values import Act, Connection, ConnectionRequest, End
from platform_api.contacts import Actor, Scope
from platform_api.database.errors import UniqueViolation
from platform_api.database.transaction import Database, T, Transaction, Unit
from platform_api.foundation.ids import new_id
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from platform_api.journal import Entry
from platform_api.roles import RoleBook
from servicehost.contract.errors import ServiceUnavailable
from servicehost.contract.scalars import Guid

ATTEMPTS = 5
"""The most runs of a unit that loses races."""


class RowChanged(Exception):
    """Another transaction changed the row between reading and writing it."""


async def run(database: Database, unit: Unit[T]) -> T:
    """Run a unit, and run it again if it lost a race.

    Raises:
        ServiceUnavailable: every run lost a race; the caller may try again.
    """
    for _ in range(ATTEMPTS):
        try:
            return await database.write(unit)
        except (RowChanged, UniqueViolation):
            continue
    raise ServiceUnavailable("The connection is being changed by other requests. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request that is about to be sent.

    Attributes:
        sender: the end that asks.
        receiver: the end that is new.
        shown_to: the contact that sees it as received, if known.
        address_key: key of the address that it is sent to, if any.
        recipient_key: key of the address that its letters count against.
        ignored: whether it is ignored from the start, because the contact that sees it has blocked the sender.
    """

    sender: End
    receiver: End
    shown_to: Guid | None
    address_key: str | None
    recipient_key: str
    ignored: bool = False


async def open_request(tx: Transaction, actor: Actor, new: NewRequest, terms: Terms) -> ConnectionRequest:
    """Create a pending connection and its pending request."""
    request_id, connection_id = new_id(), new_id()
    sender_type, receiver_type = await store.contact_types(tx, new.sender.contact_id, new.receiver.contact_id)
    request = ConnectionRequest(
        id=request_id,
        connection_id=connection_id,
        sender_id=new.sender.contact_id,
        sender_role_id=new.sender.role_id,
        receiver_id=new.receiver.contact_id,
        receiver_role_id=new.receiver.role_id,
        original_receiver_id=new.receiver.contact_id,
        shown_to=new.shown_to,
        address_key=new.address_key,
        recipient_key=new.recipient_key,
        sent_by=actor.person,
        status=RequestStatus.PENDING,
        version=1,
        token_version=1,
        created_at=tx.now,
        sent_at=tx.now,
        resent_count=0,
        mailed_again_at=None,
        mailed_again_count=0,
        expires_at=tx.now + terms.request_life,
        ignored_at=tx.now if new.ignored else None,
        decided_at=None,
        decided_by=None,
        accepted_key=None,
        superseded=False,
        sender_type=sender_type,
        receiver_type=receiver_type,
    )
    connection = _connection(tx, (new.sender, new.receiver), connection_id, request_id, ConnectionStatus.PENDING)
    await store.add_request(tx, request)
    await store.add_connection(tx, connection)
    await store.add_totals(tx, counter_rules.counted(request) + counter_rules.counted_connection(connection))
    await _record(tx, Act.SEND, request, actor, None)
    return request


async def open_connection(tx: Transaction, actor: Actor, sender: End, receiver: End) -> Connection:
    """Create an active connection, in a role that needs no acceptance."""
    connection = _connection(tx, (sender, receiver), new_id(), None, ConnectionStatus.ACTIVE)
    await store.add_connection(tx, connection)
    await store.add_totals(tx, counter_rules.counted_connection(connection))
    await _record(tx, Act.CONNECT, connection, actor, None)
    return connection


async def change_request(
    tx: Transaction, act: Act, actor: Actor | None, before: ConnectionRequest, after: ConnectionRequest
) -> None:
    """Write an act on a request and the change of its connection. No effect if `after` is `before`.

    Raises:
        RowChanged: another transaction has changed the request or the connection.
    """
    if after is before:
        return
    if (before.sender_id, before.receiver_id) != (after.sender_id, after.receiver_id):
        sender_type, receiver_type = await store.contact_types(tx, after.sender_id, after.receiver_id)
        after = replace(after, sender_type=sender_type, receiver_type=receiver_type)
    if not await store.replace_request(tx, before, after):
        raise RowChanged
    await store.add_totals(tx, counter_rules.difference(counter_rules.counted(before), counter_rules.counted(after)))
    if before.status is not after.status or before.receiver_id != after.receiver_id:
        await _follow(tx, after)
    await _record(tx, act, after, actor, before.status)


async def write_resent(tx: Transaction, actor: Actor, before: ConnectionRequest, after: ConnectionRequest) -> None:
    """Write a resend. The connection, the counters and the contact that sees the request change only after an expiry.

    Raises:
        RowChanged: another transaction has changed the request.
    """
    if not await store.replace_resent(tx, before, after):
        raise RowChanged
    if before.status is not after.status:
        await store.add_totals(
            tx, counter_rules.difference(counter_rules.counted(before), counter_rules.counted(after))
        )
        await _follow(tx, after)
    await _record(tx, Act.RESEND, after, actor, before.status)


async def write_mailed_again(tx: Transaction, before: ConnectionRequest, after: ConnectionRequest) -> None:
    """Write that the reader of an old link had the current one mailed again.

    Raises:
        RowChanged: another transaction has changed the request.
    """
    if not await store.replace_mailed_again(tx, before, after):
        raise RowChanged
    await _record(tx, Act.MAIL_AGAIN, after, None, before.status)


async def change_connection(
    tx: Transaction, act: Act, actor: Actor | None, before: Connection, after: Connection
) -> None:
    """Write an act on a connection. No effect if `after` is `before`.

    Raises:
        RowChanged: another transaction has changed the connection.
    """
    if after is before:
        return
    await _replace_connection(tx, before, after)
    await _record(tx, act, after, actor, before.status)


async def write_expiry(tx: Transaction, request: ConnectionRequest) -> ConnectionRequest:
    """Write the expiry of a request if its time has passed; returns the request as it is then."""
    expired = rules.expire(request, tx.now)
    await change_request(tx, Act.EXPIRE, None, request, expired)
    return expired


async def check_still_right(tx: Transaction, roles: RoleBook, actor: Actor, request: ConnectionRequest) -> None:
    """Refuse an acceptance, also by a mirror request, if the request could not be sent any more.

    Raises:
        Voided: the role is archived, the sender does not exist any more or has blocked the receiver, or the person who
            sent the request may not send for the sender any more.
    """
    role = roles.role(request.receiver_role_id)
    sender = await contacts.get_contact(tx, request.sender_id)
    allowed = await contacts.may_act(tx, request.sent_by, request.sender_id, Scope.SEND)
    # A request that went to an address outlives a block: its end would tell the sender whose address it is.
    blocked = await store.is_blocked(tx, request.sender_id, actor.acting_for)
    if role is None or not role.is_active or sender is None or not allowed or blocked:
        raise Voided("The sender may no longer connect in this role. Ask for a new request.")


async def check_key_is_free(tx: Transaction, request: ConnectionRequest) -> None:
    """Refuse to reopen a request if another connection has its key.

    Raises:
        AlreadyConnected: the two contacts are connected in its roles.
        NewerRequest: a later request between them is pending.
    """
    live = await store.live_connection(tx, request.key)
    if live is None or live.id == request.connection_id:
        return
    raise AlreadyConnected if live.status is ConnectionStatus.ACTIVE else NewerRequest


async def supersede(tx: Transaction, key: str) -> None:
    """Mark the expired requests with this key as superseded by a new one, so that they cannot be sent again."""
    for request in await store.resendable_requests(tx, key):
        after = replace(request, superseded=True, version=request.version + 1)
        if not await store.replace_request(tx, request, after):
            raise RowChanged
        await store.add_totals(
            tx, counter_rules.difference(counter_rules.counted(request), counter_rules.counted(after))
        )


async def _follow(tx: Transaction, request: ConnectionRequest) -> None:
    connection = await store.get_connection(tx, request.connection_id)
    if connection is None:
        raise RowChanged
    followed = rules.follow(replace(connection, receiver_id=request.receiver_id), request, tx.now)
    if followed != connection:
        await _replace_connection(tx, connection, followed)


async def _replace_connection(tx: Transaction, before: Connection, after: Connection) -> None:
    if not await store.replace_connection(tx, before, after):
        raise RowChanged
    changes = counter_rules.difference(
        counter_rules.counted_connection(before), counter_rules.counted_connection(after)
    )
    await store.add_totals(tx, changes)


def _connection(
    tx: Transaction, ends: tuple[End, End], connection_id: Guid, request_id: Guid | None, status: ConnectionStatus
) -> Connection:
    sender, receiver = ends
    return Connection(
        id=connection_id,
        request_id=request_id,
        sender_id=sender.contact_id,
        sender_role_id=sender.role_id,
        receiver_id=receiver.contact_id,
        receiver_role_id=receiver.role_id,
        original_receiver_id=receiver.contact_id,
        status=status,
        version=1,
        created_at=tx.now,
        active_at=tx.now if status is ConnectionStatus.ACTIVE else None,
        ended_at=None,
        ended_by=None,
    )


async def _record(
    tx: Transaction, act: Act, after: ConnectionRequest | Connection, actor: Actor | None, before: str | None
) -> None:
    """Append an act to the journal; it concerns both ends."""
    await journal.append(
        tx,
        Entry(
            subject_kind="connection" if act in (Act.CONNECT, Act.REMOVE) else "request",
            subject_id=after.id,
            act=act,
            person=actor.person if actor else None,
            acted_for=actor.acting_for if actor else None,
            before=before,
            after=after.status,
            contacts=(after.sender_id, after.receiver_id),
        ),
    )


__all__ = [
    "NewRequest",
    "RowChanged",
    "change_connection",
    "change_request",
    "check_key_is_free",
    "check_still_right",
    "open_connection",
    "open_request",
    "run",
    "supersede",
    "write_expiry",
    "write_mailed_again",
    "write_resent",
]
