"""A service to document: the two operations of the contract's pages, and others with features that these lack."""

import enum
from datetime import datetime
from typing import Annotated, Any

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Member, Message, Public, Request, RoleHolder, Route
from servicehost.contract.scalars import Guid
from servicehost.contract.status import ResponseStatus
from servicehost.formats.codec import Format
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.metadata import Documentation


class ConnectionRequestResendResponse(Message):
    """Response of a resent connection request."""

    response_status: ResponseStatus | None = None


class ConnectionRequestResend(Request[ConnectionRequestResendResponse]):
    """Resend the connection request. An invitation email is sent if the user is not registered."""

    routes = (Route("/connectionrequests/{ConnectionRequestId}/resend"),)

    connection_request_id: Annotated[
        Guid, Member("Resend connection request for the specified connection request id.", required=True)
    ]
    contact_id: Annotated[Guid, Member("Resend connection request for the specified contact id.", required=True)]


class ConnectionStatusUpdateResponse(Message):
    """Response of a cancelled or removed connection."""

    response_status: ResponseStatus | None = None


class ConnectionStatusUpdate(Request[ConnectionStatusUpdateResponse]):
    """Update the status of the specified connection"""  # noqa: D415 - the page shows it without a full stop

    routes = (
        Route("/connections/{ConnectionId}/cancel", sets={"Action": "cancel"}),
        Route("/connections/{ConnectionId}/remove", sets={"Action": "remove"}),
    )

    connection_id: Annotated[Guid, Member("Connection to be updated", required=True)]
    contact_id: Annotated[Guid, Member("Id of the contact linked to the connection", required=True)]
    contact_type_id: Annotated[
        Guid, Member("Type of contact being connected with. For e.g. Real Person, Virtual Person etc.", required=True)
    ]
    role_id: Annotated[Guid, Member("Role Id linked to the connection request", required=True)]
    action: Annotated[str | None, Member("The act.", published=False)] = None


class SortOrder(enum.StrEnum):
    """Order of a list."""

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


class PagedModel(Message):
    """Members for paging."""

    page_size: Annotated[int | None, Member("Rows of a page")] = None
    sort_order: SortOrder = SortOrder.ASCENDING


class Item(Message):
    """A row."""

    id: Guid
    created: Annotated[datetime, Member("When <it> was made & kept", required=True)]
    labels: dict[str, str] | None = None


class GetItemsResponse(Message):
    """The rows."""

    items: list[Item]
    response_status: ResponseStatus | None = None


class GetItems(Request[GetItemsResponse], PagedModel):
    """Rows of a list."""

    access = Public
    changes_state = False
    routes = (Route("/items/{OwnerId}", ("GET",)), Route("/items", ("GET",)))

    owner_id: Guid | None = None
    requestor_name: Annotated[str | None, Member("Who asks", data_type="Guid")] = None
    tags: Annotated[list[Guid], Member("Any of these", place="form")]


class SaveItem(Request[ResponseStatus]):
    """Save a row."""

    routes = (Route("/items", ("POST",)), Route("/items/{Id}", ("PUT",)), Route("/items/{Rest*}", ("PUT", "POST")))

    id: Guid
    name: Annotated[str | None, Member("Its <b>name</b>")] = None
    rest: str | None = None


class DeleteItem(Request[None]):
    """Delete a row."""

    access = RoleHolder("Operator")
    routes = (Route("/items/{Id}", ("DELETE",)),)

    id: Guid


class Ping(Request[ResponseStatus]):
    access = Public


class Forget(Request[None]):
    """Forget everything."""


async def _answer(_message: Any, _call: Call) -> None:
    return None


def format_named(name: str) -> Format:
    """Return the format with this name."""
    return next(each for each in WIRE_FORMATS if each.name == name)


class Site:
    """The documentation of the service above."""

    def __init__(self) -> None:
        namespace = "Eros.Subtle.Canvara.WebAPIModel.ServiceModel"
        service = Service(
            name="Platform API",
            public_url="https://pfapi.pstpf.com.au",
            namespace=f"http://schemas.datacontract.org/2004/07/{namespace}",
            clr_namespace=namespace,
        )
        requests = (ConnectionRequestResend, ConnectionStatusUpdate, GetItems, SaveItem, DeleteItem, Ping, Forget)
        self.catalog = Catalog(service, dict.fromkeys(requests, _answer))
        self.documentation = Documentation(self.catalog, WIRE_FORMATS)

    def page(self, operation: str, format_name: str = "json", language: str | None = None) -> str:
        """Return the page of an operation as HTML."""
        found = self.catalog.find(operation)
        assert found is not None
        return self.documentation.operation(found, format_named(format_name), language)


__all__ = ["Site", "format_named"]
