"""The reads that show other contacts: lists of requests and connections, and the lists from which clients choose."""

from platform_api.directory.list_messages import (
    GetDataLists,
    GetDataListsResponse,
    GetListResponse,
    GetLists,
    ListItemModel,
    ListModel,
)
from platform_api.directory.list_services import ListNotFound, ListsService
from platform_api.directory.lists import ListName
from platform_api.directory.messages import (
    ContactConnectionModel,
    GetConnectionRequests,
    GetConnectionRequestsResponse,
    GetConnectionsToContact,
    GetConnectionsToContactResponse,
    GetOwnContact,
    GetOwnContactResponse,
)
from platform_api.directory.services import DirectoryService

__all__ = [
    "ContactConnectionModel",
    "DirectoryService",
    "GetConnectionRequests",
    "GetConnectionRequestsResponse",
    "GetConnectionsToContact",
    "GetConnectionsToContactResponse",
    "GetDataLists",
    "GetDataListsResponse",
    "GetListResponse",
    "GetLists",
    "GetOwnContact",
    "GetOwnContactResponse",
    "ListItemModel",
    "ListModel",
    "ListName",
    "ListNotFound",
    "ListsService",
]
