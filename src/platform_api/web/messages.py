"""The pages of the web app as operations: unpublished, GET for looking and POST for doing."""

from typing import Annotated, ClassVar

from servicehost.contract.messages import Access, Member, Public, Request, Route
from servicehost.contract.scalars import Guid

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
    """Show what the link of a registration will do."""

    access: ClassVar[Access] = Public
    routes = (Route("/account/verifymailbox", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False

    token: Token = None


class ProveMailbox(Request[None]):
    """Complete a registration by the button of its page."""

    access: ClassVar[Access] = Public
    routes = (Route("/account/verifymailbox/confirm", verbs=("POST",)),)
    published: ClassVar[bool] = False

    token: Token = None


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
