"""Lists of requests and connections, as one of the two contacts sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from platform_api import contacts
from platform_api.connections import ActionRequired
from platform_api.contacts import ContactNotFound, Scope, WrongValue, view
from platform_api.database.transaction import Database, Transaction
from platform_api.directory import rows, store
from platform_api.directory.messages import (
    ContactConnectionModel,
    GetConnectionRequests,
    GetConnectionRequestsResponse,
    GetConnectionsToContact,
    GetConnectionsToContactResponse,
    GetOwnContact,
    GetOwnContactResponse,
)
from platform_api.directory.values import RequestFilter, SeenContact
from platform_api.foundation.well_known import CONTACT_TYPES_BY_ID
from platform_api.lists.pages import ListPage, list_answer, page, read_page
from platform_api.lists.rules import requested_rows, requested_window
from platform_api.lists.settings import PageLimits
from platform_api.lists.values import Window
from platform_api.roles import RoleBook
from servicehost.contract.call import Call, Handler, ListAnswer
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID, Guid

_DIRECTIONS = ("received", "sent")


@dataclass(frozen=True, slots=True)
class DirectoryService:
    """Lists of connections and requests."""

    database: Database
    roles: RoleBook
    limits: PageLimits

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The handler of each operation."""
        return {
            GetConnectionRequests: self.connection_requests,
            GetConnectionsToContact: self.connections_to_contact,
            GetOwnContact: self.own_contact,
        }

    async def connection_requests(self, message: GetConnectionRequests, call: Call) -> ListAnswer:
        """The requests that a contact has received or sent. The route decides which; the default is received."""
        action = (message.action or "received").lower()
        if action not in _DIRECTIONS:
            raise ActionRequired(_DIRECTIONS)
        wanted = RequestFilter(_type_codes(message.contact_types), message.include_ignored_requests)

        async def read(tx: Transaction, window: Window) -> ListPage[ContactConnectionModel]:
            actor = await contacts.actor(tx, call.principal, message.contact_id, Scope.VIEW, otherwise=ContactNotFound)
            asker = await contacts.existing_contact(tx, actor.acting_for)
            if action == "received":
                return await page(
                    window,
                    await store.received_requests(tx, asker.id, wanted, window),
                    rows.received_request(asker, self.roles),
                    lambda: store.count_received(tx, asker.id, wanted),
                )
            return await page(
                window,
                await store.sent_requests(tx, asker.id, wanted, window),
                rows.sent_request(asker, self.roles, tx.now),
                lambda: store.count_sent(tx, asker.id, wanted),
            )

        found = await read_page(self.database, requested_rows(message.page_size, message.after, self.limits), read)
        return list_answer(message, GetConnectionRequestsResponse(connection_requests=found.rows), found)

    async def connections_to_contact(self, message: GetConnectionsToContact, call: Call) -> ListAnswer:
        """The connections between a contact and the asker."""
        window = requested_window(message, message.after, self.limits, paged=message.is_paged_mode)

        async def read(tx: Transaction, window: Window) -> ListPage[ContactConnectionModel]:
            actor = await contacts.actor(
                tx, call.principal, message.requestor_contact_id, Scope.VIEW, otherwise=ContactNotFound
            )
            asker = await contacts.existing_contact(tx, actor.acting_for)
            other = await contacts.find(tx, actor.person, message.contact_id)
            if other is None:
                raise ContactNotFound
            kind = CONTACT_TYPES_BY_ID.get(message.contact_type_id)
            if kind is None or not other.is_or_was(kind):
                raise WrongValue("ContactTypeId", "This is not the type of the contact that ContactId names.")
            return await page(
                window,
                await store.connections_of(tx, asker.id, other.id, window, include_removed=message.include_removed),
                rows.connection(asker, self.roles),
                lambda: store.count_connections(tx, asker.id, other.id, include_removed=message.include_removed),
            )

        found = await read_page(self.database, window, read)
        response = GetConnectionsToContactResponse(connections=found.rows, total_connections=found.total)
        return list_answer(message, response, found)

    async def own_contact(self, _message: GetOwnContact, call: Call) -> GetOwnContactResponse:
        """The contact of the signed-in user."""
        person = contacts.signed_in(call.principal).contact_id

        async def read(tx: Transaction) -> SeenContact | None:
            actor = await contacts.actor(tx, call.principal, person, Scope.VIEW, otherwise=ContactNotFound)
            return await store.seen_contact(tx, actor.acting_for, actor.acting_for)

        own = await self.database.read(read)
        if own is None:
            raise ContactNotFound
        return GetOwnContactResponse(contact=view(own.contact, own.relation))


def _type_codes(type_ids: Iterable[Guid]) -> list[str]:
    return [_type_code(id_) for id_ in type_ids if id_ != EMPTY_GUID]


def _type_code(type_id: Guid) -> str:
    kind = CONTACT_TYPES_BY_ID.get(type_id)
    if kind is None:
        raise WrongValue("ContactTypes", f"'{type_id}' is not a contact type. Use an id from GetDataLists.")
    return kind.code


__all__ = ["DirectoryService"]
