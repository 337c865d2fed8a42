"""The contract of the lists of connections and requests."""

from datetime import datetime
from typing import Annotated, ClassVar

from platform_api.contacts.messages import ContactSummaryModel
from platform_api.foundation.dotnet import MODELS
from platform_api.lists.messages import After, PagedModel
from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus


# Made by position, once for each row of a list: by keyword it takes more than twice as long.
class ContactConnectionModel(Message, kw_only=False):
    """A connection, or the request for one, as one of its two sides sees it."""

    clr_namespace: ClassVar[str | None] = MODELS

    connection_id: Annotated[Guid | None, Member("Set when a connection exists.")] = None
    connection_request_id: Annotated[Guid | None, Member("Set when the connection is, or came from, a request.")] = None
    contact: Annotated[ContactSummaryModel | None, Member("The other contact.", required=True)] = None
    contact_role_id: Annotated[Guid, Member("Role of the other contact.", required=True)] = EMPTY_GUID
    contact_role_name: Annotated[str | None, Member("Name of the other contact's role.")] = None
    requestor_contact_id: Annotated[Guid, Member("Contact that asks.", required=True)] = EMPTY_GUID
    requestor_contact_name: Annotated[str | None, Member("Name of the contact that asks.", data_type="Guid")] = None
    requestor_role_id: Annotated[Guid, Member("Role of the contact that asks.", required=True)] = EMPTY_GUID
    requestor_role_name: Annotated[str | None, Member("Name of the role of the contact that asks.")] = None
    primary_role_name: Annotated[str | None, Member("Name of the role to be shown.")] = None
    connection_status_id: Annotated[Guid, Member("Status of the connection.", required=True)] = EMPTY_GUID
    connection_status_name: Annotated[str | None, Member("Name of the status.")] = None
    is_connection_request: Annotated[bool, Member("Whether it is a request that is pending.")] = False
    is_incoming: Annotated[bool, Member("Whether the request was received.")] = False
    from_date: Annotated[datetime | None, Member("When it became active, or was last sent.")] = None
    suggester_contact: Annotated[
        ContactSummaryModel | None, Member("Contact that suggested the connection.", required=True)
    ] = None
    allow_cancel: Annotated[bool, Member("Whether the contact that asks may cancel it now.")] = False
    allow_remove: Annotated[bool, Member("Whether the contact that asks may remove it now.")] = False


class GetConnectionRequestsResponse(Message):
    """The requests of a contact."""

    connection_requests: Annotated[list[ContactConnectionModel], Member("Requests, newest first.", stated=False)] = []
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetConnectionRequests(Request[GetConnectionRequestsResponse]):
    """Get the connection requests that a contact has received or sent."""

    api_description: ClassVar[str | None] = ""
    routes = (
        Route("/contacts/{ContactId}/connectionrequests/received", sets={"Action": "received"}),
        Route("/contacts/{ContactId}/connectionrequests/sent", sets={"Action": "sent"}),
    )
    changes_state: ClassVar[bool] = False

    contact_id: Annotated[Guid, Member("Contact whose requests are wanted.", required=True, states_type=False)]
    contact_types: Annotated[
        list[Guid],
        Member("Only requests with contacts of these types; none for all.", required=True, states_type=False),
    ] = []
    include_ignored_requests: Annotated[
        bool, Member("Whether ignored requests are listed.", required=True, states_type=False)
    ] = False
    action: Annotated[str | None, Member("received or sent, where the route does not say it.", published=False)] = None
    page_size: Annotated[int | None, Member("Rows of a page.", published=False)] = None
    after: After = None


class GetConnectionsToContactResponse(Message):
    """The connections between two contacts."""

    connections: Annotated[list[ContactConnectionModel], Member("Connections, newest first.", stated=False)] = []
    total_connections: Annotated[int, Member("How many there are on all pages.", stated=False)] = 0
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetConnectionsToContact(PagedModel, Request[GetConnectionsToContactResponse]):
    """Get the connections between a contact and the contact that asks. A contact that asks for itself gets all of its own."""

    routes = (Route("/contacts/{ContactId}/connections"),)
    changes_state: ClassVar[bool] = False

    contact_id: Annotated[Guid, Member("Contact whose connections are wanted.", required=True)]
    contact_type_id: Annotated[Guid, Member("Type of that contact.", required=True)]
    requestor_contact_id: Annotated[Guid, Member("Contact that asks.", required=True)]
    is_paged_mode: Annotated[
        bool, Member("Whether one page is wanted instead of all connections.", states_type=False)
    ] = False
    include_removed: Annotated[bool, Member("Whether removed connections are listed.", states_type=False)] = False
    after: After = None


class GetOwnContactResponse(Message):
    """The contact of whoever asks."""

    contact: Annotated[ContactSummaryModel | None, Member("The contact.", stated=False)] = None
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetOwnContact(Request[GetOwnContactResponse]):
    """Get the contact of the signed-in user. The operations on connections require its id."""

    routes = (Route("/contacts/own", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False


__all__ = [
    "ContactConnectionModel",
    "GetConnectionRequests",
    "GetConnectionRequestsResponse",
    "GetConnectionsToContact",
    "GetConnectionsToContactResponse",
    "GetOwnContact",
    "GetOwnContactResponse",
]
