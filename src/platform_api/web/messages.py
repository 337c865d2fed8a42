"""The pages of the web app as operations: unpublished, GET for looking and POST for doing."""

from typing import Annotated, ClassVar

from servicehost.contract.messages import Access, Member, Public, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid

Token = Annotated[str | None, Member("The token of the link.")]


class HomePage(Request[None]):
    """Show where to begin."""

    access: ClassVar[Access] = Public
    routes = (Route("/", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False


class InvitationPage(Request[None]):
    """Show the request that a mail is about."""

    access: ClassVar[Access] = Public
    routes = (Route("/public/connectionrequests/{ConnectionRequestId}/accept", verbs=("GET",)),)
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
    """Have the newest link mailed again by the button of an old link's page."""

    access: ClassVar[Access] = Public
    routes = (Route("/public/connectionrequests/{ConnectionRequestId}/mailagain", verbs=("POST",)),)
    published: ClassVar[bool] = False

    connection_request_id: Annotated[Guid, Member("The request.", required=True)]
    token: Token = None


class MailboxPage(Request[None]):
    """Ask for the password of a registration, and for corrections."""

    access: ClassVar[Access] = Public
    routes = (Route("/account/verifymailbox", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False

    token: Token = None


class ProveMailbox(Request[None]):
    """Complete a registration by the form of its page."""

    access: ClassVar[Access] = Public
    routes = (Route("/account/verifymailbox/confirm", verbs=("POST",)),)
    published: ClassVar[bool] = False

    token: Token = None
    password: Annotated[str | None, Member("The password of the registration, or a new one.")] = None
    first_name: Annotated[str | None, Member("First name, corrected.")] = None
    surname: Annotated[str | None, Member("Surname, corrected.")] = None
    drop_organisation: Annotated[bool | None, Member("Register without the organisation.")] = None
    registration_id: Annotated[Guid, Member("The registration that the page showed.")] = EMPTY_GUID


class PasswordResetPage(Request[None]):
    """Ask for a new password."""

    access: ClassVar[Access] = Public
    routes = (Route("/account/passwordreset", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False

    token: Token = None


class SetPassword(Request[None]):
    """Set the new password by the form of its page."""

    access: ClassVar[Access] = Public
    routes = (Route("/account/passwordreset/confirm", verbs=("POST",)),)
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
]
