"""Acting for: a person acts for itself, for contacts that it was granted, and for virtual contacts that these keep.

Read in the transaction of the act, never from a token, so that a grant that ends takes effect at once.
"""

import enum
from dataclasses import dataclass, field

from platform_api.contacts import store
from platform_api.database.transaction import Transaction
from platform_api.ids import new_id
from servicehost.contract.scalars import Guid

MAX_KEEPERS = 4
"""How many keepers up a virtual contact's chain are asked: a kept organisation may keep people of its own."""


class Scope(enum.IntFlag):
    """What a grant allows. The numbers are stored: never renumber."""

    VIEW = 1
    SEND = 2
    ACCEPT = 4
    END = 8
    MANAGE_ROLES = 16
    MANAGE_GRANTS = 32
    MANAGE = MANAGE_ROLES | MANAGE_GRANTS
    ALL = VIEW | SEND | ACCEPT | END | MANAGE


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person's contact, and the contact that it acts for, which may be the same."""

    person: Guid
    acting_for: Guid


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """The right of a person to act for a contact; every grant allows to view. `id` is its `UserProfileId`."""

    person: Guid
    contact: Guid
    scopes: Scope
    id: Guid = field(default_factory=new_id)


async def actor(tx: Transaction, person: Guid, contact: Guid, scope: Scope) -> Actor | None:
    """The person acting for the contact, or None if it may not do so in this scope.

    Args:
        tx: the transaction of the act.
        person: contact of the person who is signed in.
        contact: the contact to be acted for; the person itself needs no grant, and nothing is read.
        scope: what is to be done.
    """
    if person == contact:
        return Actor(person, contact)
    asked: Guid | None = contact
    for _ in range(MAX_KEEPERS):
        standing = await tx.one(store.GET_STANDING, person=person, contact=asked)
        if standing is None:
            return None
        if person == standing.keeper_id or standing.scopes & scope == scope:
            return Actor(person, contact)
        if standing.keeper_id is None:
            return None
        asked = standing.keeper_id
    return None


async def give(tx: Transaction, grant: NewGrant) -> Guid:
    """The id of the person's grant on the contact, made or, where there is one, given these scopes."""
    granted = await tx.one(
        store.PUT_GRANT,
        id=grant.id,
        person_id=grant.person,
        contact_id=grant.contact,
        scopes=grant.scopes | Scope.VIEW,
        created_at=tx.now,
    )
    return granted or grant.id


__all__ = ["MAX_KEEPERS", "Actor", "NewGrant", "Scope", "actor", "give"]
