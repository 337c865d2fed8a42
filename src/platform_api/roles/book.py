"""The role book: every role in memory, since every row of a list of connections names two of them."""

import asyncio
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.well_known import ContactType
from platform_api.roles import rules, store
from platform_api.roles.standard import STANDARD_ROLES
from platform_api.roles.values import Role
from servicehost.contract.errors import ServiceUnavailable
from servicehost.contract.scalars import Guid

TOPIC = "roles"
"""Notified by every transaction that changes a role."""


class RoleBook:
    """The roles, standard and custom, as of a moment ago on this node.

    For names and choices. A decision that must not miss a change of the same moment reads `get_role` in its
    transaction.
    """

    def __init__(self, roles: Iterable[Role] = STANDARD_ROLES) -> None:
        self._roles = _by_id(roles)
        self._refreshing: asyncio.Task[None] | None = None
        self._stale = False

    @classmethod
    async def open(cls, database: Database) -> "RoleBook":
        """The roles of the database, read again after every change on any node."""
        book = cls(await database.read(list_roles))
        database.listen(TOPIC, lambda: book._wake(database))
        return book

    def role(self, role_id: Guid) -> Role | None:
        """The role, also one that is archived."""
        return self._roles.get(role_id)

    def name(self, role_id: Guid) -> str:
        """The name of the role; empty if there is none."""
        role = self._roles.get(role_id)
        return role.name if role else ""

    def standard(self) -> list[Role]:
        """The roles that the platform owns."""
        return [role for role in self._roles.values() if role.is_standard]

    def owned_by(self, licensee: Guid) -> list[Role]:
        """The roles that a licensee owns."""
        return [role for role in self._roles.values() if role.owner_id == licensee]

    def possible(self, sender: ContactType, receiver: ContactType, licensee: Guid | None = None) -> list[Role]:
        """The roles that a receiver of this type can be given by a sender of that type.

        Args:
            sender: type of the contact that connects.
            receiver: type of the contact to be connected with.
            licensee: whose custom roles are offered beside the standard ones.
        """
        offered = self.standard() + (self.owned_by(licensee) if licensee else [])
        return rules.possible(offered, self.role, sender, receiver)

    async def refresh(self, database: Database) -> None:
        """Read the roles again."""
        self._roles = _by_id(await database.read(list_roles))

    def _wake(self, database: Database) -> None:
        self._stale = True
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh_while_stale(database))

    async def _refresh_while_stale(self, database: Database) -> None:
        try:
            while self._stale:
                self._stale = False
                await self.refresh(database)
        except ServiceUnavailable:
            self._stale = True  # the next change, anywhere, tries again; until then the book is as it was


async def list_roles(tx: Transaction) -> list[Role]:
    """Every role, by name."""
    return await tx.all(store.LIST_ROLES)


async def get_role(tx: Transaction, role_id: Guid) -> Role | None:
    """The role as it is in this transaction, also one that is archived."""
    return await tx.one(store.GET_ROLE, id=role_id)


def _by_id(roles: Iterable[Role]) -> Mapping[Guid, Role]:
    return MappingProxyType({role.id: role for role in roles})


__all__ = ["TOPIC", "RoleBook", "get_role", "list_roles"]
