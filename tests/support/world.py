"""A small world for the life cycle: people, a database with time set by the test, and the real operations."""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from msgspec.structs import replace
from sqlalchemy import select
from tests.support.accounts import KEYS, TimedDatabase

from platform_api import contacts, identity, journal
from platform_api.connections import lifecycle, store
from platform_api.connections.answering import Answering
from platform_api.connections.blocking import Blocking
from platform_api.connections.letters import ConnectionLetters
from platform_api.connections.links import Links
from platform_api.connections.messages import (
    AcceptConnectionRequest,
    BlockContact,
    CancelConnection,
    CancelConnectionRequest,
    ConnectContactsInRoles,
    ConnectionRequestResend,
    DeclineConnectionRequest,
    IgnoreConnectionRequest,
    InviteContact,
    PublicConnectionRequestStatusUpdate,
    RemoveConnection,
    UnblockContact,
)
from platform_api.connections.sending import Sending, SendingQuotas
from platform_api.connections.services import address_verified
from platform_api.connections.settings import Terms
from platform_api.connections.tables import connection_requests, connection_totals, connections
from platform_api.connections.tokens import InvitationTokens
from platform_api.connections.values import Act, Connection, ConnectionRequest
from platform_api.contacts import NewPerson, PlatformPrincipal, Profile
from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction
from platform_api.directory import (
    ContactConnectionModel,
    DirectoryService,
    GetConnectionRequests,
    GetConnectionsToContact,
)
from platform_api.foundation.ids import new_id
from platform_api.foundation.well_known import ContactType
from platform_api.identity import NewUser, parse_address
from platform_api.journal import Recorded
from platform_api.limits import Quota
from platform_api.lists.settings import PageLimits
from platform_api.mail.kinds import LetterKind, by_name
from platform_api.mail.tables import letters
from platform_api.mail.values import Drop, LetterKey, Wait, Withhold
from platform_api.roles.book import RoleBook
from platform_api.roles.standard import EMPLOYEE
from servicehost.contract.call import Answer, Call
from servicehost.contract.scalars import EMPTY_GUID, Guid

T = TypeVar("T")

PERSON = ContactType.REAL_PERSON.id
VIRTUAL = ContactType.VIRTUAL_PERSON.id

_WAITING = Query(
    select(letters.c.kind, letters.c.subject_id, letters.c.version, letters.c.series, letters.c.sent_by)
    .where(letters.c.due_at.is_not(None))
    .order_by(letters.c.created_at, letters.c.id),
    lambda kind, subject, version, series, sent_by: (kind, LetterKey(subject, version, series, sent_by)),
)
ALL_REQUESTS = Query(select(connection_requests.c.id).order_by(connection_requests.c.id), Guid)
ALL_CONNECTIONS = Query(select(connections.c.id).order_by(connections.c.id), Guid)
ALL_TOTALS = Query(
    select(connection_totals.c.contact_id, connection_totals.c.name, connection_totals.c.total).where(
        connection_totals.c.total != 0
    ),
    lambda contact, name, total: ((contact, name), total),
)


