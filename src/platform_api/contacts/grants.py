"""Acting for: a person acts for itself and for the real contacts that it was granted.

A virtual contact never acts. Its keeper sees and manages the record, as does whoever has those scopes on the keeper;
nobody sends, accepts or ends a connection in its name. Otherwise a keeper could forge the consent of the person whom
the record stands for.

Rights are read in the transaction of the act, never from a token, so that a grant that ends takes effect at once.
"""

import enum
from dataclasses import dataclass, field

from platform_api.contacts import store
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_id
from servicehost.contract.scalars import Guid


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


ACTS = Scope.SEND | Scope.ACCEPT | Scope.END
"""The scopes of acts in the name of a contact. The others are rights on its record."""


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
    """The person acting for the contact, or None if it may not do so in this scope: never for a virtual one in `ACTS`.

    Args:
        tx: the transaction of the act.
        person: contact of the person who is signed in.
        contact: the contact to be acted for; the person itself needs no grant, and nothing is read.
        scope: what is to be done.
    """
    if person == contact:
        return Actor(person, contact)
    standing = await store.get_standing(tx, person, contact)
    if standing is None or (standing.keeper_id is not None and scope & ACTS):
        return None
    if standing.allows(scope) or person == standing.keeper_id:
        return Actor(person, contact)
    if standing.keeper_id is None:
        return None
    # A virtual contact never acts, so it keeps nobody: the keeper is real, and the chain ends with it.
    keeper = await store.get_standing(tx, person, standing.keeper_id)
    return Actor(person, contact) if keeper is not None and keeper.allows(scope) else None


async def give(tx: Transaction, grant: NewGrant) -> Guid:
    """The id of the person's grant on the contact, made or, where there is one, given these scopes."""
    return await store.put_grant(tx, grant.id, grant.person, grant.contact, grant.scopes | Scope.VIEW)


__all__ = ["ACTS", "Actor", "NewGrant", "Scope", "actor", "give"]
