"""Acting for a contact: who acts, for whom and with which scope, or which error refuses it.

An operation that needs a person calls `actor` once and passes the result on. A person acts for its own contact and for
the contacts that it holds a grant on. Rights are read in the transaction of the act, never from a token, so that the
end of a grant takes effect at once.

A virtual contact never acts. Its keeper, and the holders of a grant on its keeper, may view and manage the record; no
grant allows a user to send, accept or end in its name. Otherwise a keeper could forge the consent of the person whom
the record stands for.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from platform_api.contacts import store
from platform_api.database.transaction import Transaction
from platform_api.foundation.ids import new_id
from servicehost.contract.call import Principal
from servicehost.contract.errors import NotAuthenticated, ServiceError
from servicehost.contract.scalars import EMPTY_GUID, Guid


class Scope(enum.IntFlag):
    """A right that a grant gives. The numbers are stored: never renumber them."""

    VIEW = 1
    SEND = 2
    ACCEPT = 4
    END = 8
    MANAGE_ROLES = 16
    MANAGE_GRANTS = 32
    MANAGE = MANAGE_ROLES | MANAGE_GRANTS
    ALL = VIEW | SEND | ACCEPT | END | MANAGE


ACTS = Scope.SEND | Scope.ACCEPT | Scope.END
"""The scopes of acts in the name of a contact. The other scopes are rights on its record."""


@dataclass(frozen=True)
class PlatformPrincipal(Principal):
    """A signed-in user.

    Attributes:
        contact_id: the user's own contact, a Real Person.
        perspective: the contact that the session acts for when an operation names none; None for the user's own. It
            gives no right.
        scopes: the scopes that the credentials are limited to, whatever the grants allow.
    """

    contact_id: Guid = EMPTY_GUID
    perspective: Guid | None = None
    scopes: Scope = Scope.ALL

    @property
    def meta(self) -> Mapping[str, str]:
        """The user's own contact, which clients need for every operation on connections."""
        return {"ContactId": self.contact_id}


class Actor(msgspec.Struct, frozen=True, gc=False):
    """The author of an act: a person's contact, and the contact that it acts for, which may be the same.

    A struct, because every act makes one.
    """

    person: Guid
    acting_for: Guid


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """A person's right to act for a contact. Every grant includes the scope to view. `id` is its `UserProfileId`."""

    person: Guid
    contact: Guid
    scopes: Scope
    id: Guid = field(default_factory=new_id)


def signed_in(principal: Principal | None) -> PlatformPrincipal:
    """The principal of a call as a user of the platform.

    Raises:
        NotAuthenticated: the call is anonymous.
    """
    if not isinstance(principal, PlatformPrincipal):
        raise NotAuthenticated
    return principal


async def actor(
    tx: Transaction,
    principal: Principal | None,
    contact_id: Guid,
    scope: Scope,
    *,
    otherwise: Callable[[], ServiceError],
) -> Actor:
    """The signed-in person, acting for a contact.

    Args:
        tx: the transaction of the act.
        principal: the principal of the call.
        contact_id: the contact that the operation names. The empty Guid means the perspective of the session, or the
            person's own contact if the session has no perspective.
        scope: the scopes that the act needs, all of them.
        otherwise: the error to raise if the person may not act for the contact with this scope.

    Raises:
        NotAuthenticated: the call is anonymous.
    """
    by = signed_in(principal)
    contact = contact_id if contact_id != EMPTY_GUID else by.perspective or by.contact_id
    is_own = contact == by.contact_id  # as in `may_act`, and the most frequent case
    if scope not in by.scopes or not (is_own or await may_act(tx, by.contact_id, contact, scope)):
        raise otherwise()
    return Actor(by.contact_id, contact)


async def actors(
    tx: Transaction,
    principal: Principal | None,
    contact_ids: Iterable[Guid],
    scope: Scope,
    *,
    otherwise: Callable[[], ServiceError],
) -> list[Actor]:
    """The signed-in person, acting for each of the contacts that it may act for, in their order; at least one.

    For acts that either side of a connection may carry out. `otherwise` is raised if the person may act for none.

    Raises:
        NotAuthenticated: the call is anonymous.
    """
    by = signed_in(principal)
    wanted = contact_ids if scope in by.scopes else ()
    found = [Actor(by.contact_id, contact) for contact in wanted if await may_act(tx, by.contact_id, contact, scope)]
    if not found:
        raise otherwise()
    return found


async def may_act(tx: Transaction, person: Guid, contact: Guid, scope: Scope) -> bool:
    """Whether a person may act for a contact, by its own right or by grants, with every one of the scopes.

    For rights of a person who has not made the call, such as the sender of a request that is being accepted. Nothing
    is read for the person's own contact.
    """
    if person == contact:
        return True
    standing = await store.get_standing(tx, person, contact)
    if standing is None or (standing.keeper_id is not None and scope & ACTS):
        return False
    if standing.allows(scope) or person == standing.keeper_id:
        return True
    if standing.keeper_id is None:
        return False
    # A virtual contact never acts, so it keeps no contacts: the keeper is real, and the chain ends with it.
    keeper = await store.get_standing(tx, person, standing.keeper_id)
    return keeper is not None and keeper.allows(scope)


async def give_grant(tx: Transaction, grant: NewGrant) -> Guid:
    """Give a person a grant on a contact, or replace the scopes of the one that it has; returns the grant's id."""
    return await store.put_grant(tx, grant.id, grant.person, grant.contact, grant.scopes | Scope.VIEW)


__all__ = [
    "ACTS",
    "Actor",
    "NewGrant",
    "PlatformPrincipal",
    "Scope",
    "actor",
    "actors",
    "give_grant",
    "may_act",
    "signed_in",
]
