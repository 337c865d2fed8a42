"""Messages of accounts: registration, proof of a mailbox, password reset."""

from typing import Annotated, ClassVar

from platform_api.contacts.messages import SaveUserProfile
from platform_api.foundation.dotnet import PUBLIC_SERVICE
from servicehost.contract.lengths import ADDRESS
from servicehost.contract.messages import Interface, Member, Message, Public, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus


class RegisterNewUserResponse(Message):
    """The answer to a registration: the same for every address."""

    message: Annotated[str | None, Member("What to do next. The same for every address.", stated=False)] = None
    response_status: Annotated[ResponseStatus | None, Member("Why the request failed.", stated=False)] = None


class RegisterNewUser(Request[RegisterNewUserResponse]):
    """Register a new user. A link is mailed to the address; opening it and confirming completes the registration."""

    api_description: ClassVar[str | None] = ""
    access = Public
    routes = (Route("/register"),)
    aliases = ("Register",)

    # The operation itself checks for missing members, since `Register` has other names for the same data. Four members
    # are marked Yes on the published pages but may be missing, since an account works without them.
    email_address: Annotated[
        str | None, Member("E-mail address to sign in with.", required=True, place="query", deferred=True)
    ] = None
    password: Annotated[
        str | None, Member("Password of at least 10 characters.", required=True, place="query", deferred=True)
    ] = None
    first_name: Annotated[str | None, Member("First name.", required=True, place="query", deferred=True)] = None
    surname: Annotated[str | None, Member("Surname.", required=True, place="query", deferred=True)] = None
    description: Annotated[
        str | None, Member("What the person says of themselves.", required=True, place="query", enforced=False)
    ] = None
    employment_industry: Annotated[
        str | None, Member("Industry that the person works in.", required=True, place="query", enforced=False)
    ] = None
    employment_role: Annotated[
        str | None, Member("What the person does there.", required=True, place="query", enforced=False)
    ] = None
    employment_geographic_area: Annotated[
        str | None, Member("Areas that the person works in.", required=True, place="query", enforced=False)
    ] = None
    timezone: Annotated[Guid, Member("Time zone, an item of the list Time Zones.", place="query")] = EMPTY_GUID
    business_profile: Annotated[
        SaveUserProfile | None,
        Member("An organisation to register with the person, who may do everything for it.", place="query"),
    ] = None
    token: Annotated[
        str | None, Member("The token of an invitation: proves the mailbox that it was sent to.", published=False)
    ] = None
    confirm_password: Annotated[str | None, Member("The password again.", published=False)] = None
    user_name: Annotated[str | None, Member("EmailAddress, as Register calls it.", published=False, length=ADDRESS)] = (
        None
    )
    email: Annotated[str | None, Member("EmailAddress, as Register calls it.", published=False)] = None
    last_name: Annotated[str | None, Member("Surname, as Register calls it.", published=False)] = None
    display_name: Annotated[str | None, Member("The whole name, where its parts are not given.", published=False)] = (
        None
    )
    auto_login: Annotated[
        bool | None, Member("Not used: nobody is signed in before the mailbox is proved.", published=False)
    ] = None


class VerifyMailboxResponse(Message):
    """The answer to a mailbox that was proved."""

    message: Annotated[str | None, Member("What to do next.", stated=False)] = None
    response_status: Annotated[ResponseStatus | None, Member("Why the request failed.", stated=False)] = None


class VerifyMailbox(Request[VerifyMailboxResponse]):
    """Prove the mailbox of a registration by the token of the link that was mailed to it, and a password.

    The password of an open registration of the address completes that one; any other becomes the password of the newest.
    """

    access = Public
    routes = (Route("/account/verifymailbox", verbs=("POST",)),)

    token: Annotated[str, Member("The token of the link.", required=True)]
    password: Annotated[
        str | None, Member("The password of the registration, or the one that the account is to have.")
    ] = None
    first_name: Annotated[str | None, Member("First name, corrected.", published=False)] = None
    surname: Annotated[str | None, Member("Surname, corrected.", published=False)] = None
    drop_organisation: Annotated[bool | None, Member("True: register without the organisation.", published=False)] = (
        None
    )
    registration_id: Annotated[
        Guid, Member("The registration that the page showed, whose name and organisation were seen.", published=False)
    ] = EMPTY_GUID


class GetResetPasswordTokenResponse(Message):
    """The answer to a forgotten password: the same for every address."""

    response_status: Annotated[ResponseStatus | None, Member("Why the request failed.", stated=False)] = None


class GetResetPasswordToken(Request[GetResetPasswordTokenResponse]):
    """Have a link mailed that resets a forgotten password. The answer is the same for every address."""

    implements: ClassVar[tuple[Interface, ...]] = (PUBLIC_SERVICE,)
    response_declared: ClassVar[bool] = False
    api_description: ClassVar[str | None] = ""
    access = Public
    routes = (Route("/account/{UserName}/passwordresettoken"),)

    user_name: Annotated[
        str | None,
        Member("E-mail address of the account.", states_type=False, enforced=True, deferred=True, length=ADDRESS),
    ] = None
    appliance_id: Annotated[Guid, Member("Not used.", stated=False)] = EMPTY_GUID
    subdomain_name: Annotated[str | None, Member("Not used.", stated=False)] = None
    suite_id: Annotated[Guid, Member("Not used.", stated=False)] = EMPTY_GUID
    # Never use this member: a link from a request would let strangers mail any link through this service.
    appliance_login_url: Annotated[str | None, Member("Not used.", states_type=False)] = None


class PasswordResetResponse(Message):
    """The answer to a password that was reset."""

    response_status: Annotated[ResponseStatus | None, Member("Why the request failed.", stated=False)] = None


class PasswordReset(Request[PasswordResetResponse]):
    """Set a new password by the token of the link that was mailed. Every session of the account ends."""

    implements: ClassVar[tuple[Interface, ...]] = (PUBLIC_SERVICE,)
    response_declared: ClassVar[bool] = False
    api_description: ClassVar[str | None] = ""
    access = Public
    routes = (Route("/account/passwordreset"),)

    new_password: Annotated[
        str | None, Member("New password of at least 10 characters.", states_type=False, enforced=True, deferred=True)
    ] = None
    confirm_password: Annotated[str | None, Member("The new password again.", states_type=False)] = None
    token: Annotated[str | None, Member("The token of the link.", states_type=False, enforced=True, deferred=True)] = (
        None
    )
    appliance_id: Annotated[Guid, Member("Not used.", stated=False)] = EMPTY_GUID
    subdomain_name: Annotated[str | None, Member("Not used.", stated=False)] = None


__all__ = [
    "GetResetPasswordToken",
    "GetResetPasswordTokenResponse",
    "PasswordReset",
    "PasswordResetResponse",
    "RegisterNewUser",
    "RegisterNewUserResponse",
    "VerifyMailbox",
    "VerifyMailboxResponse",
]
