"""The contract of roles."""

from typing import Annotated, ClassVar

import msgspec

from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus


class RoleModel(Message):
    """A role that a contact can have in a connection."""

    role_id: Annotated[Guid, Member("The role.", required=True, place="form")] = EMPTY_GUID
    role_name: Annotated[str | None, Member("Name of the role.", place="form")] = None
    is_licensee_role: Annotated[bool, Member("Whether a licensee holds the role.", place="form")] = False
    is_manage_contacts: Annotated[
        bool, Member("Whether the holder of the role manages the contacts of the other side.", place="form")
    ] = False
    is_platform_role: Annotated[bool, Member("Whether the platform defines the role, for everybody.", place="form")] = (
        False
    )
    is_service_role: Annotated[bool, Member("Whether the holder works for the other side.", place="form")] = False
    is_customer_role: Annotated[bool, Member("Whether the other side works for the holder.", place="form")] = False
    is_functional_role: Annotated[
        bool, Member("Whether the role is a function within the other side's organisation.", place="form")
    ] = False
    is_request_auto_accepted: Annotated[
        bool, Member("Whether a request to take the role is accepted at once.", place="form")
    ] = False
    suite_id: Annotated[Guid, Member("Suite that the role belongs to.", place="form")] = EMPTY_GUID
    suite_name: Annotated[str | None, Member("Name of the suite.", place="form")] = None
    record_status: Annotated[str | None, Member("A for active, I for inactive.", place="form")] = None
    object_connection_id: Annotated[
        Guid, Member("Set where the roles are those connected to an object.", place="form")
    ] = EMPTY_GUID


class GetRolesForConnectionResponse(Message):
    """The roles that can be chosen."""

    roles: Annotated[list[RoleModel], Member("Roles that the other contact can be given.", place="form")] = (
        msgspec.field(default_factory=list)
    )
    response_status: Annotated[ResponseStatus | None, Member(place="form")] = None


class GetRolesForConnection(Request[GetRolesForConnectionResponse]):
    """Get the roles that a contact can connect to another contact in."""

    changes_state: ClassVar[bool] = False
    routes = (Route("/roles/connection/{FromContactId}"),)

    from_contact_id: Annotated[Guid, Member("Contact that connects.", required=True)]
    contact_id: Annotated[Guid | None, Member("Contact to be connected with, if it is known.")] = None
    contact_type_id: Annotated[Guid, Member("Type of the contact to be connected with.", required=True)]


__all__ = ["GetRolesForConnection", "GetRolesForConnectionResponse", "RoleModel"]
