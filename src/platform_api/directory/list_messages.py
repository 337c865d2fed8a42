"""The contract of the lists from which clients choose."""

from typing import Annotated, ClassVar

import msgspec

from platform_api.foundation.dotnet import MODELS
from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus


class ListItemModel(Message):
    """One item of a list."""

    clr_namespace: ClassVar[str | None] = MODELS

    list_item_id: Annotated[Guid, Member("The item.", stated=False)] = EMPTY_GUID
    name: Annotated[str | None, Member("Name of the item.", stated=False)] = None
    description: Annotated[str | None, Member("What the item means.", stated=False)] = None
    short_name: Annotated[str | None, Member("The name in short.", stated=False)] = None
    is_default: Annotated[bool, Member("Whether the item is chosen when nothing is.", stated=False)] = False
    order: Annotated[int, Member("Place of the item in the list, from 1.", stated=False)] = 0
    list_item_traffic_light_id: Annotated[Guid, Member("Traffic light of the item.", stated=False)] = EMPTY_GUID
    primary_list_item_image_id: Annotated[Guid, Member("Image of the item.", stated=False)] = EMPTY_GUID
    primary_list_item_image_url: Annotated[str | None, Member("Address of the image.", stated=False)] = None
    primary_image_thumbnail_url: Annotated[
        str | None, Member("Address of a small copy of the image.", stated=False)
    ] = None
    owner_contact_id: Annotated[Guid, Member("Contact that owns the item.", stated=False)] = EMPTY_GUID
    record_status: Annotated[str | None, Member("A for active, I for inactive.", stated=False)] = None


class ListModel(Message):
    """A list with its items."""

    clr_namespace: ClassVar[str | None] = MODELS

    list_id: Annotated[Guid, Member("The list.", stated=False)] = EMPTY_GUID
    name: Annotated[str | None, Member("Name of the list.", stated=False)] = None
    description: Annotated[str | None, Member("What the list is for.", stated=False)] = None
    short_name: Annotated[str | None, Member("The name in short.", stated=False)] = None
    owner_contact_id: Annotated[Guid, Member("Contact that owns the list.", stated=False)] = EMPTY_GUID
    is_standard: Annotated[bool, Member("Whether the platform owns the list.", stated=False)] = False
    record_status: Annotated[str | None, Member("A for active, I for inactive.", stated=False)] = None
    default_list_item_id: Annotated[Guid, Member("Item that is chosen when nothing is.", stated=False)] = EMPTY_GUID
    default_list_item_name: Annotated[str | None, Member("Name of that item.", stated=False)] = None
    has_image_for_list_item: Annotated[bool, Member("Whether items have images.", stated=False)] = False
    has_traffic_light_for_list_item: Annotated[bool, Member("Whether items have traffic lights.", stated=False)] = False
    list_items: Annotated[list[ListItemModel], Member("Items in their order.", stated=False)] = msgspec.field(
        default_factory=list
    )
    permission_edit: Annotated[bool, Member("Whether the caller may change the list.", stated=False)] = False
    permission_add: Annotated[bool, Member("Whether the caller may add items.", stated=False)] = False
    permission_delete: Annotated[bool, Member("Whether the caller may delete items.", stated=False)] = False


class GetListResponse(Message):
    """The list that was asked for."""

    api_response: ClassVar[bool] = True

    list_: Annotated[ListModel | None, Member("The list.", stated=False)] = msgspec.field(default=None, name="List")
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetLists(Request[GetListResponse]):
    """Get a list with its items. Without an id, get the list of the lists."""

    api_description: ClassVar[str | None] = ""
    changes_state: ClassVar[bool] = False
    routes = (Route("/lists/"),)

    list_ids: Annotated[list[Guid], Member("The list; one at most.", states_type=False)] = msgspec.field(
        default_factory=list
    )


class GetDataListsResponse(Message):
    """The lists that clients choose from."""

    api_response: ClassVar[bool] = True

    lists: Annotated[list[ListModel], Member("Lists with their items.", stated=False)] = msgspec.field(
        default_factory=list
    )
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetDataLists(Request[GetDataListsResponse]):
    """Get all lists with their items: contact types, statuses, standard roles, time zones and the like."""

    api_description: ClassVar[str | None] = ""
    changes_state: ClassVar[bool] = False
    routes = (Route("/datalists/"),)

    licensee_id: Annotated[Guid | None, Member("Licensee whose own lists are wanted too.", place="query")] = None
    search_text: Annotated[
        str | None,
        Member("Only items with this text in their name; all items of a list that has it in its own.", place="query"),
    ] = None


__all__ = [
    "GetDataLists",
    "GetDataListsResponse",
    "GetListResponse",
    "GetLists",
    "ListItemModel",
    "ListModel",
]
