"""Credentials without scopes, such as those of an API key, do nothing in the name of their user's contacts."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

import pytest
from tests.support.world import PERSON, World

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
from platform_api.connections.services import ConnectionsService
from platform_api.contacts import PlatformPrincipal, Scope
from platform_api.directory import GetConnectionRequests, GetConnectionsToContact, GetOwnContact
from platform_api.foundation.ids import new_id
from platform_api.roles.messages import GetRolesForConnection
from platform_api.roles.services import RolesService
from platform_api.roles.standard import EMPLOYEE
from servicehost.contract.call import Call, Handler
from servicehost.contract.errors import NotFound, ServiceError
from servicehost.contract.messages import Request
from servicehost.contract.scalars import Guid


class Case:
    """A person who has sent a request and has received one, and has a connection.

    Attributes:
        me: the person.
        other: the other contact of each.
    """

    def __init__(self, world: World, me: Guid, other: Guid) -> None:
        self.world, self.me, self.other = world, me, other
        self.sent = self.received = self.connection = self.pending = me

    @property
    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The operations that people carry out for contacts."""
        connections = ConnectionsService(self.world.sending, self.world.answering, self.world.blocking)
        roles = RolesService(self.world.database, self.world.roles)
        return {**connections.handlers(), **self.world.directory.handlers(), **roles.handlers()}


MESSAGES: Final[Mapping[type[Request[Any]], Callable[[Case], Request[Any]]]] = {
    ConnectContactsInRoles: lambda case: ConnectContactsInRoles(
        contact_id=case.me, to_contact_id=case.other, contact_type_id=PERSON, roles=[EMPLOYEE]
    ),
    InviteContact: lambda case: InviteContact(contact_id=case.me, email_address="new@example.com", roles=[EMPLOYEE]),
    ConnectionRequestResend: lambda case: ConnectionRequestResend(connection_request_id=case.sent, contact_id=case.me),
    ConnectionRequestStatusUpdate: lambda case: ConnectionRequestStatusUpdate(
        connection_request_id=case.received, contact_id=case.me, role_id=EMPLOYEE, action="accept"
    ),
    ConnectionStatusUpdate: lambda case: ConnectionStatusUpdate(
        connection_id=case.pending, contact_id=case.me, contact_type_id=PERSON, role_id=EMPLOYEE, action="cancel"
    ),
    AcceptConnectionRequest: lambda case: AcceptConnectionRequest(connection_request_id=case.received),
    DeclineConnectionRequest: lambda case: DeclineConnectionRequest(connection_request_id=case.received),
    IgnoreConnectionRequest: lambda case: IgnoreConnectionRequest(connection_request_id=case.received),
    CancelConnectionRequest: lambda case: CancelConnectionRequest(connection_request_id=case.sent),
    CancelConnection: lambda case: CancelConnection(connection_id=case.pending),
    RemoveConnection: lambda case: RemoveConnection(connection_id=case.pending),
    BlockContact: lambda case: BlockContact(contact_id=case.me, blocked_contact_id=case.other),
    UnblockContact: lambda case: UnblockContact(contact_id=case.me, blocked_contact_id=case.other),
    GetConnectionRequests: lambda case: GetConnectionRequests(contact_id=case.me),
    GetConnectionsToContact: lambda case: GetConnectionsToContact(
        contact_id=case.me, contact_type_id=PERSON, requestor_contact_id=case.me
    ),
    GetOwnContact: lambda _: GetOwnContact(),
    GetRolesForConnection: lambda case: GetRolesForConnection(from_contact_id=case.me, contact_type_id=PERSON),
}
"""A message for each operation; with full credentials none of them is refused as not found."""


@pytest.fixture
async def case() -> AsyncIterator[Case]:
    """A small world with one request in each direction."""
    world = World()
    made = Case(world, await world.person("me@example.com"), await world.person("other@example.com"))
    await world.ask(made.me, made.other)
    (sent,) = await world.all_requests()
    await world.ask(made.other, await world.person("third@example.com"))
    await world.ask(await world.person("fourth@example.com"), made.me)
    made.sent, made.pending = sent.id, sent.connection_id
    made.received = next(request.id for request in await world.all_requests() if request.receiver_id == made.me)
    yield made
    world.close()


def call(person: Guid, scopes: Scope) -> Call:
    """A call with credentials limited to these scopes."""
    return Call(principal=PlatformPrincipal(user_id=new_id(), contact_id=person, scopes=scopes))


def test_every_operation_for_contacts_has_a_message(case: Case) -> None:
    """Except for acceptance by the token of a mail, which needs no user."""
    assert {*case.handlers} - {PublicConnectionRequestStatusUpdate} == {*MESSAGES}


@pytest.mark.parametrize("operation", MESSAGES, ids=lambda operation: operation.__name__)
async def test_credentials_without_scopes_are_refused(case: Case, operation: type[Request[Any]]) -> None:
    """As if what the message names did not exist."""
    with pytest.raises(NotFound):
        await case.handlers[operation](MESSAGES[operation](case), call(case.me, Scope(0)))


@pytest.mark.parametrize("operation", MESSAGES, ids=lambda operation: operation.__name__)
async def test_full_credentials_find_the_same(case: Case, operation: type[Request[Any]]) -> None:
    """The refusal above has no other cause. A cooldown and the like are checked later, and refuse otherwise."""
    refused = None
    try:
        await case.handlers[operation](MESSAGES[operation](case), call(case.me, Scope.ALL))
    except ServiceError as error:
        refused = type(error)
    assert refused is None or not issubclass(refused, NotFound)
