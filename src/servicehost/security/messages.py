"""The sign-in operations of the host, as built into ServiceStack clients."""

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from servicehost.contract.lengths import ADDRESS, TEXT
from servicehost.contract.messages import Access, Member, Message, Public, Request, Route
from servicehost.contract.status import SERVICESTACK_TYPES, ResponseStatus

_UseTokenCookie = Annotated[
    bool | None,
    Member("True: tokens travel in cookies. False: in the body. Not given: browsers get cookies.", published=False),
]


class AuthenticateResponse(Message):
    """Who is signed in, and the tokens of the session where they travel in the body."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True
    camel_case: ClassVar[bool] = True

    user_id: Annotated[str | None, Member("The user.")] = None
    session_id: Annotated[str | None, Member("Names the session; it is not a credential.")] = None
    user_name: Annotated[str | None, Member("What the user signs in with: the main e-mail address.")] = None
    display_name: Annotated[str | None, Member("How to address the user.")] = None
    referrer_url: Annotated[str | None, Member("Always absent.")] = None
    bearer_token: Annotated[str | None, Member("Access token for the Authorization header.")] = None
    refresh_token: Annotated[str | None, Member("Gets new access tokens from GetAccessToken.")] = None
    refresh_token_expiry: Annotated[datetime | None, Member("Until when the refresh token works.")] = None
    profile_url: Annotated[str | None, Member("Always absent.")] = None
    roles: Annotated[list[str] | None, Member("Installation-wide roles of the user.")] = None
    permissions: Annotated[list[str] | None, Member("Always empty: rights come from grants.")] = None
    auth_provider: Annotated[str | None, Member("How the user signed in.")] = None
    response_status: Annotated[ResponseStatus | None, Member("Why the request failed.")] = None
    meta: Annotated[dict[str, str] | None, Member("Further facts about the user.")] = None


class Authenticate(Request[AuthenticateResponse]):
    """Sign in with an e-mail address and a password. With nothing given, answers who is signed in."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True
    camel_case: ClassVar[bool] = True

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (
        Route("/auth", verbs=("GET", "POST")),
        Route("/auth/{provider}", verbs=("GET", "POST")),
    )
    # Asking who is signed in is a GET. The service itself rejects a GET that would change state.
    changes_state: ClassVar[bool] = False

    provider: Annotated[
        str | None, Member("credentials to sign in, logout to sign out, nothing to ask who is signed in.")
    ] = msgspec.field(default=None, name="provider")
    user_name: Annotated[str | None, Member("E-mail address of the account.", length=ADDRESS)] = None
    password: Annotated[str | None, Member("Password of the account.")] = None
    remember_me: Annotated[bool | None, Member("Keep the session when the browser is closed.")] = None
    access_token: Annotated[str | None, Member("Not used.", length=TEXT)] = None
    access_token_secret: Annotated[str | None, Member("Not used.")] = None
    return_url: Annotated[str | None, Member("Not used.")] = None
    error_view: Annotated[str | None, Member("Not used.")] = None
    meta: Annotated[dict[str, str] | None, Member("Not used.")] = None
    use_token_cookie: _UseTokenCookie = None


class AuthenticateLogout(Request[AuthenticateResponse]):
    """Sign out: the session ends, with every token of it."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True
    camel_case: ClassVar[bool] = True

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/auth/logout", verbs=("POST",)),)

    return_url: Annotated[str | None, Member("Not used.")] = None


class GetAccessTokenResponse(Message):
    """A new access token; absent where it travels in a cookie."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True
    camel_case: ClassVar[bool] = True

    access_token: Annotated[str | None, Member("Access token for the Authorization header.")] = None
    meta: Annotated[dict[str, str] | None, Member("Always absent.")] = None
    response_status: Annotated[ResponseStatus | None, Member("Why the request failed.")] = None


class GetAccessToken(Request[GetAccessTokenResponse]):
    """Get a new access token for a refresh token."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True
    camel_case: ClassVar[bool] = True

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/access-token", verbs=("POST",)),)

    refresh_token: Annotated[str | None, Member("The refresh token; not given when a cookie carries it.")] = None
    meta: Annotated[dict[str, str] | None, Member("Not used.")] = None
    use_token_cookie: _UseTokenCookie = None


__all__ = [
    "Authenticate",
    "AuthenticateLogout",
    "AuthenticateResponse",
    "GetAccessToken",
    "GetAccessTokenResponse",
]