def quotas(limit: int | None = None) -> SendingQuotas:
    """Return quotas of this size; None for unlimited."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    return SendingQuotas(Quota("hour", limit, hour), Quota("day", limit, day), Quota("organisation", limit, day))


class World:
    """People and their acts. Each act returns the response of its operation."""

    def __init__(self, terms: Terms | None = None, limit: int | None = None, lists: PageLimits | None = None) -> None:
        self.database = TimedDatabase()
        self.terms = terms or Terms()
        self.roles = RoleBook()
        self.invitations = InvitationTokens(lambda: KEYS)
        self.sending = Sending(self.database, self.roles, self.terms, quotas(limit))
        self.answering = Answering(self.database, self.roles, self.terms, self.invitations)
        self.blocking = Blocking(self.database)
        self.links = Links(self.database, self.roles, self.terms, self.invitations)
        self.directory = DirectoryService(self.database, self.roles, lists or PageLimits())
        self.kinds = by_name(*ConnectionLetters(self.roles).kinds())

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def pass_time(self, duration: timedelta) -> None:
        """Let time pass."""
        self.database.now += duration

    async def person(self, address: str, name: str = "Some", *, mobile_number: str = "0400 000 000") -> Guid:
        """Create a registered person with a verified address."""
        email = parse_address(address)

        async def unit(tx: Transaction) -> Guid:
            profile = Profile(first_name=name, surname="Person", mobile_number=mobile_number)
            contact = await contacts.create_person(tx, NewPerson(profile=profile, email=email.text))
            await identity.create_user(tx, NewUser(contact_id=contact, address=email, password_hash=None))
            await address_verified(tx, contact, email.key)
            return contact

        return await self.database.write(unit)

    async def ask(self, sender: Guid, receiver: Guid, role: Guid = EMPLOYEE, kind: Guid = PERSON) -> None:
        """Send a connection request, or connect."""
        await self.sending.connect(
            ConnectContactsInRoles(
                contact_id=sender,
                to_contact_id=receiver,
                contact_type_id=kind,
                roles=[role],
                send_connection_emails=True,
            ),
            by(sender),
        )

    async def invite(self, sender: Guid, address: str, role: Guid = EMPLOYEE, to: Guid = EMPTY_GUID) -> Guid:
        """Invite an address; return the virtual contact."""
        message = InviteContact(contact_id=sender, email_address=address, roles=[role], to_contact_id=to)
        return (await self.sending.invite(message, by(sender))).contact_id

    async def give_address(self, virtual: Guid, address: str) -> None:
        """Change the address of a virtual contact without checks, as older versions did after an acceptance."""
        email = parse_address(address)

        async def unit(tx: Transaction) -> None:
            contact = await contacts.get_contact(tx, virtual)
            assert contact is not None
            await contacts.give_address(tx, contact, email)

        await self.database.write(unit)

    async def forge_sender(self, request: ConnectionRequest, sender: Guid) -> None:
        """Make a virtual contact the sender of a request, as older versions allowed its keeper."""

        async def unit(tx: Transaction) -> None:
            connection = await store.get_connection(tx, request.connection_id)
            assert connection is not None
            await lifecycle.change_request(
                tx, Act.MERGE, None, request, replace(request, sender_id=sender, version=request.version + 1)
            )
            forged = replace(connection, sender_id=sender, version=connection.version + 1)
            await lifecycle.change_connection(tx, Act.MERGE, None, connection, forged)

        await self.database.write(unit)

    async def resend(self, who: Guid, request: Guid, contact: Guid | None = None) -> None:
        """Resend a request."""
        message = ConnectionRequestResend(connection_request_id=request, contact_id=contact or who)
        await self.sending.resend(message, by(who))

    async def accept(self, who: Guid, request: Guid) -> None:
        """Accept a request."""
        await self.answering.accept(AcceptConnectionRequest(connection_request_id=request), by(who))

    async def decline(self, who: Guid, request: Guid) -> None:
        """Decline a request."""
        await self.answering.decline(DeclineConnectionRequest(connection_request_id=request), by(who))

    async def ignore(self, who: Guid, request: Guid) -> None:
        """Ignore a request."""
        await self.answering.ignore(IgnoreConnectionRequest(connection_request_id=request), by(who))

    async def cancel(self, who: Guid, request: Guid) -> None:
        """Cancel a request."""
        await self.answering.cancel_request(CancelConnectionRequest(connection_request_id=request), by(who))

    async def cancel_connection(self, who: Guid, connection: Guid) -> None:
        """Cancel a connection."""
        await self.answering.cancel(CancelConnection(connection_id=connection), by(who))

    async def remove(self, who: Guid, connection: Guid) -> None:
        """Remove a connection."""
        await self.answering.remove(RemoveConnection(connection_id=connection), by(who))

    async def block(self, who: Guid, blocked: Guid) -> None:
        """Block a contact."""
        await self.blocking.block(BlockContact(contact_id=who, blocked_contact_id=blocked), by(who))

    async def unblock(self, who: Guid, blocked: Guid) -> None:
        """Unblock a contact."""
        await self.blocking.unblock(UnblockContact(contact_id=who, blocked_contact_id=blocked), by(who))

    async def accept_by_token(self, request: Guid, token: str | None) -> None:
        """Accept by the link in a mail, without signing in."""
        message = PublicConnectionRequestStatusUpdate(connection_request_id=request, token=token)
        await self.answering.accept_publicly(message, Call())

    async def token(self, request: Guid) -> str:
        """Return the token in the latest mail of a request."""
        return self.invitations.token(await self.request(request))

    async def received(self, who: Guid, *, ignored: bool = False) -> list[ContactConnectionModel]:
        """Return the requests that a contact has received."""
        message = GetConnectionRequests(contact_id=who, include_ignored_requests=ignored, action="received")
        return requests_in(await self.directory.connection_requests(message, by(who)))

    async def sent(self, who: Guid) -> list[ContactConnectionModel]:
        """Return the requests that a contact has sent."""
        message = GetConnectionRequests(contact_id=who, action="sent")
        return requests_in(await self.directory.connection_requests(message, by(who)))

    async def connections(
        self, who: Guid, other: Guid, *, removed: bool = False, kind: Guid = PERSON, caller: Guid | None = None
    ) -> list[ContactConnectionModel]:
        """Return a contact's connections with another contact, or all of its own; `caller` asks, by default `who`."""
        message = GetConnectionsToContact(
            contact_id=other, contact_type_id=kind, requestor_contact_id=who, include_removed=removed
        )
        answer = await self.directory.connections_to_contact(message, by(caller or who))
        found: Any = answer.message
        models: list[ContactConnectionModel] = found.connections
        return models

    async def own_connections(self, who: Guid, *, removed: bool = False) -> tuple[list[Guid | None], int]:
        """Return the ids of all connections of a contact, and their stated total."""
        message = GetConnectionsToContact(
            contact_id=who, contact_type_id=PERSON, requestor_contact_id=who, include_removed=removed
        )
        found: Any = (await self.directory.connections_to_contact(message, by(who))).message
        return [model.connection_id for model in found.connections], found.total_connections

    async def request(self, request_id: Guid) -> ConnectionRequest:
        """Return a request as stored."""
        found = await self.database.read(lambda tx: store.get_request(tx, request_id))
        assert found is not None
        return found

    async def connection(self, connection_id: Guid) -> Connection:
        """Return a connection as stored."""
        found = await self.database.read(lambda tx: store.get_connection(tx, connection_id))
        assert found is not None
        return found

    async def all_requests(self) -> list[ConnectionRequest]:
        """Return every request, in order of creation."""
        return [await self.request(id_) for id_ in await self.database.read(lambda tx: tx.all(ALL_REQUESTS))]

    async def all_connections(self) -> list[Connection]:
        """Return every connection, in order of creation."""
        return [await self.connection(id_) for id_ in await self.database.read(lambda tx: tx.all(ALL_CONNECTIONS))]

    async def totals(self) -> dict[tuple[Guid, str], int]:
        """Return every counter that is not zero."""
        return dict(await self.database.read(lambda tx: tx.all(ALL_TOTALS)))

    async def journal_of(self, subject: Guid) -> list[Recorded]:
        """Return the journal of a request or connection."""
        return await self.database.read(lambda tx: journal.entries_for(tx, subject))

    async def facts_of_waiting_letters(self) -> list[Any]:
        """Return the facts of every waiting letter, in order; a `Drop` or `Withhold` for one that would not be sent."""

        async def unit(tx: Transaction) -> list[Any]:
            return [await self._load(tx, kind, key) for kind, key in await tx.all(_WAITING)]

        return await self.database.read(unit)

    async def waiting_letters(self) -> list[tuple[str, LetterKey]]:
        """Return kind and key of every waiting letter, in order."""
        return await self.database.read(lambda tx: tx.all(_WAITING))

    async def load(self, kind: str, key: LetterKey) -> Any:
        """Load the facts of one letter, or the reason why it is not sent."""
        return await self.database.read(lambda tx: self._load(tx, kind, key))

    async def _load(self, tx: Transaction, kind: str, key: LetterKey) -> Any | Withhold[Any] | Drop | Wait:
        letter: LetterKind[Any] = self.kinds[kind]
        return await letter.load(tx, key)


def by(person: Guid) -> Call:
    """Return a call of this person."""
    return Call(principal=PlatformPrincipal(user_id=new_id(), contact_id=person))


def requests_in(answer: Answer) -> list[ContactConnectionModel]:
    """Return the requests of a response."""
    found: Any = answer.message
    models: list[ContactConnectionModel] = found.connection_requests
    return models


def run(act: Coroutine[Any, Any, T]) -> T:
    """Run an act to completion; its in-memory database never makes it wait."""
    try:
        act.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    raise AssertionError("the act waits for something else")


__all__ = ["PERSON", "VIRTUAL", "World", "by", "quotas", "requests_in", "run"]
