"""The messages of the pages: unpublished operations, GET to open a page and POST to act."""

from typing import Annotated, Any, ClassVar

from platform_api.accounts.messages import PasswordReset, VerifyMailbox
from platform_api.connections.messages import PublicConnectionRequestStatusUpdate
from servicehost.contract.messages import Access, Member, Public, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid

Token = Annotated[str | None, Member("The token of the link.")]


def page_of(operation: type[Request[Any]]) -> Route:
    """The route of a page at the first address of an operation, for browsers that open a mailed link by GET.

    The link in a letter is the address of the operation, so that programs can send it as well.
    """
    return Route(operation.routes[0].template, verbs=("GET",))


def form_of(operation: type[Request[Any]], name: str) -> Route:
    """The route of a form on that page, with a name of its own below the address of the operation."""
    return Route(f"{operation.routes[0].template}/{name}", verbs=("POST",))


class HomePage(Request[None]):
    """Show the welcome page."""

    access: ClassVar[Access] = Public
    routes = (Route("/", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False


class InvitationPage(Request[None]):
    """Show the request of a mailed link."""

    access: ClassVar[Access] = Public
    routes = (page_of(PublicConnectionRequestStatusUpdate),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False

    connection_request_id: Annotated[Guid, Member("The request.", required=True)]
    token: Token = None


class AnswerInvitation(Request[None]):
    """Accept a request by the button of its page."""

    access: ClassVar[Access] = Public
    routes = (Route("/public/connectionrequests/{ConnectionRequestId}/answer", verbs=("POST",)),)
    published: ClassVar[bool] = False

    connection_request_id: Annotated[Guid, Member("The request.", required=True)]
    token: Token = None


class MailInvitationAgain(Request[None]):
    """Mail the newest link again by the button of an old link's page."""

    access: ClassVar[Access] = Public
    routes = (Route("/public/connectionrequests/{ConnectionRequestId}/mailagain", verbs=("POST",)),)
    published: ClassVar[bool] = False

    connection_request_id: Annotated[Guid, Member("The request.", required=True)]
    token: Token = None


class MailboxPage(Request[None]):
    """Show the registration of a mailed link, with a form to complete it."""

    access: ClassVar[Access] = Public
    routes = (page_of(VerifyMailbox),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False

    token: Token = None


class ProveMailbox(Request[None]):
    """Complete a registration by the form of its page."""

    access: ClassVar[Access] = Public
    routes = (form_of(VerifyMailbox, "confirm"),)
    published: ClassVar[bool] = False

    token: Token = None
    password: Annotated[str | None, Member("The password of the registration, or a new one.")] = None
    first_name: Annotated[str | None, Member("First name, corrected.")] = None
    surname: Annotated[str | None, Member("Surname, corrected.")] = None
    drop_organisation: Annotated[bool | None, Member("Register without the organisation.")] = None
    registration_id: Annotated[Guid, Member("The registration that the page showed.")] = EMPTY_GUID


class PasswordResetPage(Request[None]):
    """Show the form for a new password."""

    access: ClassVar[Access] = Public
    routes = (page_of(PasswordReset),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False

    token: Token = None


class SetPassword(Request[None]):
    """Set the new password by the form of its page."""

    access: ClassVar[Access] = Public
    routes = (form_of(PasswordReset, "confirm"),)
    published: ClassVar[bool] = False

    token: Token = None
    new_password: Annotated[str | None, Member("The new password.")] = None
    confirm_password: Annotated[str | None, Member("The new password again.")] = None


__all__ = [
    "AnswerInvitation",
    "HomePage",
    "InvitationPage",
    "MailInvitationAgain",
    "MailboxPage",
    "PasswordResetPage",
    "ProveMailbox",
    "SetPassword",
    "form_of",
    "page_of",
]
