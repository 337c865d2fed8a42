"""A small service with one operation for each feature of a host."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from servicehost.contract.call import Answer, Call, Cookie, Handler, ListAnswer, Page, Principal
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.errors import Conflict, TooManyRequests
from servicehost.contract.messages import Access, Member, Message, Public, Request, RoleHolder, Route
from servicehost.contract.scalars import Guid
from servicehost.contract.status import ResponseStatus
from servicehost.formats.registry import HOST_FORMATS
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings
from servicehost.security.authentication import Authentication, Scheme

NAMESPACE = "urn:demo"
WISH_ID = Guid("0193a1b2-0000-7000-8000-000000000001")
OTHER_ID = Guid("0193a1b2-0000-7000-8000-000000000002")
BEARER = {"Authorization": "Bearer good"}
BASIC = {"Authorization": "Basic Z29vZA=="}
COOKIE = {"Cookie": "ss-tok=good"}


class HelloResponse(Message):
    """Response of Hello."""

    result: Annotated[str | None, Member()] = None
    count: Annotated[int, Member()] = 0
    response_status: Annotated[ResponseStatus | None, Member()] = None


class Hello(Request[HelloResponse]):
    """Says hello to anybody."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/greetings/{Name}"), Route("/greetings"))
    changes_state: ClassVar[bool] = False

    name: Annotated[str | None, Member(required=True, length=4000)] = None
    count: Annotated[int, Member()] = 0


class WhoAmIResponse(Message):
    """Response of WhoAmI."""

    user_id: Annotated[str | None, Member()] = None


class WhoAmI(Request[WhoAmIResponse]):
    """Returns the caller's id: the smallest authenticated response."""

    routes: ClassVar[tuple[Route, ...]] = (Route("/me", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False


class UpdateWishResponse(Message):
    """Response of UpdateWish."""

    done: Annotated[str | None, Member()] = None
    response_status: Annotated[ResponseStatus | None, Member()] = None


class UpdateWish(Request[UpdateWishResponse]):
    """Ends a wish in one of two ways."""

    routes: ClassVar[tuple[Route, ...]] = (
        Route("/wishes/{WishId}/cancel", sets={"Action": "cancel"}),
        Route("/wishes/{WishId}/remove", sets={"Action": "remove"}),
    )

    wish_id: Annotated[Guid, Member(required=True)]
    contact_id: Annotated[Guid, Member(required=True)]
    action: Annotated[str | None, Member(published=False)] = None


class Wish(Message):
    """One wish."""

    wish_id: Annotated[Guid, Member()]
    text: Annotated[str | None, Member()] = None


class ListWishesResponse(Message):
    """Response of ListWishes."""

    wishes: Annotated[list[Wish], Member()]
    response_status: Annotated[ResponseStatus | None, Member()] = None


class ListWishes(Request[ListWishesResponse]):
    """Lists wishes."""

    routes: ClassVar[tuple[Route, ...]] = (
        Route("/wishes", verbs=("GET",)),
        Route("/wishlists/{WishlistId}/wishes", verbs=("GET",)),
    )
    changes_state: ClassVar[bool] = False

    after: Annotated[Guid | None, Member(published=False)] = None
    wishlist_id: Annotated[Guid | None, Member(published=False)] = None
    mood: Annotated[str | None, Member(published=False)] = None


class AddWish(Request[UpdateWishResponse]):
    """Adds a wish."""

    routes: ClassVar[tuple[Route, ...]] = (Route("/wishes", verbs=("PUT",)),)

    text: Annotated[str, Member(required=True)]


class Forget(Request[None]):
    """Has no response."""

    routes: ClassVar[tuple[Route, ...]] = (Route("/forgotten"),)


class Explode(Request[HelloResponse]):
    """Fails unexpectedly."""

    access: ClassVar[Access] = Public
    changes_state: ClassVar[bool] = False


class Refuse(Request[WhoAmIResponse]):
    """Raises the error that `how` names."""

    access: ClassVar[Access] = Public

    how: Annotated[str | None, Member()] = None


class SignInResponse(Message):
    """Response of SignIn, marked as one of the host's own messages."""

    camel_case: ClassVar[bool] = True

    user_name: Annotated[str | None, Member()] = None


class SignIn(Request[SignInResponse]):
    """Signs in and sets cookies."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/login"),)

    user_name: Annotated[str | None, Member(length=4000)] = None


class Register(Request[HelloResponse]):
    """Has an alias that is also its route."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/join"),)
    aliases: ClassVar[tuple[str, ...]] = ("Join",)


class ReadLogs(Request[HelloResponse]):
    """Requires the role of an operator."""

    access: ClassVar[Access] = RoleHolder("operator")
    routes: ClassVar[tuple[Route, ...]] = (Route("/logs"),)
    changes_state: ClassVar[bool] = False


class AcceptPage(Request[None]):
    """A page with a button, at a path with actions under other verbs."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/wishes/{WishId}/cancel", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False

    wish_id: Annotated[Guid, Member(required=True)]


class Front(Request[None]):
    """The front page, outside the mount."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False


