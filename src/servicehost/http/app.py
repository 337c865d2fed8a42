"""The ASGI application: receives requests, sends replies, and handles all errors."""

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog

from servicehost.addresses import Addresses
from servicehost.binding.forms import URLENCODED
from servicehost.binding.pairs import parse_pairs
from servicehost.contract.call import Handler
from servicehost.contract.catalog import Catalog, Operation, response_class
from servicehost.contract.errors import MalformedAddress, MalformedBody
from servicehost.contract.messages import Request
from servicehost.formats.codec import Format, Style
from servicehost.formats.registry import HOST_FORMATS, Formats
from servicehost.http.body import ClientGone, Receive, read_body, replayed
from servicehost.http.clients import ClientAddresses
from servicehost.http.compression import LEAST
from servicehost.http.documents import Documents
from servicehost.http.endpoint import Codecs, Endpoint
from servicehost.http.errors import ErrorReplies
from servicehost.http.exchange import OVERRIDE, Exchange, RequestIds
from servicehost.http.finishing import ReplyFinisher
from servicehost.http.head import check_head
from servicehost.http.headers import Headers
from servicehost.http.lifespan import Scope, Send, live
from servicehost.http.pipeline import Pipeline
from servicehost.http.replies import ReplyBuilder
from servicehost.http.reply import Reply
from servicehost.http.resolving import OWN_SEGMENTS, PathResolver
from servicehost.http.settings import HostSettings
from servicehost.http.sign_in_page import SignInPage, SignInRedirects
from servicehost.negotiation import Negotiator, media_type
from servicehost.routing import check_routes
from servicehost.security.authentication import Anonymous, Authenticator

_log = structlog.get_logger("servicehost.http")

_NO_FORMS = (None, b"application/json", b"application/json; charset=utf-8", b"application/json;charset=UTF-8")
"""The usual content types; bodies of other types may be forms, which are inspected before routing."""


RequestObserver = Callable[[str, int, str, float], None]
"""Called after each response with the name of the operation, the status, the name of the format, and the seconds it took.

The name is empty for a request without an operation, such as a page of the documentation or an unknown path.
"""


class AuthenticatorMissing(ValueError):
    """An operation requires a sign-in, but its host has no authenticator, so it could never be called."""

    def __init__(self, operation: str) -> None:
        super().__init__(
            f"{operation} requires a sign-in, and the host has no authenticator. "
            "Pass one to the host, or declare `access = Public` in the request."
        )


