"""Sample data: members of different trades, connections, requests and an invitation.

They are made with the operations of the platform, as each member, so members could have made them.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from platform_api import connections, contacts, identity
from platform_api.connections import AcceptConnectionRequest, ConnectContactsInRoles, InviteContact
from platform_api.contacts import NewPerson, PlatformPrincipal, Profile
from platform_api.database.migrations.schema import current_revision, head_revision
from platform_api.database.opening import engine_of
from platform_api.database.transaction import Database, Transaction
from platform_api.directory import GetConnectionRequests, GetConnectionRequestsResponse
from platform_api.foundation.parts import Operations
from platform_api.foundation.refusals import Refusal
from platform_api.foundation.well_known import ContactType
from platform_api.identity import EmailAddress, NewUser, parse_address
from platform_api.installation.opening import open_parts
from platform_api.installation.operators import NotPrepared
from platform_api.installation.settings import Settings
from platform_api.roles import CUSTOMER, EMPLOYEE, SUBCONTRACTOR, SUPPLIER, RoleBook
from platform_api.wiring import build
from servicehost.contract.call import Answer, Call
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID, Guid

TRADES: Final[Mapping[str, str]] = {
    "builder": "Builder",
    "carpenter": "Carpenter",
    "electrician": "Electrician",
    "plumber": "Plumber",
    "merchant": "Timber Merchant",
}
"""Trades of the members, by the local part of their address."""

ACTIVE: Final = (
    ("builder", "carpenter", EMPLOYEE),
    ("builder", "electrician", SUBCONTRACTOR),
    ("builder", "merchant", SUPPLIER),
)
"""Connections: a member, another one, and the role of the other."""

PENDING: Final = (("builder", "plumber", SUBCONTRACTOR), ("carpenter", "merchant", SUPPLIER))
"""Pending requests: sender, receiver, and the role of the receiver."""

INVITED: Final = ("builder", "newcomer", CUSTOMER)
"""An invitation: sender, the local part of an unregistered address, and the role of its reader."""


class SampleExists(Refusal):
    """The sample data exist already."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The sample data exist already. Sign in as {address}; "
            f"platform-api operator reset-password {address} gives a new password."
        )


async def make(settings: Settings) -> str:
    """Add the sample data to an installation; returns a message for the person at the command line.

    Raises:
        SampleExists: they exist already.
        NotPrepared: there is no database of this version.
    """
    if current_revision(engine_of(settings.database)) != head_revision():
        raise NotPrepared(settings)
    async with open_parts(settings) as parts:
        password = secrets.token_urlsafe(12)
        platform = build(parts, settings, await RoleBook.open(parts.database))
        await World(parts.database, platform.operations).make(await parts.passwords.hash(password))
    people = "\n".join(f"  {address_of(name).text}" for name in TRADES)
    return f"The sample data has been added. Its users sign in with the password {password}:\n{people}"


def address_of(name: str) -> EmailAddress:
    """The address of a member. It receives no mail."""
    return parse_address(f"{name}@platform-api.example")


@dataclass(frozen=True, slots=True)
class World:
    """Makes the sample data with the operations."""

    database: Database
    operations: Operations

    async def make(self, password_hash: str) -> None:
        """Make the members, then their connections and requests.

        Raises:
            SampleExists: one of the members exists already.
        """
        people = {name: await self._register(name, trade, password_hash) for name, trade in TRADES.items()}
        for sender, receiver, role in ACTIVE:
            await self._ask(people[sender], people[receiver], role)
            await self._accept_all(people[receiver])
        for sender, receiver, role in PENDING:
            await self._ask(people[sender], people[receiver], role)
        sender, invited, role = INVITED
        invitation = InviteContact(contact_id=people[sender], email_address=address_of(invited).text, roles=[role])
        await self._carry_out(invitation, people[sender])

    async def _register(self, name: str, trade: str, password_hash: str) -> Guid:
        address = address_of(name)
        profile = Profile(
            first_name="Sample",
            surname=trade,
            description=f"A {trade.lower()} of the sample data.",
            employment_industry="Construction",
            employment_role=trade,
        )

        async def unit(tx: Transaction) -> Guid:
            if await identity.find_user_by_address(tx, address.key) is not None:
                raise SampleExists(address.text)
            contact = await contacts.create_person(tx, NewPerson(profile=profile, email=address.text))
            await identity.create_user(tx, NewUser(contact_id=contact, address=address, password_hash=password_hash))
            await connections.address_verified(tx, contact, address.key)
            return contact

        return await self.database.write(unit)

    async def _ask(self, sender: Guid, receiver: Guid, role: Guid) -> None:
        message = ConnectContactsInRoles(
            contact_id=sender,
            to_contact_id=receiver,
            contact_type_id=ContactType.REAL_PERSON.id,
            roles=[role],
            send_connection_emails=False,
        )
        await self._carry_out(message, sender)

    async def _accept_all(self, receiver: Guid) -> None:
        answer = await self._carry_out(GetConnectionRequests(contact_id=receiver), receiver)
        if isinstance(answer, Answer) and isinstance(answer.message, GetConnectionRequestsResponse):
            for waiting in answer.message.connection_requests:
                accepted = AcceptConnectionRequest(connection_request_id=waiting.connection_request_id or EMPTY_GUID)
                await self._carry_out(accepted, receiver)

    async def _carry_out(self, message: Request[Any], person: Guid) -> object:
        """Carry out an operation as a member; returns the answer."""
        call = Call(principal=PlatformPrincipal(user_id="", contact_id=person))
        return await self.operations[type(message)](message, call)


__all__ = ["ACTIVE", "INVITED", "PENDING", "TRADES", "SampleExists", "World", "address_of", "make"]
