"""The contract of the life cycle of a connection."""

from typing import Annotated, ClassVar

from platform_api.foundation.dotnet import PUBLIC_SERVICE
from servicehost.contract.messages import Access, Interface, Member, Message, Public, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus

Action = Annotated[str | None, Member("The act, where the route does not say it.", published=False)]
Token = Annotated[str | None, Member("The token of the link in the mail.", published=False)]


class ConnectContactsInRolesResponse(Message):
    """The answer to a connection made or asked for."""

    api_response: ClassVar[bool] = True

    response_status: Annotated[ResponseStatus | None, Member()] = None


class ConnectContactsInRoles(Request[ConnectContactsInRolesResponse]):
    """Connect a contact to another contact in one or more roles. Roles that must be accepted send a connection request."""

    routes = (Route("/connections/{ContactId}/to/{ToContactId}"),)

    contact_id: Annotated[Guid, Member("Contact that connects.", required=True)]
    to_contact_id: Annotated[Guid, Member("Contact to be connected with.", required=True)]
    contact_type_id: Annotated[Guid, Member("Type of the contact to be connected with.", required=True)]
    roles: Annotated[list[Guid], Member("Roles that the other contact is to have.", required=True)] = []
    send_connection_emails: Annotated[
        bool,
        Member(
            "Whether a mail goes out for roles that need no acceptance. Roles that need one always send a mail.",
            required=True,
            data_type="boolean",
        ),
    ] = False


class ConnectionRequestResendResponse(Message):
    """The answer to a connection request sent again."""

    response_status: Annotated[ResponseStatus | None, Member()] = None


class ConnectionRequestResend(Request[ConnectionRequestResendResponse]):
    """Resend the connection request. An invitation email is sent if the user is not registered."""

    routes = (Route("/connectionrequests/{ConnectionRequestId}/resend"),)
    api_description: ClassVar[str | None] = (
        "Resend the connection request. An invitation email is sent if the user is not registered. "
    )

    connection_request_id: Annotated[
        Guid,
        Member("Resend connection request for the specified connection request id.", required=True, states_type=False),
    ]
    contact_id: Annotated[
        Guid, Member("Resend connection request for the specified contact id.", required=True, states_type=False)
    ]


class ConnectionRequestStatusUpdateResponse(Message):
    """The answer to a connection request that was answered or withdrawn."""

    response_status: Annotated[ResponseStatus | None, Member()] = None


class ConnectionRequestStatusUpdate(Request[ConnectionRequestStatusUpdateResponse]):
    """Accept, ignore, decline or cancel a connection request. Its status is checked first."""

    routes = (
        Route("/connectionrequests/{ConnectionRequestId}/accept", sets={"Action": "accept"}),
        Route("/connectionrequests/{ConnectionRequestId}/ignore", sets={"Action": "ignore"}),
        Route("/connectionrequests/{ConnectionRequestId}/decline", sets={"Action": "decline"}),
        Route("/connectionrequests/{ConnectionRequestId}/cancel", sets={"Action": "cancel"}),
    )

    connection_request_id: Annotated[
        Guid, Member("Connection request to be updated.", required=True, states_type=False)
    ]
    contact_id: Annotated[Guid, Member("Contact linked to the connection request.", required=True, states_type=False)]
    role_id: Annotated[Guid, Member("Role linked to the connection request.", required=True, states_type=False)]
    action: Action = None


class PublicConnectionRequestStatusUpdate(Request[ConnectionRequestStatusUpdateResponse]):
    """Accept a connection request from the link in its mail, without signing in. Its status is checked first."""

    implements: ClassVar[tuple[Interface, ...]] = (PUBLIC_SERVICE,)
    access: ClassVar[Access] = Public
    routes = (Route("/public/connectionrequests/{ConnectionRequestId}/accept"),)

    connection_request_id: Annotated[
        Guid, Member("Connection request to be accepted.", required=True, states_type=False)
    ]
    appliance_id: Annotated[Guid, Member("Appliance whose public settings apply.", states_type=False)] = EMPTY_GUID
    subdomain_name: Annotated[str | None, Member("Subdomain that the page was opened at.", stated=False)] = None
    token: Token = None


class ConnectionStatusUpdateResponse(Message):
    """The answer to a connection cancelled or removed."""

    response_status: Annotated[ResponseStatus | None, Member()] = None


