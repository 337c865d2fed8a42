"""The in-memory copy of all roles. Every row of a list of connections names two roles, so lists do not query them."""

import asyncio
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from platform_api.database.transaction import Database
from platform_api.foundation.well_known import ContactType
from platform_api.roles import rules, store
from platform_api.roles.standard import STANDARD_ROLES
from platform_api.roles.values import ROLES_CHANGED, Role
from servicehost.contract.errors import ServiceUnavailable
from servicehost.contract.scalars import Guid


class RoleBook:
    """All roles, standard and custom, as this node last read them.

    Use it for names and choices. A decision that must see a change committed a moment ago reads `get_role` in its
    transaction.
    """

    def __init__(self, roles: Iterable[Role] = STANDARD_ROLES) -> None:
        self._roles = _by_id(roles)
        self._refreshing: asyncio.Task[None] | None = None
        self._stale = False
        self._closed = False

    @classmethod
    async def open(cls, database: Database) -> "RoleBook":
        """A copy of the roles in the database, read again after every change on any node."""
        book = cls(await database.read(store.list_roles))
        database.listen(ROLES_CHANGED, lambda: book._wake(database))
        return book

    def role(self, role_id: Guid) -> Role | None:
        """The role, active or archived; None if it does not exist."""
        return self._roles.get(role_id)

    def name(self, role_id: Guid) -> str:
        """The name of the role; empty if it does not exist."""
        role = self._roles.get(role_id)
        return role.name if role else ""

    def standard(self) -> list[Role]:
        """The roles that the platform owns."""
        return [role for role in self._roles.values() if role.is_standard]

    def owned_by(self, licensee: Guid) -> list[Role]:
        """The custom roles that a licensee owns."""
        return [role for role in self._roles.values() if role.owner_id == licensee]

    def possible(self, sender: ContactType, receiver: ContactType, licensee: Guid | None = None) -> list[Role]:
        """The roles that a contact of type `sender` can give to a contact of type `receiver`.

        Args:
            sender: type of the contact that connects.
            receiver: type of the contact to connect with.
            licensee: owner of the custom roles that are offered beside the standard ones.
        """
        offered = self.standard() + (self.owned_by(licensee) if licensee else [])
        return rules.possible(offered, self.role, sender, receiver)

    async def refresh(self, database: Database) -> None:
        """Read the roles again."""
        self._roles = _by_id(await database.read(store.list_roles))

    async def close(self) -> None:
        """Begin no further refresh, and wait for the end of a running one. Called before the database is closed."""
        self._closed = True
        if self._refreshing is not None:
            await asyncio.wait([self._refreshing])

    def _wake(self, database: Database) -> None:
        self._stale = True
        if not self._closed and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh_while_stale(database))

    async def _refresh_while_stale(self, database: Database) -> None:
        try:
            while self._stale:
                self._stale = False
                await self.refresh(database)
        except ServiceUnavailable:
            self._stale = True  # the copy stays as it is until the next change, on any node, starts another refresh


def _by_id(roles: Iterable[Role]) -> Mapping[Guid, Role]:
    return MappingProxyType({role.id: role for role in roles})


__all__ = ["RoleBook"]
