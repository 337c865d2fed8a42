"""Operations that serve the lists from which clients choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from platform_api import contacts
from platform_api.contacts import Actor, ContactNotFound, Scope, WrongValue
from platform_api.database.transaction import Database, Transaction
from platform_api.directory import lists
from platform_api.directory.list_messages import (
    GetDataLists,
    GetDataListsResponse,
    GetListResponse,
    GetLists,
    ListModel,
)
from platform_api.directory.lists import ListName
from platform_api.roles import RoleBook
from servicehost.contract.call import Call, Handler
from servicehost.contract.errors import NotFound
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID, Guid

_LIST_OF_LISTS: Final = ListName.LISTS.id


class ListNotFound(NotFound):
    """There is no list with this id."""

    def __init__(self) -> None:
        super().__init__("There is no such list. GetLists without an id has the ids of all lists.")


@dataclass(frozen=True, slots=True)
class ListsService:
    """Serves the lists from which clients choose."""

    database: Database
    roles: RoleBook

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The handler of each operation."""
        return {GetLists: self.get_list, GetDataLists: self.get_data_lists}

    async def get_list(self, message: GetLists, _call: Call) -> GetListResponse:
        """One list; without an id, the list of the lists."""
        wanted = set(message.list_ids) - {EMPTY_GUID}
        if len(wanted) > 1:
            raise WrongValue("ListIds", "Ask for one list at a time. GetDataLists has all of them.")
        chosen = self._list(wanted.pop() if wanted else _LIST_OF_LISTS)
        if chosen is None:
            raise ListNotFound
        return GetListResponse(list_=chosen)

    async def get_data_lists(self, message: GetDataLists, call: Call) -> GetDataListsResponse:
        """All lists, with those of a licensee for which the caller acts; filtered by the text, if the request gives one."""
        wanted = self._standard()
        if message.licensee_id not in (None, EMPTY_GUID):
            await self._check_licensee(message.licensee_id, call)
            custom = self.roles.owned_by(message.licensee_id)
            wanted.append(lists.of_roles(ListName.CUSTOM_ROLES, custom, message.licensee_id))
        return GetDataListsResponse(lists=lists.filtered(wanted, message.search_text))

    async def _check_licensee(self, licensee: Guid, call: Call) -> None:
        async def unit(tx: Transaction) -> Actor:
            return await contacts.actor(tx, call.principal, licensee, Scope.VIEW, otherwise=ContactNotFound)

        await self.database.read(unit)

    def _list(self, list_id: Guid) -> ListModel | None:
        """The standard list with this id."""
        if list_id in lists.FIXED_BY_ID:
            return lists.FIXED_BY_ID[list_id]
        standard = self._standard()
        known = {each.list_id: each for each in (lists.of_lists(standard), *standard)}
        return known.get(list_id)

    def _standard(self) -> list[ListModel]:
        return [*lists.FIXED_LISTS, lists.of_roles(ListName.STANDARD_ROLES, self.roles.standard())]


__all__ = ["ListNotFound", "ListsService"]