class Health(Request[WhoAmIResponse]):
    """Health of the service, outside the mount."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[Route, ...]] = (Route("/health", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False
    published: ClassVar[bool] = False


async def hello(message: Hello, _call: Call) -> HelloResponse:
    """Greet the name."""
    return HelloResponse(result=f"Hello, {message.name}", count=message.count)


async def who_am_i(_message: WhoAmI, call: Call) -> WhoAmIResponse:
    """Return the caller's id."""
    return WhoAmIResponse(user_id=call.principal.user_id if call.principal else None)


async def update_wish(message: UpdateWish, _call: Call) -> UpdateWishResponse:
    """Echo the request."""
    return UpdateWishResponse(done=f"{message.action} {message.wish_id} {message.contact_id}")


async def list_wishes(message: ListWishes, _call: Call) -> ListAnswer:
    """Return two wishes of more."""
    wishes = [Wish(wish_id=WISH_ID, text="a, b"), Wish(wish_id=OTHER_ID)]
    return ListAnswer(
        ListWishesResponse(wishes=wishes),
        total=2,
        next=ListWishes(after=OTHER_ID, wishlist_id=message.wishlist_id and WISH_ID),
    )


async def add_wish(message: AddWish, _call: Call) -> Answer:
    """Return 201."""
    return Answer(UpdateWishResponse(done=message.text), status=201)


async def forget(_message: Forget, _call: Call) -> None:
    """Return no response."""


async def explode(_message: Explode, _call: Call) -> HelloResponse:
    """Fail unexpectedly."""
    raise RuntimeError("the secret inside")


async def refuse(message: Refuse, _call: Call) -> WhoAmIResponse:
    """Raise the named error."""
    if message.how == "later":
        raise TooManyRequests("Wait a minute.", retry_after=60)
    raise Conflict("It is over.", meta={"State": "Removed"})


async def sign_in(message: SignIn, _call: Call) -> Answer:
    """Set two cookies."""
    cookies = [Cookie("ss-id", "abc"), Cookie("ss-tok", "good", max_age=60), Cookie("ss-opt", "", 0, http_only=False)]
    return Answer(SignInResponse(user_name=message.user_name), cookies=cookies)


async def register(_message: Register, _call: Call) -> HelloResponse:
    """Return a confirmation."""
    return HelloResponse(result="registered")


async def read_logs(_message: ReadLogs, call: Call) -> HelloResponse:
    """Return the client's address."""
    return HelloResponse(result=call.client)


async def accept_page(message: AcceptPage, _call: Call) -> Page:
    """Return a page."""
    return Page(f"<!doctype html><title>{message.wish_id}</title>", cookies=[Cookie("seen", "1")])


async def front(_message: Front, _call: Call) -> Answer:
    """Redirect."""
    return Answer(None, status=302, headers={"Location": "/api/metadata"})


async def health(_message: Health, _call: Call) -> WhoAmIResponse:
    """Return 200."""
    return WhoAmIResponse(user_id="well")


class DemoAuthenticator:
    """Knows one member, by the token `good` or by the user name and password `good`. `renewed` makes it set a cookie."""

    def __init__(self, roles: frozenset[str] = frozenset()) -> None:
        self.roles = roles
        self.client = ""

    async def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], client: str) -> Authentication:
        """Authenticate the member. The client's address is kept for tests."""
        self.client = client
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        token = credentials if scheme else cookies.get("ss-tok", "")
        kinds: Mapping[str, Scheme] = {"bearer": "bearer", "basic": "basic", "": "cookie"}
        if token in ("good", "Z29vZA==", "Z29vZDpnb29k"):
            return Authentication(Principal("member"), kinds[scheme.lower()])
        if token == "renewed":
            return Authentication(Principal("member"), "cookie", [Cookie("ss-tok", "good"), Cookie("ss-id", "new")])
        stale = [Cookie("ss-tok", "", max_age=0)] if "ss-tok" in cookies else []
        return Authentication(cookies=stale, problem="Token has expired" if token else None)

    async def holds_role(self, _principal: Principal, role: str) -> bool:
        """Whether the member has the role."""
        return role in self.roles


def demo_catalog(public_url: str = "http://127.0.0.1:8000") -> Catalog:
    """Return all operations of the demo."""
    service = Service(name="Demo", public_url=public_url, namespace=NAMESPACE, clr_namespace="Demo")
    return Catalog(
        service,
        {
            Hello: hello,
            WhoAmI: who_am_i,
            UpdateWish: update_wish,
            ListWishes: list_wishes,
            AddWish: add_wish,
            Forget: forget,
            Explode: explode,
            Refuse: refuse,
            SignIn: sign_in,
            Register: register,
            ReadLogs: read_logs,
            AcceptPage: accept_page,
        },
    )


OUTSIDE: Mapping[type[Request[Any]], Handler] = {Front: front, Health: health}
"""Operations of the demo outside the mount."""


def demo_host(
    settings: HostSettings | None = None,
    *,
    roles: frozenset[str] = frozenset(),
    public_url: str = "http://127.0.0.1:8000",
    authenticator: DemoAuthenticator | None = None,
) -> Host:
    """Create a host of the demo in all formats."""
    return Host(
        demo_catalog(public_url),
        HOST_FORMATS,
        authenticator or DemoAuthenticator(roles),
        settings or HostSettings(access_log=False),
        pages=OUTSIDE,
    )
