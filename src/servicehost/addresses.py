"""Addresses of request messages: a path and query that binding turns back into the same message.

The address uses the best route of the request: one that supports GET if the request only reads, with as many members in
the path as possible, and a path that no other route matches. Without such a route a published request has its
predefined path, `/{mount}/{Name}`. Other members that differ from their defaults form the query.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote, quote_plus

from servicehost.binding.texts import TextMember
from servicehost.contract.catalog import Service
from servicehost.contract.messages import Request, Route
from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import MemberModel, MessageModel, TypeModel
from servicehost.formats.text import UnreadableText, compile_text_writer
from servicehost.routing import Routes, parse_path, parse_template

_UNSET: Final[tuple[object, ...]] = (None, "", EMPTY_GUID)
"""Values that stand for an absent one."""

_RESOLVED: Final = (".", "..")
"""Segments that browsers and proxies resolve, even percent-encoded."""

_local_path = re.compile(r"/(?![/\\])[!-\[\]-~]*").fullmatch
"""Visible ASCII without backslashes, which browsers treat as slashes; two leading slashes would name a host."""

_UNWANTED: Final = "-"
"""A segment that no member takes (`routing.IGNORED`)."""

RequestClass = type[Request[Any]]


class NoAddress(ValueError):
    """A message has no address."""

    def __init__(self, request: str, reason: str) -> None:
        super().__init__(f"{request} has no address: {reason}.")


class Addresses:
    """Makes the addresses of a service's messages.

    They start with the path of `Service.public_url`, if it has one, so that links work behind a proxy or in an
    application that mounts the host there.
    """

    def __init__(
        self,
        service: Service,
        requests: Iterable[RequestClass],
        pages: Iterable[RequestClass] = (),
        reserved: Collection[str] = (),
    ) -> None:
        """Compile the routes of a service's requests.

        Args:
            service: the service, with its public URL and mount.
            requests: requests under the mount.
            pages: requests outside the mount.
            reserved: first segments under the mount, in lower case, that the host uses for other purposes.

        Raises:
            RouteDeclarationError: two routes match the same paths and methods.
        """
        self._types = TypeModel()
        self._root = service.root
        self._origin = service.public_url.rstrip("/").removesuffix(self._root)
        inside, outside = list(requests), list(pages)
        mounted = _Area(service.mount.rstrip("/"), inside, reserved, has_names=True)
        self._areas = dict.fromkeys(inside, mounted) | dict.fromkeys(outside, _Area("", outside, (), has_names=False))
        self._written: dict[RequestClass, _WrittenRequest] = {}

    def path_of(self, message: Request[Any]) -> str:
        """The path and query of a message, for links and forms of pages.

        Raises:
            NoAddress: the message belongs to another service, lacks a required member, or has a value that neither
                path nor query can represent.
        """
        return self._root + self._request(message).address(message)

    def url_of(self, message: Request[Any]) -> str:
        """The absolute URL of a message, for links in mails and header fields.

        Raises:
            NoAddress: the message has no address.
        """
        return self.absolute(self.path_of(message))

    def query_of(self, message: Request[Any], known: Collection[str] = ()) -> str:
        """The query of a message for a path that contains the members `known`, by attribute; with `?` unless empty.

        Raises:
            NoAddress: the message belongs to another service, or has a value that a query cannot represent.
        """
        return self._request(message).query(message, known)

    def public_path(self, path: str) -> str:
        """A path of the host in the form that clients use."""
        return self._root + path

    def absolute(self, path: str) -> str:
        """The absolute URL of a path returned by `path_of` or `public_path`."""
        return self._origin + path

    def _request(self, message: Request[Any]) -> "_WrittenRequest":
        request = type(message)
        written = self._written.get(request)
        if written is None:
            if request not in self._areas:
                raise NoAddress(request.__name__, "the service does not have this request")
            written = _WrittenRequest(self._types.message(request), request, self._areas[request])
            self._written[request] = written
        return written


class _Area:
    """Requests served below one path.

    Attributes:
        mount: the path.
        has_names: whether published requests also have predefined paths with their names.
    """

    def __init__(
        self, mount: str, requests: Sequence[RequestClass], reserved: Collection[str], *, has_names: bool
    ) -> None:
        self.mount = mount
        self.has_names = has_names
        self._reserved = frozenset(reserved)
        self._routes = Routes((route, request) for request in requests for route in request.routes)

    def leads_to(self, raw: str, method: str) -> tuple[Route, RequestClass] | None:
        """The route and the request for `method` at a path below the mount."""
        path = parse_path(raw, ())
        if path.lowered and path.lowered[0] in self._reserved:
            return None
        routed = self._routes.find(method, path)
        return (routed.route, routed.target) if routed else None

    def serves_name(self, name: str, method: str) -> bool:
        """Whether `method` finds the request with this name at the predefined path."""
        return self.has_names and name.lower() not in self._reserved and self.leads_to(f"/{name}", method) is None


class _WrittenMember:
    """Writes one member as text in an address."""

    __slots__ = ("_model", "_read", "_write", "attribute", "default", "name")

    def __init__(self, member: MemberModel) -> None:
        self._model = member
        self.attribute = member.attribute
        self.name = member.name
        self.default = member.absent()
        self._write = compile_text_writer(member.type)
        self._read = TextMember(member).read

    def text(self, message: Request[Any]) -> str | None:
        """The text that binding reads as the member's value; None for an absent value.

        Raises:
            NoAddress: no text represents the value.
        """
        value = getattr(message, self.attribute)
        if value in _UNSET:
            return None
        text = self._write(value)
        try:
            if self._read(text) == value:
                return text
        except UnreadableText:
            pass
        raise NoAddress(type(message).__name__, f"no text represents the value of {self.name}")

    def differs(self, message: Request[Any]) -> bool:
        """Whether the value differs from that of an absent member.

        Raises:
            NoAddress: the value is absent, but the request requires it or has another default.
        """
        value = getattr(message, self.attribute)
        if value in _UNSET:
            if self.default not in _UNSET or self._is_required():
                raise NoAddress(type(message).__name__, f"{self.name} is not set")
            return False
        return bool(value != self.default)

    def _is_required(self) -> bool:
        return self._model.enforced and not self._model.declared.deferred


class _WrittenRequest:
    """Writes the addresses of one request class."""

    def __init__(self, model: MessageModel, request: RequestClass, area: _Area) -> None:
        self._request = request
        self._area = area
        self._method = "POST" if request.changes_state else "GET"
        self._members = [_WrittenMember(member) for member in model.members]
        by_name = {member.name.lower(): member for member in self._members}
        self._places = [_Place(route, self._method, model, by_name) for route in request.routes]
        self._places.sort(key=lambda place: place.rank)  # stable, so of equal routes the first declared one comes first

    def address(self, message: Request[Any]) -> str:
        """The path, with the mount, and the query."""
        for place in self._places:
            path = place.path(message)
            if path is not None and self._area.leads_to(path, place.method) == (place.route, self._request):
                return self._area.mount + path + self.query(message, place.attributes)
        name = self._request.__name__
        if not self._request.published or not self._area.serves_name(name, self._method):
            raise NoAddress(name, "no route fits its values")
        return f"{self._area.mount}/{name}{self.query(message)}"

    def query(self, message: Request[Any], known: Collection[str] = ()) -> str:
        """The query of all members that differ from their defaults, except those in `known`."""
        given = [each for each in self._members if each.attribute not in known and each.differs(message)]
        try:
            pairs = [f"{member.name}={quote_plus(member.text(message) or '')}" for member in given]
        except UnicodeEncodeError:
            raise NoAddress(self._request.__name__, "a text has a character that UTF-8 cannot represent") from None
        return f"?{'&'.join(pairs)}" if pairs else ""


class _Place:
    """One route of a request.

    Attributes:
        route: the route.
        method: the HTTP method of a link or form.
        rank: preference among the routes of the request; lower is better.
        attributes: the members set by the path or the route.
    """

    def __init__(self, route: Route, wanted: str, model: MessageModel, members: dict[str, _WrittenMember]) -> None:
        self.route = route
        verbs = [verb.upper() for verb in route.verbs]
        self.method = wanted if not verbs or wanted in verbs else verbs[0]
        template = parse_template(route.template)
        self._wildcard = members.get(template.wildcard.lower()) if template.wildcard else None
        parts = [quote(part) for part in route.template.split("/") if part]
        self._segments: list[str | _WrittenMember] = [*parts[: len(template.segments)]]
        for name, index in template.placeholders:
            self._segments[index] = members.get(name.lower(), _UNWANTED)
        self._sets = {
            member.attribute: TextMember(member).read(text)
            for name, text in route.sets.items()
            if (member := model.member(name)) is not None
        }
        given = [each for each in (*self._segments, self._wildcard) if isinstance(each, _WrittenMember)]
        self.attributes = frozenset({member.attribute for member in given} | set(self._sets))
        self.rank = (self.method != wanted, -len(self.attributes))

    def path(self, message: Request[Any]) -> str | None:
        """The path below the mount; None if the route does not fit the message's values.

        Raises:
            NoAddress: the wildcard's member is required and absent.
        """
        if any(getattr(message, attribute) != value for attribute, value in self._sets.items()):
            return None
        segments = [each if isinstance(each, str) else _encoded(each.text(message)) for each in self._segments]
        if self._wildcard is not None and (rest := self._wildcard.text(message)) is not None:
            segments += map(_encoded, rest.split("/"))
        elif self._wildcard is not None:
            self._wildcard.differs(message)  # raises unless the member may be absent
        return None if None in segments else "/" + "/".join(map(str, segments))


def _encoded(text: str | None) -> str | None:
    """The text as one segment of a path; None if a path cannot represent it.

    An encoded dot never starts a format suffix, and an encoded slash never separates segments.
    """
    if not text or text in _RESOLVED:
        return None
    try:
        return quote(text, safe="").replace(".", "%2E")
    except UnicodeEncodeError:
        return None


def local_path(text: str | None, otherwise: str) -> str:
    """The text if it is a path on this host, with or without a query; `otherwise` if it is anything else.

    For redirects to an address from a request, which must not lead to another host.
    """
    return text if text and _local_path(text) else otherwise


__all__ = ["Addresses", "NoAddress", "local_path"]
