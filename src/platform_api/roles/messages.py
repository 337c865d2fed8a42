"""Messages of roles."""

from typing import Annotated, ClassVar

import msgspec

from platform_api.foundation.dotnet import MODELS
from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus


class RoleModel(Message):
    """A role that a contact can have in a connection."""

    clr_namespace: ClassVar[str | None] = MODELS

    role_id: Annotated[Guid, Member("The role.", required=True)] = EMPTY_GUID
    role_name: Annotated[str | None, Member("Name of the role.")] = None
    is_licensee_role: Annotated[bool, Member("Whether a licensee holds the role.", api_name="IsLicensee")] = False
    is_manage_contacts: Annotated[
        bool, Member("Whether the holder of the role manages the contacts of the other side.")
    ] = False
    is_platform_role: Annotated[bool, Member("Whether the platform defines the role, for everybody.")] = False
    is_service_role: Annotated[bool, Member("Whether the holder works for the other side.")] = False
    is_customer_role: Annotated[bool, Member("Whether the other side works for the holder.")] = False
    is_functional_role: Annotated[
        bool, Member("Whether the role is a function within the other side's organisation.")
    ] = False
    is_request_auto_accepted: Annotated[bool, Member("Whether a request to take the role is accepted at once.")] = False
    suite_id: Annotated[Guid, Member("Suite that the role belongs to.")] = EMPTY_GUID
    suite_name: Annotated[str | None, Member("Name of the suite.")] = None
    record_status: Annotated[str | None, Member("A for active, I for inactive.")] = None
    object_connection_id: Annotated[Guid, Member("Set where the roles are those connected to an object.")] = EMPTY_GUID


class GetRolesForConnectionResponse(Message):
    """The roles that can be chosen."""

    api_response: ClassVar[bool] = True

    roles: Annotated[list[RoleModel], Member("Roles that the other contact can be given.", stated=False)] = (
        msgspec.field(default_factory=list)
    )
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetRolesForConnection(Request[GetRolesForConnectionResponse]):
    """Get the roles that a contact can connect to another contact in."""

    changes_state: ClassVar[bool] = False
    routes = (Route("/roles/connection/{FromContactId}"),)

    from_contact_id: Annotated[Guid, Member("Contact that connects.", required=True, states_type=False)]
    contact_id: Annotated[Guid | None, Member("Contact to be connected with, if it is known.", states_type=False)] = (
        None
    )
    contact_type_id: Annotated[
        Guid, Member("Type of the contact to be connected with.", required=True, states_type=False)
    ]


__all__ = ["GetRolesForConnection", "GetRolesForConnectionResponse", "RoleModel"]
