"""The contract of the lists that clients choose from."""

from typing import Annotated, ClassVar

import msgspec

from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus


class ListItemModel(Message):
    """One item of a list."""

    list_item_id: Annotated[Guid, Member("The item.", place="form")] = EMPTY_GUID
    name: Annotated[str | None, Member("Name of the item.", place="form")] = None
    description: Annotated[str | None, Member("What the item means.", place="form")] = None
    short_name: Annotated[str | None, Member("The name in short.", place="form")] = None
    is_default: Annotated[bool, Member("Whether the item is chosen when nothing is.", place="form")] = False
    order: Annotated[int, Member("Place of the item in the list, from 1.", place="form")] = 0
    list_item_traffic_light_id: Annotated[Guid, Member("Traffic light of the item.", place="form")] = EMPTY_GUID
    primary_list_item_image_id: Annotated[Guid, Member("Image of the item.", place="form")] = EMPTY_GUID
    primary_list_item_image_url: Annotated[str | None, Member("Address of the image.", place="form")] = None
    primary_image_thumbnail_url: Annotated[
        str | None, Member("Address of a small copy of the image.", place="form")
    ] = None
    owner_contact_id: Annotated[Guid, Member("Contact that owns the item.", place="form")] = EMPTY_GUID
    record_status: Annotated[str | None, Member("A for active, I for inactive.", place="form")] = None


class ListModel(Message):
    """A list with its items."""

    list_id: Annotated[Guid, Member("The list.", place="form")] = EMPTY_GUID
    name: Annotated[str | None, Member("Name of the list.", place="form")] = None
    description: Annotated[str | None, Member("What the list is for.", place="form")] = None
    short_name: Annotated[str | None, Member("The name in short.", place="form")] = None
    owner_contact_id: Annotated[Guid, Member("Contact that owns the list.", place="form")] = EMPTY_GUID
    is_standard: Annotated[bool, Member("Whether the platform owns the list.", place="form")] = False
    record_status: Annotated[str | None, Member("A for active, I for inactive.", place="form")] = None
    default_list_item_id: Annotated[Guid, Member("Item that is chosen when nothing is.", place="form")] = EMPTY_GUID
    default_list_item_name: Annotated[str | None, Member("Name of that item.", place="form")] = None
    has_image_for_list_item: Annotated[bool, Member("Whether items have images.", place="form")] = False
    has_traffic_light_for_list_item: Annotated[bool, Member("Whether items have traffic lights.", place="form")] = False
    list_items: Annotated[list[ListItemModel], Member("Items in their order.", place="form")] = msgspec.field(
        default_factory=list
    )
    permission_edit: Annotated[bool, Member("Whether the caller may change the list.", place="form")] = False
    permission_add: Annotated[bool, Member("Whether the caller may add items.", place="form")] = False
    permission_delete: Annotated[bool, Member("Whether the caller may delete items.", place="form")] = False


class GetListResponse(Message):
    """The list that was asked for."""

    list_: Annotated[ListModel | None, Member("The list.")] = msgspec.field(default=None, name="List")
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetLists(Request[GetListResponse]):
    """Get a list with its items. Without an id, get the list of the lists."""

    changes_state: ClassVar[bool] = False
    routes = (Route("/lists/"),)

    list_ids: Annotated[list[Guid], Member("The list; one at most.")] = msgspec.field(default_factory=list)


class GetDataListsResponse(Message):
    """The lists that clients choose from."""

    lists: Annotated[list[ListModel], Member("Lists with their items.", place="form")] = msgspec.field(
        default_factory=list
    )
    response_status: Annotated[ResponseStatus | None, Member(place="form")] = None


class GetDataLists(Request[GetDataListsResponse]):
    """Get all lists with their items: contact types, statuses, standard roles, time zones and the like."""

    changes_state: ClassVar[bool] = False
    routes = (Route("/datalists/"),)

    licensee_id: Annotated[Guid | None, Member("Licensee whose own lists are wanted too.")] = None
    search_text: Annotated[
        str | None, Member("Only items with this text in their name; all items of a list that has it in its own.")
    ] = None


__all__ = [
    "GetDataLists",
    "GetDataListsResponse",
    "GetListResponse",
    "GetLists",
    "ListItemModel",
    "ListModel",
]
