"""Resolves paths: to the host's own pages, declared routes, or names of operations, in this order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from servicehost.binding.pairs import first_of
from servicehost.contract.catalog import Service
from servicehost.contract.errors import MalformedAddress, MethodNotAllowed, OperationNotFound, RouteNotFound
from servicehost.contract.messages import Route
from servicehost.formats.codec import Format
from servicehost.formats.flat_csv import parse_flat
from servicehost.formats.jsconfig import parse_config
from servicehost.formats.jsonp import is_callback
from servicehost.http.documents import Documents
from servicehost.http.endpoint import BoundEndpoint, Endpoint, RouteMatch
from servicehost.http.exchange import Exchange
from servicehost.http.reply import Reply, field
from servicehost.negotiation import Choice, Negotiator
from servicehost.routing import METHODS, Path, Routes, parse_path

OWN_SEGMENTS: Final = frozenset({"metadata", "types", "openapi", "openapi.yaml", "openapi.yml", "explorer"})
"""First segments under the mount that are reserved for the host."""

_REMEMBERED: Final = 256
"""Number of pairs of Accept and Content-Type whose choice is cached; clients send only a few different ones."""

_PREDEFINED: Final = ("reply", "oneway")
_READING: Final = ("GET", "HEAD")
_BATCH: Final = "[]"
_BATCH_METHODS: Final = ("POST", "OPTIONS")
_PAGE_METHODS: Final = ("GET", "HEAD", "OPTIONS")


class PathResolver:
    """Finds the operation or page of a request. Built once."""

    def __init__(
        self,
        service: Service,
        negotiator: Negotiator,
        endpoints: Sequence[Endpoint],
        documents: Documents,
        pages: Iterable[tuple[Route, BoundEndpoint]] = (),
    ) -> None:
        """Build the tables.

        Args:
            service: the service, with its mount.
            negotiator: chooses the formats.
            endpoints: the operations.
            documents: the host's own pages.
            pages: endpoints outside the mount, with absolute templates.

        Raises:
            RouteDeclarationError: two routes match the same paths and methods.
            UnreadableRouteValue: a route sets an unknown member or an invalid value.
        """
        self._root = service.root
        self._mount = service.mount.rstrip("/").lower()
        self._negotiator = negotiator
        self._documents = documents
        self._routes = Routes(
            (route, endpoint.bound(route)) for endpoint in endpoints for route in endpoint.operation.contract.routes
        )
        self._outside = Routes(pages)
        published = [endpoint for endpoint in endpoints if endpoint.operation.contract.published]
        self._by_name = {name.lower(): endpoint for endpoint in published for name in _names(endpoint)}
        self._aliases: Mapping[str, Endpoint] = {
            alias: endpoint for endpoint in published for alias in endpoint.operation.contract.aliases
        }
        self._choices: dict[tuple[bytes | None, bytes | None], Choice] = {}
        self._own = OWN_SEGMENTS | negotiator.names

    def find(self, exchange: Exchange) -> RouteMatch | Reply:
        """The endpoint of the request, or the reply if no operation is needed. Also chooses the response format.

        Raises:
            ServiceError: the path or the method is not supported.
        """
        exchange.read_query()
        inside = self._inside(exchange.path)
        if inside is None:
            path = parse_path(exchange.path, ())
            self._negotiate(exchange, path)
            return _visit(exchange, self._outside, path) or self._without_route(exchange, self._outside, path)
        path = parse_path(inside, self._negotiator.names)
        self._negotiate(exchange, path)
        if (
            path.lowered
            and path.lowered[0] in self._own
            and (own := self._find_own(exchange, path, inside)) is not None
        ):
            return own
        if len(path.segments) == 1 and path.segments[0] in self._aliases:
            return self._named(exchange, path, self._aliases[path.segments[0]])
        return _visit(exchange, self._routes, path) or self._find_named(exchange, path)

    def _inside(self, path: str) -> str | None:
        """The path below the mount; None if the path is not under it."""
        length = len(self._mount)
        if path[:length].lower() != self._mount or path[length : length + 1] not in ("/", ""):
            return None
        return path[length:]

    def _negotiate(self, exchange: Exchange, path: Path) -> None:
        headers, query, fields = exchange.headers, exchange.query, exchange.headers.fields
        if not query and not path.suffix:
            # Most requests choose the format by headers alone, and most of these repeat earlier ones.
            key = (fields.get(b"accept"), fields.get(b"content-type"))
            known = self._choices.get(key)
            if known is None:
                known = self._negotiator.choose(accept=headers.get("accept"), content_type=headers.get("content-type"))
                if len(self._choices) < _REMEMBERED:
                    self._choices[key] = known
            exchange.choice = known
            return
        choice = self._negotiator.choose(
            suffix=path.suffix,
            callback=bool(first_of(query, "callback")),
            name=first_of(query, "format"),
            accept=headers.get("accept"),
            content_type=headers.get("content-type"),
        )
        exchange.choice = _with_options(exchange, choice) if query else choice

    def _find_own(self, exchange: Exchange, path: Path, inside: str) -> RouteMatch | Reply | None:
        match path.lowered:
            case ["metadata"]:
                if inside.endswith("/"):
                    return Reply(301, [field("Location", self._root + exchange.path.rstrip("/"))])
                return _document(exchange) or self._documents.index()
            case ["openapi"] if path.suffix in ("", "json"):
                return _document(exchange) or self._documents.openapi()
            case ["openapi.yaml" | "openapi.yml"]:
                return _document(exchange) or self._documents.openapi_as_yaml()
            case ["types", "metadata"]:
                return _document(exchange) or self._documents.contract()
            case ["types", *rest] if len(rest) < 2:
                return _document(exchange) or self._documents.types(exchange, path.segments[1] if rest else None)
            case [name, "metadata"] if (choice := self._negotiator.named(name)) and choice.format.documented:
                return _document(exchange) or self._documents.operation(exchange, choice.format)
            case [name, kind, _] if kind in _PREDEFINED and (choice := self._negotiator.named(name)) is not None:
                return self._find_predefined(exchange, path, choice)
        return None

    def _find_predefined(self, exchange: Exchange, path: Path, choice: Choice) -> RouteMatch | Reply:
        exchange.choice = self._chosen_by_path(exchange, path.suffix, choice.format.name)
        name = path.lowered[2]
        endpoint = self._by_name.get(name.removesuffix(_BATCH))
        if endpoint is None:
            raise OperationNotFound("The operation does not exist for this service.", headers={"Allow": ""})
        return _predefined(exchange, endpoint, choice.format, camel_case=False, is_batch=name.endswith(_BATCH))

    def _find_named(self, exchange: Exchange, path: Path) -> RouteMatch | Reply:
        if len(path.lowered) == 1:
            endpoint = self._by_name.get(path.lowered[0].removesuffix(_BATCH))
            if endpoint is not None:
                return self._named(exchange, path, endpoint)
            exchange.camel_case = True
        return self._without_route(exchange, self._routes, path)

    def _without_route(self, exchange: Exchange, routes: Routes[BoundEndpoint], path: Path) -> Reply:
        """The reply to a request without a route: 404, or 405 if the path supports other methods."""
        answered = routes.methods(path)
        if not answered:
            raise RouteNotFound(
                f"No operation has the path {exchange.path[:200]}. See {self._root}{self._mount}/metadata for all operations."
            )
        allow = [method for method, routed in answered.items() if method in routed.target.allow]
        return _refusal(exchange, [*allow, "OPTIONS"])

    def _named(self, exchange: Exchange, path: Path, endpoint: Endpoint) -> RouteMatch | Reply:
        body_format = (self._negotiator.named(path.suffix) if path.suffix else None) or self._negotiator.default
        exchange.choice = self._chosen_by_path(exchange, path.suffix, body_format.format.name)
        exchange.camel_case = True
        name = path.lowered[0]
        aliased = name.removesuffix(_BATCH) != endpoint.name.lower()
        return _predefined(
            exchange,
            endpoint,
            body_format.format,
            camel_case=aliased or endpoint.speaks_camel_case,
            is_batch=name.endswith(_BATCH),
        )

    def _chosen_by_path(self, exchange: Exchange, suffix: str, name: str) -> Choice:
        """The response format on a path that fixes it: the suffix, otherwise the query's, otherwise the path's own."""
        accept, asked = exchange.headers.get("accept"), ""
        if exchange.query and not suffix:
            asked = "json" if first_of(exchange.query, "callback") else first_of(exchange.query, "format")
        found = self._negotiator.named(suffix or asked.partition(".")[0], accept)
        choice = found or self._negotiator.named(name, accept) or self._negotiator.default
        return _with_options(exchange, choice) if exchange.query else choice


def _names(endpoint: Endpoint) -> tuple[str, ...]:
    return (endpoint.name, *endpoint.operation.contract.aliases)


def _visit(exchange: Exchange, routes: Routes[BoundEndpoint], path: Path) -> RouteMatch | None:
    routed = routes.find(exchange.method, path)
    if routed is None:
        return None
    exchange.endpoint = routed.target.endpoint
    return RouteMatch(routed.target, routed.texts(path))


def _predefined(
    exchange: Exchange, endpoint: Endpoint, format_: Format, *, camel_case: bool, is_batch: bool
) -> RouteMatch | Reply:
    exchange.endpoint = endpoint
    if exchange.method not in (_BATCH_METHODS if is_batch else METHODS):
        return _refusal(exchange, _BATCH_METHODS if is_batch else endpoint.predefined.allow)
    # HTML bodies are not supported: on such paths the Content-Type decides the body format.
    body_format = None if format_.for_people else format_
    return RouteMatch(endpoint.predefined, body_format=body_format, camel_case=camel_case, is_batch=is_batch)


def _with_options(exchange: Exchange, choice: Choice) -> Choice:
    """The choice with the query's options for JSON or CSV. JSONP applies to GET only, the method of script elements.

    Raises:
        MalformedAddress: the callback is not the name of a function.
    """
    callback = first_of(exchange.query, "callback") if exchange.method in _READING else ""
    if callback and not is_callback(callback):
        raise MalformedAddress("The callback is not the name of a function. Use letters, digits, _, $ and dots.")
    flat = parse_flat(first_of(exchange.query, "flat"), first_of(exchange.query, "bom"))
    wished = choice.with_options(callback, parse_config(first_of(exchange.query, "jsconfig")), flat)
    if wished.callback:
        exchange.without_credentials()
    return wished


def _document(exchange: Exchange) -> Reply | None:
    return None if exchange.method in _READING else _refusal(exchange, _PAGE_METHODS)


def _refusal(exchange: Exchange, allow: Sequence[str]) -> Reply:
    """The reply to OPTIONS; other methods are refused."""
    if exchange.method == "OPTIONS":
        return Reply(204, [field("Allow", ", ".join(allow))])
    raise MethodNotAllowed(f"{exchange.method[:16]} is not supported here. Use {allow[0]}.", allow)


__all__ = ["OWN_SEGMENTS", "Documents", "PathResolver"]
