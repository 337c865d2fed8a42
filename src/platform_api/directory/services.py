"""The lists of requests and connections, as one side sees them."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import msgspec

from platform_api import contacts
from platform_api.connections.errors import ActionRequired
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
from platform_api.directory.values import ConnectionPage, ListedConnection, ReceivedRequest, RequestPage, SentRequest
from platform_api.foundation.well_known import CONTACT_TYPES_BY_ID
from platform_api.lists.paging import (
    SHORT_READ,
    PageLimits,
    PagingRequired,
    check_sort,
    cursor,
    page_place,
    page_size,
)
from platform_api.roles import RoleBook
from servicehost.contract.call import Call, Handler, ListAnswer
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID, Guid

LISTS = ("received", "sent")
Row = TypeVar("Row", ReceivedRequest, SentRequest, ListedConnection)


class Found(NamedTuple):
    """A page that was read.

    Attributes:
        models: its rows.
        following: the last of them, when there are further rows.
        total: rows on all pages.
    """

    models: list[ContactConnectionModel]
    following: Guid | None
    total: int


ReadPage = Callable[[Transaction, int], Coroutine[Any, Any, Found]]
"""Reads a list's page of at most so many rows."""


@dataclass(frozen=True, slots=True)
class DirectoryService:
    """Lists of connections and requests."""

    database: Database
    roles: RoleBook
    limits: PageLimits

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """Its operations."""
        return {
            GetConnectionRequests: self.connection_requests,
            GetConnectionsToContact: self.connections_to_contact,
            GetOwnContact: self.own_contact,
        }

    async def connection_requests(self, message: GetConnectionRequests, call: Call) -> ListAnswer:
        """The requests that a contact has received, or has sent. Which, says the route; without one, received."""
        action = (message.action or "received").lower()
        if action not in LISTS:
            raise ActionRequired(LISTS)
        received = action == "received"
        page = self._request_page(message)
        paged = message.page_size is not None

        async def unit(tx: Transaction, size: int) -> Found:
            actor = await contacts.actor(tx, call.principal, message.contact_id, Scope.VIEW, otherwise=ContactNotFound)
            asker = await contacts.existing_contact(tx, actor.acting_for)
            if received:
                incoming = await store.received_requests(tx, asker.id, page, size + 1)
                total = await store.count_received(tx, asker.id, page) if paged else len(incoming)
                return _page(incoming, size, rows.received_request(asker, self.roles), total)
            outgoing = await store.sent_requests(tx, asker.id, page, size + 1)
            total = await store.count_sent(tx, asker.id, page) if paged else len(outgoing)
            return _page(outgoing, size, rows.sent_request(asker, self.roles, tx.now), total)

        found = await self._read(unit, page.size)
        response = GetConnectionRequestsResponse(connection_requests=found.models)
        return self._answer(message, response, found, paged=paged)

    async def connections_to_contact(self, message: GetConnectionsToContact, call: Call) -> ListAnswer:
        """The connections between a contact and the one that asks."""
        check_sort(message)
        page = self._connection_page(message)

        async def unit(tx: Transaction, size: int) -> Found:
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
            found = await store.connections_of(tx, asker.id, other.id, page, size + 1)
            total = await store.count_connections(tx, asker.id, other.id, page)
            return _page(found, size, rows.connection(asker, self.roles), total)

        found = await self._read(unit, page.size, page.offset)
        response = GetConnectionsToContactResponse(connections=found.models, total_connections=found.total)
        return self._answer(message, response, found, paged=self._is_paged(message))

    async def own_contact(self, _message: GetOwnContact, call: Call) -> GetOwnContactResponse:
        """The contact of the user who asks."""
        person = contacts.signed_in(call.principal).contact_id
        own = await self.database.read(lambda tx: store.seen_contact(tx, person, person))
        if own is None:
            raise ContactNotFound
        return GetOwnContactResponse(contact=view(own.contact, own.relation))

    async def _read(self, page: ReadPage, size: int, offset: int = 0) -> Found:
        """Read a page: a short one, as nearly all are, on the event loop, and only what is longer on a thread."""
        if offset <= SHORT_READ:
            short = min(size, SHORT_READ)
            found = await self.database.read(lambda tx: page(tx, short))
            if short == size or found.following is None:
                return found
        return await self.database.read_long(lambda tx: page(tx, size))

    def _request_page(self, message: GetConnectionRequests) -> RequestPage:
        size = self.limits.whole_list if message.page_size is None else page_size(message.page_size, self.limits)
        return RequestPage(
            types=[_type_code(id_) for id_ in message.contact_types if id_ != EMPTY_GUID],
            include_ignored=message.include_ignored_requests,
            after=cursor(message.after),
            size=size,
        )

    @staticmethod
    def _is_paged(message: GetConnectionsToContact) -> bool:
        return message.is_paged_mode or message.after is not None

    def _connection_page(self, message: GetConnectionsToContact) -> ConnectionPage:
        after, size, offset = cursor(message.after), self.limits.whole_list, 0
        if self._is_paged(message):
            size, offset = page_place(
                min(message.page_number, 1) if after else message.page_number, message.page_size, self.limits
            )
        return ConnectionPage(message.include_removed, after, size, offset)

    def _answer(
        self,
        message: GetConnectionRequests | GetConnectionsToContact,
        response: GetConnectionRequestsResponse | GetConnectionsToContactResponse,
        found: Found,
        *,
        paged: bool,
    ) -> ListAnswer:
        """The answer with its total and the request for its next page.

        Raises:
            PagingRequired: the whole list was wanted and is too long.
        """
        if found.following and not paged:
            raise PagingRequired.whole(self.limits.whole_list)
        following = msgspec.structs.replace(message, after=str(found.following)) if found.following else None
        return ListAnswer(response, total=found.total, next=following, large=len(found.models) > SHORT_READ)


def _page(found: list[Row], size: int, as_model: Callable[[Row], ContactConnectionModel], total: int) -> Found:
    """The page of the rows found, of which there is one too many when the list goes on."""
    following = found[size - 1].id if len(found) > size else None
    return Found([as_model(row) for row in found[:size]], following, total)


def _type_code(type_id: Guid) -> str:
    kind = CONTACT_TYPES_BY_ID.get(type_id)
    if kind is None:
        raise WrongValue("ContactTypes", f"'{type_id}' is no contact type. GetDataLists serves them.")
    return kind.code


__all__ = ["DirectoryService"]
