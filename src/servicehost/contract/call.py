"""The context of a call that a handler receives with its message, and the answers that it may return."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from servicehost.contract.messages import Message, Request, Route


@dataclass(frozen=True)
class Principal:
    """The signed-in user. An application derives its own class to add the values that its handlers need.

    Attributes:
        user_id: the user.
        session_id: the session of the credentials; empty for credentials without a session.
        user_name: the name that the user signs in with.
        display_name: the name shown to people.
    """

    user_id: str
    session_id: str = ""
    user_name: str = ""
    display_name: str = ""

    @property
    def meta(self) -> Mapping[str, str]:
        """Additional values for programs, sent with the response to a sign-in."""
        return {}


class Cookies(dict[str, str]):
    """Cookies by name. If a name is repeated, the last one counts, and `every` returns all of them.

    Browsers send several cookies with one name if a parent domain has set one too.
    """

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Take the name and value of each cookie, in request order."""
        super().__init__(pairs)
        self._pairs = tuple(pairs)

    def every(self, name: str) -> list[str]:
        """The distinct values of the cookies with this name, the last one first."""
        return list(dict.fromkeys(value for key, value in reversed(self._pairs) if key == name))


PathOf = Callable[[Request[Any]], str]
"""Returns the path and query of a request message."""


def _without_host(message: Request[Any]) -> str:
    raise LookupError(
        f"The call has no host, so {type(message).__name__} has no address; call the operation through a host"
    )


class Call(msgspec.Struct, frozen=True):
    """The HTTP context of one request. A struct, because one is made for every request.

    Attributes:
        request_id: identifies the request in logs and in 500 responses.
        method: the HTTP method.
        path: the path of the request below the root, without the query.
        principal: the caller; None for an anonymous call. Always set if the operation requires a sign-in.
        route: the declared route that matched; None for predefined routes.
        headers: values by lower-case name.
        cookies: values by name; `Cookies` if a name is repeated.
        client: address of the client, according to trusted proxies only; for rate limits, not for authentication.
        camel_case: whether the client reads only camelCase names (`/api/{Operation}`).
        path_of: returns the address of another message, for links and forms of pages.
    """

    request_id: str = ""
    method: str = "POST"
    path: str = ""
    principal: Principal | None = None
    route: Route | None = None
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    cookies: Mapping[str, str] = msgspec.field(default_factory=dict)
    client: str = ""
    camel_case: bool = False
    path_of: PathOf = _without_host


@dataclass(frozen=True)
class Cookie:
    """A cookie to set; `max_age` in seconds, None for the browser's session, 0 to delete it."""

    name: str
    value: str
    max_age: int | None = None
    http_only: bool = True


@dataclass(frozen=True)
class Answer:
    """A response message with an HTTP status, header fields and cookies.

    Attributes:
        message: the response; None for an empty body.
        status: the HTTP status.
        headers: further response headers.
        cookies: cookies to set.
        large: whether it is encoded on a thread, because encoding would delay other requests.
    """

    message: Message | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[Cookie] = ()
    large: bool = False


@dataclass(frozen=True)
class ListAnswer(Answer):
    """A response message that is one page of a list. The host adds the header fields and links of the list.

    Attributes:
        total: rows on all pages.
        next: the request for the next page, usually this one with another cursor; None on the last page.
    """

    total: int = field(kw_only=True)
    next: Request[Any] | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Page:
    """An HTML page for people, sent regardless of the requested format. Returned by operations of a web application.

    Attributes:
        html: the whole document.
        status: the HTTP status.
        headers: further response headers.
        cookies: cookies to set.
    """

    html: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[Cookie] = ()


Handler = Callable[[Any, Call], Awaitable[Message | Answer | Page | None]]
"""Handles one request message; raises a `ServiceError` to refuse it."""

__all__ = ["Answer", "Call", "Cookie", "Cookies", "Handler", "ListAnswer", "Page", "PathOf", "Principal"]
