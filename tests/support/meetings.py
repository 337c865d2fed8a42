"""Builders of situations in tests of the life cycle: people and the relations between them."""

from tests.support.world import PERSON, World

from platform_api import contacts
from platform_api.connections.messages import (
    ConnectContactsInRoles,
)
from platform_api.contacts import ContactSummaryModel, NewGrant, Scope
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid

OWN_MAILBOX = "own@attacker.example"
"""A mailbox that an attacker reads."""


async def two(world: World) -> tuple[Guid, Guid]:
    """Create a sender and a receiver."""
    return await world.person("sender@example.com", "Sending"), await world.person("receiver@example.com", "Receiving")


async def pending(world: World) -> tuple[Guid, Guid, Guid]:
    """Create a sender, a receiver and the request between them."""
    sender, receiver = await two(world)
    await world.ask(sender, receiver)
    return sender, receiver, (await world.all_requests())[0].id


async def grant(world: World, person: Guid, contact: Guid) -> None:
    """Grant a person scopes for a contact."""

    async def unit(tx: Transaction) -> Guid:
        return await contacts.give_grant(tx, NewGrant(person=person, contact=contact, scopes=Scope.ALL))

    await world.database.write(unit)


async def withdraw(world: World, person: Guid, contact: Guid) -> None:
    """Withdraw the grant of a person for a contact."""

    async def unit(tx: Transaction) -> Guid:
        return await contacts.give_grant(tx, NewGrant(person=person, contact=contact, scopes=Scope.VIEW))

    await world.database.write(unit)


async def accepted_by_own_mailbox(world: World) -> tuple[Guid, Guid]:
    """Create an attacker, and the virtual contact for which a mailbox of the attacker has accepted."""
    attacker = await world.person("attacker@example.com", "Attacking")
    virtual = await world.invite(attacker, OWN_MAILBOX)
    request = (await world.all_requests())[0].id
    await world.accept_by_token(request, await world.token(request))
    return attacker, virtual


def seen(contact: ContactSummaryModel | None) -> ContactSummaryModel:
    """Return a contact as shown."""
    assert contact is not None
    return contact


def asking(sender: Guid, receiver: Guid, role: Guid, kind: Guid = PERSON) -> ConnectContactsInRoles:
    """Return the message that sends a request, or connects at once."""
    return ConnectContactsInRoles(
        contact_id=sender, to_contact_id=receiver, contact_type_id=kind, roles=[role], send_connection_emails=True
    )


__all__ = ["OWN_MAILBOX", "accepted_by_own_mailbox", "asking", "grant", "pending", "seen", "two", "withdraw"]