class Host:
    """Serves the operations of a catalog in every format. An ASGI application.

    Attributes:
        addresses: the addresses of its messages.
    """

    def __init__(
        self,
        catalog: Catalog,
        formats: Sequence[Format] = HOST_FORMATS,
        authenticator: Authenticator | None = None,
        settings: HostSettings | None = None,
        *,
        pages: Mapping[type[Request[Any]], Handler] | None = None,
        sign_in_page: SignInPage | None = None,
        observe: RequestObserver | None = None,
    ) -> None:
        """Compile all parts that serve requests.

        Args:
            catalog: the operations.
            formats: the wire formats; the first one is the default.
            authenticator: identifies the caller; may be None if every operation is public.
            settings: limits and trusted parties.
            pages: operations served outside the mount; their routes are absolute.
            sign_in_page: request of the page to which people are redirected from pages that require a sign-in; its
                member `redirect` is the path to return to. None answers 401 to people too.
            observe: called after each response; what it does delays the next request.

        Raises:
            RouteDeclarationError: a route cannot be reached, or hides another.
            UnreadableRouteValue: a route sets an unknown member or an invalid value.
            AuthenticatorMissing: an operation requires a sign-in, but there is no authenticator.
            UnusableSignInPage: the sign-in page requires a sign-in, or has no address or no member `redirect`.
        """
        self._settings = settings or HostSettings()
        service, negotiator = catalog.service, Negotiator(formats)
        check_routes(catalog, OWN_SEGMENTS)
        codecs = Codecs(Formats(formats), Style(service.namespace))
        camel = Codecs(
            Formats([each for each in formats if each.name == "json"]), Style(service.namespace, camel_case=True)
        )
        endpoints = [Endpoint(operation, codecs, camel) for operation in catalog]
        outside = [Endpoint(operation, codecs, camel) for operation in _operations(catalog, pages or {})]
        if authenticator is None:
            _check_public([*endpoints, *outside])
        absolute = [(route, each.bound(route)) for each in outside for route in each.operation.contract.routes]
        self._resolver = PathResolver(service, negotiator, endpoints, Documents(catalog, formats), absolute)
        self.addresses = Addresses(
            service,
            [operation.contract for operation in catalog],
            pages or (),
            reserved=OWN_SEGMENTS | negotiator.names,
        )
        answers = ReplyBuilder(service, formats, self.addresses)
        self._pipeline = Pipeline(authenticator or Anonymous(), negotiator, answers, self._settings, self.addresses)
        redirects = SignInRedirects(self.addresses, sign_in_page)
        self._errors = ErrorReplies(catalog, codecs, camel, negotiator.default, redirects)
        self._default = negotiator.default
        self._root = service.root
        self._clients = ClientAddresses(self._settings.trusted_proxies)
        self._ids = RequestIds()
        self._observe = observe
        self._finisher = ReplyFinisher(service, self._settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event of the server."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await live(contextlib.nullcontext(), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        headers = Headers(scope["headers"], self._settings.header_count)
        exchange = Exchange(scope, headers, self._clients.find(scope, headers), self._ids, self._default, self._root)
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            reply = await self._answer(exchange, receive, scope["http_version"])
        except ClientGone:
            # Servers also report malformed chunks in this way, and then the client is still connected.
            reply = self._errors.answer(
                MalformedBody("The body ended before it was complete. Send it again."), exchange
            )
        except Exception as error:  # noqa: BLE001 - the outermost handler, which logs unexpected errors
            reply = self._errors.answer(error, exchange)
        if len(reply.body) >= LEAST:
            await self._finisher.compress(exchange, reply)
        fields = self._finisher.fields(exchange, reply)
        await send({"type": "http.response.start", "status": reply.status, "headers": fields})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})
        seconds = time.perf_counter() - started
        if self._observe is not None:
            endpoint = exchange.endpoint
            self._observe(endpoint.name if endpoint else "", reply.status, exchange.choice.format.name, seconds)
        if self._settings.access_log:
            _log_access(exchange, reply, seconds)

    async def _answer(self, exchange: Exchange, receive: Receive, http_version: str) -> Reply:
        check_head(http_version, exchange.headers, self._settings)
        method = exchange.method
        if method == "POST":
            if exchange.headers.fields.get(b"content-type") not in _NO_FORMS:
                receive = await self._with_override(exchange, receive)
        elif method == "OPTIONS" and (preflight := self._finisher.preflight(exchange)) is not None:
            return preflight
        found = self._resolver.find(exchange)
        return found if isinstance(found, Reply) else await self._pipeline.process(exchange, found, receive)

    async def _with_override(self, exchange: Exchange, receive: Receive) -> Receive:
        """Apply a method override in a form. The body is replayed for binding."""
        if media_type(exchange.headers.get("content-type", "")) != URLENCODED:
            return receive
        exchange.read_query()  # an override in the query precedes one in the form
        form = await read_body(receive, exchange.headers, self._settings.body_limit)
        exchange.headers = exchange.headers.without(b"content-encoding")
        if OVERRIDE.encode() in form.lower():
            with contextlib.suppress(MalformedAddress):  # reported when the form is bound
                exchange.override(parse_pairs(form))
        return replayed(form)


def _check_public(endpoints: Iterable[Endpoint]) -> None:
    for endpoint in endpoints:
        if endpoint.authenticated:
            raise AuthenticatorMissing(endpoint.name)


def _operations(catalog: Catalog, pages: Mapping[type[Request[Any]], Handler]) -> list[Operation]:
    operations = []
    for request, handler in pages.items():
        response = response_class(request)
        answered = catalog.types.message(response) if response else None
        operations.append(Operation(catalog.types.message(request), answered, handler))
    return operations


def _log_access(exchange: Exchange, reply: Reply, seconds: float) -> None:
    _log.info(
        "request",
        method=exchange.method,
        path=exchange.path,
        status=reply.status,
        ms=round(seconds * 1000, 2),
        request_id=exchange.request_id,
        user_id=exchange.principal.user_id if exchange.principal else None,
    )


__all__ = ["AuthenticatorMissing", "Host", "RequestObserver"]
