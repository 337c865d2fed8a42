"""A large world: one contact with many requests and connections in every state, and many rows in every table.

Rows that a list shows are older than all rows that the list must skip. Rows are inserted directly; their counters are those
of the rules.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from msgspec.structs import replace
from sqlalchemy import bindparam, delete, select
from tests.support.accounts import START, Installation
from tests.support.world import World, run

from platform_api.accounts.tables import account_links, registrations
from platform_api.connections import counter_rules, rules
from platform_api.connections.settings import Terms
from platform_api.connections.tables import blocks, connection_requests, connection_totals, connections
from platform_api.connections.values import Connection, ConnectionRequest
from platform_api.contacts.tables import contacts, grants, profiles
from platform_api.database.statements import Command, Query
from platform_api.foundation.well_known import ConnectionStatus, ContactType, RequestStatus
from platform_api.identity.tables import session_credentials, sessions, sign_in_failures, user_addresses, users
from platform_api.journal.tables import journal_entries
from platform_api.limits.tables import quota_counters
from platform_api.mail.tables import letters, mailbox, mailbox_totals
from platform_api.notices.tables import notices
from platform_api.roles.standard import CLIENT, CUSTOMER, EMPLOYEE, EMPLOYER, MEMBER, STANDARD_ROLES, SUPPLIER
from servicehost.contract.scalars import Guid
from servicehost.security.passwords import Passwords

HUB_ADDRESS = "hub@example.com"
NEWCOMER = "newcomer@example.com"
"""Address that has been invited often, and has no account."""

PASSWORD = "correct horse battery"
INVERSE = {role.id: role.inverse_id for role in STANDARD_ROLES}
TYPES = tuple(kind.code for kind in ContactType)

_PENDING, _EXPIRED = RequestStatus.PENDING, RequestStatus.EXPIRED
_DELETE_TOTALS = Command(delete(connection_totals))
_USER = Query(select(users.c.id).where(users.c.contact_id == bindparam("contact_id")), Guid)
_DEAD = (RequestStatus.DECLINED, RequestStatus.CANCELLED, RequestStatus.VOID, _EXPIRED)


def no_limits() -> Terms:
    """Return limits of a life cycle without quotas or cooldowns."""
    return Terms(resend_cooldown=timedelta(0), resends=None, pending=None)


@dataclass
class Crowd:
    """The world, and the contacts that tests use.

    Attributes:
        size: number of each kind of row.
        hub: contact that everything relates to; it can sign in.
        peer: contact that has often been connected with the hub and has sent a request to all others.
        record: virtual contact that the hub keeps and has often invited.
        others: contacts that have one of each relation with the hub.
        kept: virtual contacts of the hub that have blocked each other.
        requests: ids of the requests of each group, by its name.
        connections: ids of the connections of each group, by its name.
    """

    world: World
    accounts: Installation
    size: int
    hub: Guid
    peer: Guid
    record: Guid
    others: list[Guid] = field(default_factory=list)
    kept: list[Guid] = field(default_factory=list)
    requests: dict[str, list[Guid]] = field(default_factory=dict)
    connections: dict[str, list[Guid]] = field(default_factory=dict)

    def kind(self, number: int) -> str:
        """Return the contact type code of one of the others; each type has a quarter of them."""
        return TYPES[number * len(TYPES) // self.size]


async def a_crowd(size: int, passwords: Passwords) -> Crowd:
    """Create a world with `size` rows of each kind."""
    world = World(no_limits())
    accounts = Installation(world.database, passwords)
    hub = await accounts.member(HUB_ADDRESS, PASSWORD)
    peer = await world.person("peer@example.com")
    record = await world.invite(hub, "record@example.com")
    crowd = Crowd(world, accounts, size, hub, peer, record)
    _Builder(crowd).build()
    return crowd


class _Builder:
    """Inserts the rows of a crowd."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._insert = crowd.world.database.insert
        self._numbers = count(1)
        self._requests: list[ConnectionRequest] = []
        self._connections: list[Connection] = []

    def build(self) -> None:
        """Insert everything in the order of its ids."""
        self._add_contacts()
        self._add_relations()
        self._add_history()
        self._keep_life_cycle()
        self._add_mail()
        self._add_the_rest()

    def _id(self) -> Guid:
        return Guid(f"01900000-0000-7000-8000-{next(self._numbers):012x}")

    def _ids(self) -> Iterator[tuple[int, Guid]]:
        """Return a new id for each number of the crowd."""
        return ((number, self._id()) for number in range(self._crowd.size))

    def _add_contacts(self) -> None:
        crowd = self._crowd
        made = list(self._ids())
        crowd.others = [id_ for _, id_ in made]
        kept = crowd.kept = [id_ for _, id_ in self._ids()]
        people = [{"id": id_, "contact_type": crowd.kind(number)} for number, id_ in made]
        people += [
            {"id": id_, "contact_type": "VP", "keeper_id": crowd.hub, "address_key": f"kept{id_}@example.com"}
            for id_ in kept
        ]
        self._insert(contacts, [{"full_name": "Some Person", "created_at": START, **row} for row in people])
        facts = {"gst_registered": False, "contact_details": [], "updated_at": START}
        self._insert(profiles, [{"contact_id": row["id"], **facts} for row in people])
        rights = {"person_id": crowd.hub, "scopes": 63, "created_at": START}
        self._insert(grants, [{"id": self._id(), "contact_id": other, **rights} for other in crowd.others])

    def _add_relations(self) -> None:
        """Add one of each relation between the hub and each of the others: rows that lists show, then rows that they skip."""
        hub = self._crowd.hub
        self._add("received", (None, hub, EMPLOYEE), _PENDING)
        self._add("ignored", (None, hub, EMPLOYER), _PENDING, ignored_at=START)
        self._add("sent", (hub, None, CLIENT), _PENDING)
        self._add("expired", (hub, None, SUPPLIER), _EXPIRED)
        self._add("active sent", (hub, None, CUSTOMER), RequestStatus.ACCEPTED)
        self._add("active received", (None, hub, MEMBER), RequestStatus.ACCEPTED)
        self._add("removed sent", (hub, None, SUPPLIER), RequestStatus.ACCEPTED, removed=True)
        self._add("removed received", (None, hub, SUPPLIER), RequestStatus.ACCEPTED, removed=True)
        for status in _DEAD:
            self._add(f"{status} sent", (hub, None, EMPLOYER), status, superseded=True)
            self._add(f"{status} received", (None, hub, EMPLOYER), status, superseded=True)

    def _add_history(self) -> None:
        """Add the history between the hub and its peer and record, and the requests of the peer to all others."""
        hub, peer, record = self._crowd.hub, self._crowd.peer, self._crowd.record
        self._add("with peer", (hub, peer, EMPLOYEE), RequestStatus.ACCEPTED, removed=True)
        for status in _DEAD:
            self._add(f"{status} with peer", (hub, peer, EMPLOYER), status, superseded=True)
            self._add(f"{status} with record", (hub, record, CLIENT), status, superseded=True, shown_to=None)
        self._add("of peer", (peer, None, EMPLOYEE), _PENDING)
        self._add("to newcomer", (None, record, MEMBER), _PENDING, shown_to=None, address_key=NEWCOMER)
        self._add("accepted", (None, record, SUPPLIER), RequestStatus.ACCEPTED, address_key="old@example.com")

    def _add(
        self,
        group: str,
        ends: tuple[Guid | None, Guid | None, Guid],
        status: RequestStatus,
        *,
        removed: bool = False,
        **members: Any,
    ) -> None:
        """Add a group of requests with their connections; None at an end means each of the others in turn."""
        sender, receiver, role = ends
        made = self._crowd.requests[group] = []
        for number, id_ in self._ids():
            other, kind = self._crowd.others[number], self._crowd.kind(number)
            request = self._request(id_, (sender or other, receiver or other, role), status, members)
            types = {"sender_type": "RP" if sender else kind, "receiver_type": "RP" if receiver else kind}
            self._requests.append(replace(request, **types))
            self._connections.append(_connection_of(request, removed=removed))
            made.append(id_)
        self._crowd.connections[group] = [each.id for each in self._connections[-len(made) :]]

    def _request(
        self, id_: Guid, ends: tuple[Guid, Guid, Guid], status: RequestStatus, members: dict[str, Any]
    ) -> ConnectionRequest:
        sender, receiver, role = ends
        facts: dict[str, Any] = dict.fromkeys(ConnectionRequest.__struct_fields__)
        facts |= {"version": 1, "token_version": 1, "resent_count": 0, "superseded": False, "mailed_again_count": 0}
        facts |= {"created_at": START, "sent_at": START, "expires_at": START + timedelta(days=14)}
        facts |= {"recipient_key": f"{receiver}@example.com", "sent_by": sender, "status": status}
        facts |= {"sender_id": sender, "receiver_id": receiver, "original_receiver_id": receiver, "shown_to": receiver}
        facts |= {"sender_role_id": INVERSE[role], "receiver_role_id": role, "sender_type": "RP", "receiver_type": "RP"}
        facts |= {"decided_at": None if status is _PENDING else START}
        return ConnectionRequest(**facts | members | {"id": id_, "connection_id": self._id()})

    def _keep_life_cycle(self) -> None:
        totals: Counter[counter_rules.Tally] = Counter(_existing_totals(self._crowd))
        for request in self._requests:
            totals.update(counter_rules.counted(request))
        for connection in self._connections:
            totals.update(counter_rules.counted_connection(connection))
        self._insert(connection_requests, [{**_members(each), "key": each.key} for each in self._requests])
        pairs = (each.pair for each in self._connections)
        rows = [
            {**_members(each), "key": each.key, "pair": pair}
            for each, pair in zip(self._connections, pairs, strict=True)
        ]
        self._insert(connections, rows)
        rows = [{"contact_id": contact, "name": name, "total": total} for (contact, name), total in totals.items()]
        self._insert(connection_totals, rows)
        hub, kept = self._crowd.hub, self._crowd.kept
        pairs_of_blocks = [*((hub, each) for each in kept), *((each, hub) for each in kept)]
        blocked = [{"contact_id": one, "blocked_id": other, "created_at": START} for one, other in pairs_of_blocks]
        self._insert(blocks, blocked)

    def _add_mail(self) -> None:
        late, old = START + timedelta(days=1), START - timedelta(days=400)
        for state, due_at, lease_until, settled_at in (
            ("queued", START, None, None),
            ("queued", late, None, None),
            ("sending", None, late, None),
            ("sent", None, None, START),
            ("sent", None, None, old),
        ):
            common = {
                "kind": "connection request",
                "version": 1,
                "series": 0,
                "attempts": 0,
                "doubts": 0,
                "state": state,
            }
            common |= {"due_at": due_at, "lease_until": lease_until, "settled_at": settled_at, "created_at": START}
            common |= {"recipient_key": HUB_ADDRESS}
            self._insert(
                letters,
                [{"id": id_, "subject_id": self._id(), "owner": self._id(), **common} for _, id_ in self._ids()],
            )
        for stored_at in (old, START):
            mail: dict[str, Any] = dict.fromkeys(
                ("recipient_key", "recipient", "sender", "subject", "text", "html"), "x" * 100
            )
            mail |= {"headers": {}, "dated": stored_at, "stored_at": stored_at}
            self._insert(mailbox, [{"id": id_, "message_id": id_, **mail} for _, id_ in self._ids()])
        self._insert(mailbox_totals, [{"name": "mails in the mailbox", "total": 2 * self._crowd.size}])

    def _add_the_rest(self) -> None:
        hub, others = self._crowd.hub, self._crowd.others
        long_ago = START - timedelta(days=400)
        told = {"kind": "accepted", "posted_at": START}
        self._insert(
            notices,
            [{"id": self._id(), "contact_id": hub, "subject_id": each, "actor_id": each, **told} for each in others],
        )
        self._insert(
            notices,
            [{"id": self._id(), "contact_id": each, "subject_id": hub, "actor_id": hub, **told} for each in others],
        )
        entry = {"subject_kind": "request", "act": "send", "at": START, "person": hub, "acted_for": hub}
        for positions in ([None] * len(others), range(1, len(others) + 1)):
            self._insert(
                journal_entries,
                [
                    {"subject_id": each, "position": position, "first_contact": hub, "second_contact": each, **entry}
                    for each, position in zip(others, positions, strict=True)
                ],
            )
        user = run(self._crowd.world.database.read(lambda tx: tx.one(_USER, contact_id=hub)))
        times = {"created_at": long_ago, "remembered": False, "user_id": user}
        for ended_at in (None, long_ago):
            made = [
                {"id": id_, "expires_at": START + timedelta(days=9), "ended_at": ended_at, **times}
                for _, id_ in self._ids()
            ]
            self._insert(sessions, made)
            secret = {"kind": "lasting", "life_seconds": 99, "expires_at": START + timedelta(days=9)}
            self._insert(
                session_credentials, [{"hash": f"{row['id']}", "session_id": row["id"], **secret} for row in made]
            )
        failed = {"failures": 1, "failed_at": long_ago}
        self._insert(sign_in_failures, [{"subject": each, "client": "192.0.2.0", **failed} for each in others])
        spent = {"quota": "hour", "amount": 1, "ends_at": START - timedelta(days=1)}
        self._insert(quota_counters, [{"key": f"{each}", **spent} for each in others])
        waiting = {"address": HUB_ADDRESS, "password_hash": "x", "profile": {}, "link_version": 1}
        waiting |= {"registered_at": long_ago}
        self._insert(registrations, [{"id": each, "address_key": f"{each}@example.com", **waiting} for each in others])
        asked = {"purpose": "password reset", "version": 1, "letters": 1, "streak": 1}
        asked |= dict.fromkeys(("asked_at", "lettered_at", "issued_at"), long_ago)
        self._insert(account_links, [{"id": each, "address_key": f"{each}@example.com", **asked} for each in others])
        self._insert(
            users,
            [{"id": each, "contact_id": each, "password_changed_at": START, "created_at": START} for each in others],
        )
        proved = {"is_main": True, "verified_at": START}
        self._insert(
            user_addresses,
            [
                {"address_key": f"{each}@example.org", "user_id": each, "address": f"{each}@example.org", **proved}
                for each in others
            ],
        )


def _members(value: ConnectionRequest | Connection) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _connection_of(request: ConnectionRequest, *, removed: bool) -> Connection:
    status = ConnectionStatus.REMOVED if removed else rules.CONNECTION_STATUS_OF[request.status]
    facts: dict[str, Any] = {name: getattr(request, name, None) for name in Connection.__struct_fields__}
    active_at = START if request.status is RequestStatus.ACCEPTED else None
    facts |= {"id": request.connection_id, "request_id": request.id, "status": status, "active_at": active_at}
    return Connection(**facts)


def _existing_totals(crowd: Crowd) -> dict[counter_rules.Tally, int]:
    """Remove and return the counters of what the operations created, for insertion together with the others."""
    existing = run(crowd.world.totals())
    run(crowd.world.database.write(lambda tx: tx.execute(_DELETE_TOTALS)))
    return existing


__all__ = ["HUB_ADDRESS", "NEWCOMER", "PASSWORD", "Crowd", "a_crowd", "no_limits"]