class ConnectionStatusUpdate(Request[ConnectionStatusUpdateResponse]):
    """Update the status of the specified connection"""  # noqa: D415 - as published

    routes = (
        Route("/connections/{ConnectionId}/cancel", sets={"Action": "cancel"}),
        Route("/connections/{ConnectionId}/remove", sets={"Action": "remove"}),
    )

    connection_id: Annotated[Guid, Member("Connection to be updated", required=True, states_type=False)]
    contact_id: Annotated[Guid, Member("Id of the contact linked to the connection", required=True, states_type=False)]
    contact_type_id: Annotated[
        Guid,
        Member("Type of contact being connected with. For e.g. Real Person, Virtual Person etc.", required=True),
    ]
    role_id: Annotated[Guid, Member("Role Id linked to the connection request", required=True, states_type=False)]
    action: Action = None


class AddContactResponse(Message):
    """The contact that was added."""

    api_response: ClassVar[bool] = True

    contact_id: Annotated[Guid, Member("Contact that was added or invited.", stated=False)] = EMPTY_GUID
    response_status: Annotated[ResponseStatus | None, Member()] = None


class InviteContact(Request[AddContactResponse]):
    """Invite a person by email to connect in one or more roles."""

    routes = (
        Route("/contacts/{ContactId}/invite/contact"),
        Route("/contacts/{ContactId}/invite/{ToContactId}"),
    )

    contact_id: Annotated[Guid, Member("Contact that invites.", required=True)]
    to_contact_id: Annotated[Guid, Member("Virtual contact that is invited to become real.")] = EMPTY_GUID
    email_address: Annotated[str, Member("Address that the invitation goes to.", required=True)]
    roles: Annotated[list[Guid], Member("Roles that the invited person is to have.", required=True)] = []


class AcceptConnectionRequest(Request[ConnectionRequestStatusUpdateResponse]):
    """Accept a connection request that was received."""

    connection_request_id: Annotated[Guid, Member("Connection request to be accepted.", required=True)]


class DeclineConnectionRequest(Request[ConnectionRequestStatusUpdateResponse]):
    """Decline a connection request that was received. It can still be accepted for 14 days."""

    connection_request_id: Annotated[Guid, Member("Connection request to be declined.", required=True)]


class IgnoreConnectionRequest(Request[ConnectionRequestStatusUpdateResponse]):
    """Ignore a connection request that was received. Its sender cannot tell."""

    connection_request_id: Annotated[Guid, Member("Connection request to be ignored.", required=True)]


class CancelConnectionRequest(Request[ConnectionRequestStatusUpdateResponse]):
    """Cancel a connection request that was sent."""

    connection_request_id: Annotated[Guid, Member("Connection request to be cancelled.", required=True)]


class CancelConnection(Request[ConnectionStatusUpdateResponse]):
    """Cancel a connection that is pending."""

    connection_id: Annotated[Guid, Member("Connection to be cancelled.", required=True)]


class RemoveConnection(Request[ConnectionStatusUpdateResponse]):
    """Remove a connection that is active."""

    connection_id: Annotated[Guid, Member("Connection to be removed.", required=True)]


class BlockContactResponse(Message):
    """The answer to a contact blocked, or no longer."""

    response_status: Annotated[ResponseStatus | None, Member()] = None


class BlockContact(Request[BlockContactResponse]):
    """Block a contact: its requests, notices and mails no longer arrive. The contact cannot tell."""

    contact_id: Annotated[Guid, Member("Contact that blocks.", required=True)]
    blocked_contact_id: Annotated[Guid, Member("Contact to be blocked.", required=True)]


class UnblockContact(Request[BlockContactResponse]):
    """Let a contact that was blocked send requests again."""

    contact_id: Annotated[Guid, Member("Contact that blocked.", required=True)]
    blocked_contact_id: Annotated[Guid, Member("Contact to be unblocked.", required=True)]


__all__ = [
    "AcceptConnectionRequest",
    "AddContactResponse",
    "BlockContact",
    "BlockContactResponse",
    "CancelConnection",
    "CancelConnectionRequest",
    "ConnectContactsInRoles",
    "ConnectContactsInRolesResponse",
    "ConnectionRequestResend",
    "ConnectionRequestResendResponse",
    "ConnectionRequestStatusUpdate",
    "ConnectionRequestStatusUpdateResponse",
    "ConnectionStatusUpdate",
    "ConnectionStatusUpdateResponse",
    "DeclineConnectionRequest",
    "IgnoreConnectionRequest",
    "InviteContact",
    "PublicConnectionRequestStatusUpdate",
    "RemoveConnection",
    "UnblockContact",
]
