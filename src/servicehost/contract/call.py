"""What a handler is given beside its message, and what it may answer beside its response."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from servicehost.contract.messages import Message, Request, Route


@dataclass(frozen=True)
class Principal:
    """Who is signed in. An application derives its own to carry what it needs with each call.

    Attributes:
        user_id: the user.
        session_id: the session that the credentials belong to; empty for credentials without one.
        user_name: what the user signs in with.
        display_name: how to address the user.
    """

    user_id: str
    session_id: str = ""
    user_name: str = ""
    display_name: str = ""

    @property
    def meta(self) -> Mapping[str, str]:
        """Further facts for programs, sent with the answer to a sign-in."""
        return {}


class Cookies(dict[str, str]):
    """Cookies by name, where a request has several of one name: the last counts, and `every` gives all of them.

    A browser sends several when a parent domain has set a cookie of the same name.
    """

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Take name and value of each cookie, in the order in which they came."""
        super().__init__(pairs)
        self._pairs = tuple(pairs)

    def every(self, name: str) -> list[str]:
        """The different values of the cookies of this name, the last first."""
        return list(dict.fromkeys(value for key, value in reversed(self._pairs) if key == name))


PathOf = Callable[[Request[Any]], str]
"""Makes the path and query of a request message."""


def _without_host(message: Request[Any]) -> str:
    raise LookupError(f"A call without a host makes no addresses; {type(message).__name__} has none")


class Call(msgspec.Struct, frozen=True):
    """What HTTP knows of one request. A struct, since one is made for every request.

    Attributes:
        request_id: names the request in logs and in 500 answers.
        method: the HTTP method.
        path: the path of the request below the root, without the query.
        principal: who asks; None for an anonymous call. Set whenever the operation requires it.
        route: the declared route that matched; None for predefined routes.
        headers: lower-cased names to values.
        cookies: names to values; `Cookies` where a name has several.
        client: address of the client, by trusted proxies only; a limiter's key, never a proof.
        camel_case: the answer is read by clients that know only camelCase names (`/api/{Operation}`).
        path_of: makes the address of another message, for links and forms of pages.
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
    """A response message with what a handler wants to say beside it.

    Attributes:
        message: the response; None answers with an empty body.
        status: the HTTP status.
        headers: further response headers.
        cookies: cookies to set.
        large: writing it takes long enough for others to notice, so it is written on a thread.
    """

    message: Message | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[Cookie] = ()
    large: bool = False


@dataclass(frozen=True)
class ListAnswer(Answer):
    """A response message that is one page of a list. The host makes the header fields and the links of it.

    Attributes:
        total: rows on all pages.
        next: the request for the next page, usually this one with another cursor; None on the last page.
    """

    total: int = field(kw_only=True)
    next: Request[Any] | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Page:
    """A page for a person, whatever format was asked for: an operation of a web app answers with it.

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
"""Answers one request message; raises a `ServiceError` for a refusal."""

__all__ = ["Answer", "Call", "Cookie", "Cookies", "Handler", "ListAnswer", "Page", "PathOf", "Principal"]
