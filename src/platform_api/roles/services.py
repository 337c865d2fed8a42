"""Operations on roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from platform_api import contacts
from platform_api.contacts import ContactNotFound, Scope, WrongValue
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.well_known import CONTACT_TYPES_BY_ID, ContactType
from platform_api.roles import rules
from platform_api.roles.book import RoleBook
from platform_api.roles.messages import GetRolesForConnection, GetRolesForConnectionResponse
from platform_api.roles.values import Role
from servicehost.contract.call import Call, Handler
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID, Guid


@dataclass(frozen=True, slots=True)
class RolesService:
    """The operations that read roles."""

    database: Database
    roles: RoleBook

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The handler of each operation."""
        return {GetRolesForConnection: self.roles_for_connection}

    async def roles_for_connection(self, message: GetRolesForConnection, call: Call) -> GetRolesForConnectionResponse:
        """The roles that the other contact can be given: the standard ones, and those of the contact that connects."""
        receiver = CONTACT_TYPES_BY_ID.get(message.contact_type_id)
        if receiver is None:
            raise WrongValue(
                "ContactTypeId",
                "This is not a contact type. Use an id of the list Contact Types, which GetDataLists returns.",
            )

        async def unit(tx: Transaction) -> list[Role]:
            actor = await contacts.actor(
                tx, call.principal, message.from_contact_id, Scope.VIEW, otherwise=ContactNotFound
            )
            sender = await contacts.existing_contact(tx, actor.acting_for)
            if message.contact_id not in (None, EMPTY_GUID):
                await _check_receiver(tx, actor.person, message.contact_id, receiver)
            return self.roles.possible(sender.contact_type, receiver, sender.id)

        roles = await self.database.read(unit)
        return GetRolesForConnectionResponse(roles=[rules.model(role) for role in roles])


async def _check_receiver(tx: Transaction, person: Guid, contact_id: Guid, kind: ContactType) -> None:
    """Refuse a contact of another type, and a virtual one of another keeper."""
    contact = await contacts.find(tx, person, contact_id)
    if contact is None:
        raise ContactNotFound
    if contact.contact_type is not kind:
        raise WrongValue("ContactTypeId", "The contact of ContactId has another type. Use its type, or omit ContactId.")


__all__ = ["RolesService"]
