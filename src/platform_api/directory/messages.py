"""The contract of the lists of connections and requests."""

from datetime import datetime
from typing import Annotated, ClassVar

from platform_api.contacts.messages import ContactSummaryModel
from platform_api.paging import PagedModel
from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus


# Built by position, once for each row of a list: by keyword it takes more than twice as long.
class ContactConnectionModel(Message, kw_only=False):
    """A connection, or the request for one, as one of its two sides sees it."""

    connection_id: Annotated[Guid | None, Member("Set when a connection exists.", place="form")] = None
    connection_request_id: Annotated[
        Guid | None, Member("Set when the connection is, or came from, a request.", place="form")
    ] = None
    contact: Annotated[ContactSummaryModel | None, Member("The other contact.", place="form", required=True)] = None
    contact_role_id: Annotated[Guid, Member("Role of the other contact.", place="form", required=True)] = EMPTY_GUID
    contact_role_name: Annotated[str | None, Member("Name of the other contact's role.", place="form")] = None
    requestor_contact_id: Annotated[Guid, Member("Contact that asks.", place="form", required=True)] = EMPTY_GUID
    requestor_contact_name: Annotated[
        str | None, Member("Name of the contact that asks.", place="form", data_type="Guid")
    ] = None
    requestor_role_id: Annotated[Guid, Member("Role of the contact that asks.", place="form", required=True)] = (
        EMPTY_GUID
    )
    requestor_role_name: Annotated[str | None, Member("Name of the role of the contact that asks.", place="form")] = (
        None
    )
    primary_role_name: Annotated[str | None, Member("Name of the role to be shown.", place="form")] = None
    connection_status_id: Annotated[Guid, Member("Status of the connection.", place="form", required=True)] = EMPTY_GUID
    connection_status_name: Annotated[str | None, Member("Name of the status.", place="form")] = None
    is_connection_request: Annotated[bool, Member("Whether it is a request that is pending.", place="form")] = False
    is_incoming: Annotated[bool, Member("Whether the request was received.", place="form")] = False
    from_date: Annotated[datetime | None, Member("When it became active, or was last sent.", place="form")] = None
    suggester_contact: Annotated[
        ContactSummaryModel | None, Member("Contact that suggested the connection.", place="form", required=True)
    ] = None
    allow_cancel: Annotated[bool, Member("Whether the contact that asks may cancel it now.", place="form")] = False
    allow_remove: Annotated[bool, Member("Whether the contact that asks may remove it now.", place="form")] = False


class GetConnectionRequestsResponse(Message):
    """The requests of a contact."""

    connection_requests: Annotated[list[ContactConnectionModel], Member("Requests, newest first.", place="form")] = []
    response_status: Annotated[ResponseStatus | None, Member(place="form")] = None


class GetConnectionRequests(Request[GetConnectionRequestsResponse]):
    """Get the connection requests that a contact has received or sent."""

    routes = (
        Route("/contacts/{ContactId}/connectionrequests/received", sets={"Action": "received"}),
        Route("/contacts/{ContactId}/connectionrequests/sent", sets={"Action": "sent"}),
    )
    changes_state: ClassVar[bool] = False

    contact_id: Annotated[Guid, Member("Contact whose requests are wanted.", required=True)]
    contact_types: Annotated[
        list[Guid], Member("Only requests with contacts of these types; none for all.", required=True)
    ] = []
    include_ignored_requests: Annotated[bool, Member("Whether ignored requests are listed.", required=True)] = False
    action: Annotated[str | None, Member("received or sent, where the route does not say it.", published=False)] = None
    page_size: Annotated[int | None, Member("Rows of a page.", published=False)] = None
    after: Annotated[str | None, Member("Cursor: the page after this one.", published=False)] = None


class GetConnectionsToContactResponse(Message):
    """The connections between two contacts."""

    connections: Annotated[list[ContactConnectionModel], Member("Connections, newest first.", place="form")] = []
    total_connections: Annotated[int, Member("How many there are on all pages.", place="form")] = 0
    response_status: Annotated[ResponseStatus | None, Member(place="form")] = None


class GetConnectionsToContact(PagedModel, Request[GetConnectionsToContactResponse]):
    """Get the connections between a contact and the contact that asks. A contact that asks for itself gets all of its own."""

    routes = (Route("/contacts/{ContactId}/connections"),)
    changes_state: ClassVar[bool] = False

    contact_id: Annotated[Guid, Member("Contact whose connections are wanted.", required=True)]
    contact_type_id: Annotated[Guid, Member("Type of that contact.", required=True)]
    requestor_contact_id: Annotated[Guid, Member("Contact that asks.", required=True)]
    is_paged_mode: Annotated[bool, Member("Whether one page is wanted instead of all connections.")] = False
    include_removed: Annotated[bool, Member("Whether removed connections are listed.")] = False
    after: Annotated[str | None, Member("Cursor: the page after this one.", published=False)] = None


class GetOwnContactResponse(Message):
    """The contact of whoever asks."""

    contact: Annotated[ContactSummaryModel | None, Member("The contact.", place="form")] = None
    response_status: Annotated[ResponseStatus | None, Member(place="form")] = None


class GetOwnContact(Request[GetOwnContactResponse]):
    """Get the contact of the user who asks: the id that the operations on connections want."""

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
