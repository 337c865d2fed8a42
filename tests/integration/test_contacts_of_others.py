"""Another keeper's virtual contact is told from a missing one by no operation, in no format, by no member."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support.asgi import Answered, send
from tests.support.catalog import built, the_catalog
from tests.support.stores import database_settings
from tests.support.world import by

from platform_api import contacts, identity
from platform_api.connections import store
from platform_api.connections.messages import AddContactResponse, InviteContact
from platform_api.contacts import NewPerson, Profile
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_contact_id
from platform_api.foundation.parts import Parts
from platform_api.foundation.well_known import ContactType
from platform_api.identity import NewUser, parse_address
from platform_api.identity.settings import SignIn
from platform_api.installation import first_start
from platform_api.installation.settings import Keys, Logging, Settings
from platform_api.roles.standard import EMPLOYEE
from platform_api.wiring import Platform
from servicehost.contract.catalog import Operation
from servicehost.contract.scalars import Guid
from servicehost.contract.types import ListOf, MemberModel, Scalar, TypeNode, without_null
from servicehost.formats.codec import Format
from servicehost.formats.registry import HOST_FORMATS
from servicehost.http.app import Host

PASSWORD = "correct horse battery staple"
VOLATILE = {"date", "x-request-id"}


@dataclass
class Asker:
    """A signed-in person with contacts and a request, and a contact kept by another person."""

    host: Host
    token: str
    own: dict[str, Guid]
    foreign: Guid

    async def ask(self, operation: Operation, format_: Format, body: dict[str, Any]) -> Answered:
        """The answer to an operation, in a format."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        target = f"/api/{operation.name}?format={format_.name}"
        return await send(self.host, "POST", target, headers=headers, body=msgspec.json.encode(body))

    def body(self, operation: Operation, member: MemberModel, value: Guid, kind: ContactType) -> dict[str, Any]:
        """A request with one id in one member, and otherwise correct members as far as can be known."""
        known = {
            "ContactTypeId": kind.id,
            "ContactTypes": [kind.id],
            "Roles": [EMPLOYEE],
            "RoleId": EMPLOYEE,
            "EmailAddress": "third@example.com",
            **dict.fromkeys(("ContactId", "FromContactId", "RequestorContactId"), self.own["me"]),
            **dict.fromkeys(("ToContactId", "BlockedContactId"), self.own["kept"]),
            "ConnectionRequestId": self.own["request"],
            "ConnectionId": self.own["connection"],
            "Action": ACTIONS.get(operation.name),
        }
        members = {each.name for each in operation.request.members}
        given: Any = [value] if isinstance(member.core, ListOf) else value
        return {name: held for name, held in known.items() if name in members and held} | {member.name: given}


ACTIONS = {"ConnectionRequestStatusUpdate": "cancel", "ConnectionStatusUpdate": "cancel"}


def guids(operation: Operation) -> list[MemberModel]:
    """The members of a request that hold ids."""
    return [member for member in operation.request.members if _item(member.core) is Scalar.GUID]


def _item(node: TypeNode) -> TypeNode:
    return without_null(node.item) if isinstance(node, ListOf) else node


PROBES = [(operation, member) for operation in the_catalog() for member in guids(operation)]
IDS = [f"{operation.name}.{member.name}" for operation, member in PROBES]


@pytest.fixture
async def asker(tmp_path: Path) -> AsyncIterator[Asker]:
    """A whole platform on a real database."""
    settings = Settings(
        database=database_settings(tmp_path / "platform.sqlite3"),
        keys=Keys(path=tmp_path / "keys"),
        sign_in=SignIn(argon2_memory_kib=8, argon2_time_cost=1),
        logging=Logging(access=False),
    )
    first_start.migrate_database(settings)
    async with built(settings) as (parts, platform):
        yield await _an_asker(parts, platform, await parts.passwords.hash(PASSWORD))


async def _an_asker(parts: Parts, platform: Platform, password_hash: str) -> Asker:
    host, database = platform.host, parts.database
    me, other = [await _person(database, f"{name}@example.com", password_hash) for name in ("me", "other")]
    mine, theirs = [await _invited(platform, keeper) for keeper in (me, other)]
    body = {"Provider": "credentials", "UserName": "me@example.com", "Password": PASSWORD, "UseTokenCookie": False}
    headers = {"Content-Type": "application/json"}
    signed_in = await send(host, "POST", "/api/Authenticate", headers=headers, body=msgspec.json.encode(body))
    (request,) = await database.read(lambda tx: store.requests_to(tx, mine))
    own = {"me": me, "kept": mine, "request": request.id, "connection": request.connection_id}
    return Asker(host, signed_in.json["bearerToken"], own, theirs)


async def _person(database: Database, address: str, password_hash: str) -> Guid:
    email = parse_address(address)

    async def unit(tx: Transaction) -> Guid:
        person = NewPerson(profile=Profile(first_name="Some", surname="Person"), email=email.text)
        contact = await contacts.create_person(tx, person)
        await identity.create_user(tx, NewUser(contact_id=contact, address=email, password_hash=password_hash))
        return contact

    return await database.write(unit)


async def _invited(platform: Platform, keeper: Guid) -> Guid:
    message = InviteContact(contact_id=keeper, email_address="third@example.com", roles=[EMPLOYEE])
    answer = await platform.operations[InviteContact](message, by(keeper))
    assert isinstance(answer, AddContactResponse)
    return answer.contact_id


def _without(answer: Answered, id_: Guid) -> tuple[object, ...]:
    """An answer without the id that was asked for, and without what differs between any two answers."""
    fields = [(name, value) for name, value in answer.fields if name not in VOLATILE]
    request_id = answer.header("x-request-id") or "none"
    body = answer.body.replace(id_.encode(), b"the id").replace(request_id.encode(), b"the request")
    return answer.status, fields, body


@pytest.mark.no_database
def test_the_operations_that_name_contacts_are_among_the_probes() -> None:
    """At least these; a new operation is probed as soon as it is served."""
    named = {
        "ConnectContactsInRoles.ContactId",
        "ConnectContactsInRoles.ToContactId",
        "InviteContact.ToContactId",
        "BlockContact.BlockedContactId",
        "UnblockContact.BlockedContactId",
        "GetConnectionsToContact.ContactId",
        "GetConnectionsToContact.RequestorContactId",
        "GetConnectionRequests.ContactId",
        "GetRolesForConnection.ContactId",
        "GetDataLists.LicenseeId",
    }
    assert named <= set(IDS)


@pytest.mark.parametrize("kind", [ContactType.VIRTUAL_PERSON, ContactType.REAL_PERSON], ids=["its type", "another"])
async def test_another_keepers_contact_looks_like_a_missing_one(asker: Asker, kind: ContactType) -> None:
    """The same status, header fields and bytes, in every format, whatever the other members are."""
    differing = []
    for (operation, member), name in zip(PROBES, IDS, strict=True):
        for format_ in HOST_FORMATS:
            missing = new_contact_id()
            answers = [
                _without(await asker.ask(operation, format_, asker.body(operation, member, id_, kind)), id_)
                for id_ in (missing, asker.foreign)
            ]
            if answers[0] != answers[1]:
                differing.append((name, format_.name, answers))
    assert [] == differing
