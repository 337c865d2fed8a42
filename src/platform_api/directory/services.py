"""The lists of requests and connections, as one side sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from platform_api.connections.errors import ActionRequired
from platform_api.contacts import grants, records
from platform_api.contacts.errors import ContactNotFound, WrongValue
from platform_api.contacts.grants import Scope
from platform_api.contacts.values import Contact
from platform_api.contacts.visibility import Relation, view
from platform_api.database.transaction import Database, Transaction
from platform_api.directory import rows, store
from platform_api.directory.messages import (
    GetConnectionRequests,
    GetConnectionRequestsResponse,
    GetConnectionsToContact,
    GetConnectionsToContactResponse,
    GetOwnContact,
    GetOwnContactResponse,
)
from platform_api.directory.pages import (
    ConnectionPage,
    PageLimits,
    PagingRequired,
    RequestPage,
    cursor,
    list_headers,
    next_link,
    page_size,
)
from platform_api.directory.store import Row
from platform_api.identity.principal import acting_person
from platform_api.roles.book import RoleBook
from platform_api.well_known import CONTACT_TYPES_BY_ID
from servicehost.contract.call import Answer, Call, Handler
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID, Guid

LISTS = ("received", "sent")


class Found(NamedTuple):
    """What a unit has read: rows, what makes models of them, and how many there are on all pages."""

    rows: list[Row]
    as_model: rows.Builder
    total: int


@dataclass(frozen=True, slots=True)
class DirectoryService:
    """Lists of connections and requests."""

    database: Database
    roles: RoleBook
    limits: PageLimits
    public_url: str

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """Its operations."""
        return {
            GetConnectionRequests: self.connection_requests,
            GetConnectionsToContact: self.connections_to_contact,
            GetOwnContact: self.own_contact,
        }

    async def connection_requests(self, message: GetConnectionRequests, call: Call) -> Answer:
        """The requests that a contact has received, or has sent. Which, says the route; without one, received."""
        action = (message.action or "received").lower()
        if action not in LISTS:
            raise ActionRequired(LISTS)
        received = action == "received"
        page = self._request_page(message)

        async def unit(tx: Transaction) -> Found:
            asker = await self._asker(tx, call, message.contact_id)
            if received:
                found, build = (
                    await store.received_requests(tx, asker.id, page),
                    rows.received_request(asker, self.roles),
                )
            else:
                found, build = (
                    await store.sent_requests(tx, asker.id, page),
                    rows.sent_request(asker, self.roles, tx.now),
                )
            if message.page_size is None:
                return Found(found, build, len(found))
            count = store.count_received if received else store.count_sent
            return Found(found, build, await count(tx, asker.id, page))

        found, as_model, total = await self.database.read(unit)
        shown, after = self._cut(found, page.limit, whole=message.page_size is None)
        link = self._next(call, message, after) if after else None
        response = GetConnectionRequestsResponse(connection_requests=[as_model(row) for row in shown])
        return Answer(response, headers=list_headers(total, link))

    async def connections_to_contact(self, message: GetConnectionsToContact, call: Call) -> Answer:
        """The connections between a contact and the one that asks."""
        page = self._connection_page(message)

        async def unit(tx: Transaction) -> Found:
            asker = await self._asker(tx, call, message.requestor_contact_id)
            other = await records.find(tx, acting_person(call), message.contact_id)
            if other is None:
                raise ContactNotFound
            kind = CONTACT_TYPES_BY_ID.get(message.contact_type_id)
            if kind is None or not other.is_or_was(kind):
                raise WrongValue("ContactTypeId", "This is not the type of the contact that ContactId names.")
            found = await store.connections_of(tx, asker.id, other.id, page)
            total = await store.count_connections(tx, asker.id, other.id, page)
            return Found(found, rows.connection(asker, self.roles), total)

        found, as_model, total = await self.database.read(unit)
        shown, after = self._cut(found, page.limit, whole=not self._is_paged(message))
        response = GetConnectionsToContactResponse(
            connections=[as_model(row) for row in shown], total_connections=total
        )
        link = self._next(call, message, after) if after else None
        return Answer(response, headers=list_headers(total, link))

    async def own_contact(self, _message: GetOwnContact, call: Call) -> GetOwnContactResponse:
        """The contact of the user who asks."""
        person = acting_person(call)
        found = await self.database.read(lambda tx: records.summaries(tx, [person]))
        if person not in found:
            raise ContactNotFound
        return GetOwnContactResponse(contact=view(found[person], Relation.SELF))

    async def _asker(self, tx: Transaction, call: Call, contact_id: Guid) -> Contact:
        actor = await grants.actor(tx, acting_person(call), contact_id, Scope.VIEW)
        contact = await records.get_contact(tx, contact_id) if actor else None
        if contact is None:
            raise ContactNotFound
        return contact

    def _request_page(self, message: GetConnectionRequests) -> RequestPage:
        size = self.limits.whole_list if message.page_size is None else page_size(message.page_size, self.limits)
        return RequestPage(
            types=[_type_code(id_) for id_ in message.contact_types if id_ != EMPTY_GUID],
            include_ignored=message.include_ignored_requests,
            after=cursor(message.after),
            limit=size + 1,
        )

    @staticmethod
    def _is_paged(message: GetConnectionsToContact) -> bool:
        return message.is_paged_mode or message.after is not None

    def _connection_page(self, message: GetConnectionsToContact) -> ConnectionPage:
        paged = self._is_paged(message)
        size = page_size(message.page_size, self.limits) if paged else self.limits.whole_list
        offset = size * max(0, message.page_number - 1) if paged and not message.after else 0
        return ConnectionPage(message.include_removed, cursor(message.after), size + 1, offset)

    def _cut(self, found: list[Row], limit: int, *, whole: bool) -> tuple[list[Row], Guid | None]:
        """The rows of the page, and the cursor of the next page if there is one.

        Raises:
            PagingRequired: the whole list was wanted and is too long.
        """
        if len(found) < limit:
            return found, None
        if whole:
            raise PagingRequired(self.limits.whole_list)
        return found[:-1], found[-2][0]

    def _next(self, call: Call, message: GetConnectionRequests | GetConnectionsToContact, after: Guid) -> str:
        if isinstance(message, GetConnectionRequests):
            members: dict[str, str | int | bool | None] = {
                "PageSize": message.page_size,
                "ContactTypes": ",".join(message.contact_types),
                "IncludeIgnoredRequests": message.include_ignored_requests,
            }
        else:
            members = {
                "ContactTypeId": message.contact_type_id,
                "RequestorContactId": message.requestor_contact_id,
                "IsPagedMode": True,
                "PageSize": message.page_size,
                "IncludeRemoved": message.include_removed,
            }
        return next_link(self.public_url + call.path, members, after)


def _type_code(type_id: Guid) -> str:
    kind = CONTACT_TYPES_BY_ID.get(type_id)
    if kind is None:
        raise WrongValue("ContactTypes", f"'{type_id}' is no contact type. GetDataLists serves them.")
    return kind.code


__all__ = ["DirectoryService"]
