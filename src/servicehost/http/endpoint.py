"""An operation made ready to be served: everything that can be decided at start-up is."""

from collections.abc import Sequence

from servicehost.binding.request import Binding
from servicehost.binding.texts import TextMembers
from servicehost.contract.catalog import Operation
from servicehost.contract.messages import Message, Route, SignInNeed
from servicehost.contract.status import ResponseStatus
from servicehost.contract.types import ListOf, MessageModel, Ref, TypeNode
from servicehost.formats import flat_csv, jsconfig
from servicehost.formats.batches import ItemsReader, compile_items_reader
from servicehost.formats.codec import Encoder, Format, Reader, Style
from servicehost.formats.registry import Formats
from servicehost.negotiation import Choice
from servicehost.routing import METHODS, parse_template

_READING = ("GET", "HEAD")


class Codecs:
    """Encoders and readers of one set of formats in one style."""

    def __init__(self, formats: Formats, style: Style) -> None:
        self._formats = formats
        self._style = style

    def encoders(self, node: TypeNode) -> dict[str, Encoder]:
        """The encoder of a type by format name."""
        return {each.name: self._formats.encoder(each, node, self._style) for each in self._formats}

    def readers(self, model: MessageModel) -> dict[str, Reader]:
        """The reader of a request body by format name."""
        return {each.name: self._formats.reader(each, model, self._style) for each in self._formats}

    def items_reader(self, format_: Format, model: MessageModel, most: int) -> ItemsReader:
        """The reader of a list of at most so many requests."""
        return compile_items_reader(format_, model, self._style, most)


class ResponseEncoders:
    """How values of one type are written.

    Attributes:
        encoders: by format name.
        camel_encoders: the same with camelCase names in JSON, where that is asked for.
    """

    __slots__ = ("_node", "camel_encoders", "encoders")

    def __init__(self, node: TypeNode | None, codecs: Codecs, camel: Codecs | None = None) -> None:
        """Take the type; None where nothing is ever written."""
        self._node = node
        self.encoders = codecs.encoders(node) if node else {}
        self.camel_encoders = self.encoders | (camel.encoders(node) if node and camel else {})

    def encode(self, value: object, choice: Choice, *, camel_case: bool) -> bytes:
        """A value in any choice of format, before anything is put around it."""
        if choice.config is not None and self._node is not None:
            config = choice.config.with_default("camel" if camel_case else None)
            return jsconfig.compile_encoder(self._node, config)(value)
        if choice.flat is not None and self._node is not None:
            return flat_csv.compile_encoder(self._node, choice.flat)(value)
        encoders = self.camel_encoders if camel_case else self.encoders
        return encoders[choice.format.name](value)


class BatchSupport:
    """What an operation needs to be sent many times in one body.

    Attributes:
        response_encoders: of the list of its responses.
        empty: its response with nothing in it, for a request that is answered with nothing; None when all of them are.
    """

    __slots__ = ("_codecs", "_model", "_readers", "empty", "response_encoders")

    def __init__(self, operation: Operation, codecs: Codecs, camel: Codecs) -> None:
        self._codecs = codecs
        self._model = operation.request
        self._readers: dict[str, ItemsReader] = {}
        response = operation.response
        self.response_encoders = ResponseEncoders(ListOf(Ref(response)) if response else None, codecs, camel)
        self.empty = response.build({}) if response else None

    def reader(self, format_: Format, most: int) -> ItemsReader:
        """The reader of a list of at most so many of its requests, compiled when it is first asked for."""
        if format_.name not in self._readers:
            self._readers[format_.name] = self._codecs.items_reader(format_, self._model, most)
        return self._readers[format_.name]


class Endpoint:
    """One operation with its compiled parts.

    Attributes:
        operation: what is served.
        name: its name.
        handler: answers it.
        authenticated: a principal is required.
        identifies: credentials are looked at.
        role: a role that the principal must hold.
        changes_state: it refuses GET and HEAD and foreign origins.
        speaks_camel_case: it is the host's own, so that clients read its answers by camelCase names only.
        response_encoders: of its response.
        readers: of its request body, by format name.
        batching: what it needs to be sent many times in one body.
        predefined: how its request is put together where the path only names it.
    """

    __slots__ = (
        "_status",
        "authenticated",
        "batching",
        "changes_state",
        "handler",
        "identifies",
        "members",
        "name",
        "operation",
        "predefined",
        "readers",
        "response_encoders",
        "role",
        "speaks_camel_case",
    )

    def __init__(self, operation: Operation, codecs: Codecs, camel: Codecs) -> None:
        contract, model = operation.contract, operation.request
        self.operation = operation
        self.name = operation.name
        self.handler = operation.handler
        self.authenticated = contract.access.authenticated
        self.identifies = contract.access.sign_in is not SignInNeed.OPEN
        self.role = contract.access.role
        self.changes_state = contract.changes_state
        self.members = TextMembers(model)
        self.readers = codecs.readers(model)
        response = operation.response
        self.speaks_camel_case = response is not None and response.python.camel_case
        camel_case = self.speaks_camel_case or bool(contract.aliases)
        self.response_encoders = ResponseEncoders(
            Ref(response) if response else None, codecs, camel if camel_case else None
        )
        self.batching = BatchSupport(operation, codecs, camel)
        self.predefined = BoundEndpoint(self, None, Binding(model, self.members, body_wins=True), METHODS)
        self._status = _status_attribute(response)

    def bound(self, route: Route) -> "BoundEndpoint":
        """The endpoint as it is served at one of its routes.

        Raises:
            UnreadableRouteValue: the route sets what the request does not have.
        """
        binding = Binding(
            self.operation.request,
            self.members,
            placeholders=parse_template(route.template).names,
            sets=route.sets,
        )
        return BoundEndpoint(self, route, binding, [verb.upper() for verb in route.verbs] or METHODS)

    def failure(self, status: ResponseStatus) -> Message | None:
        """Its response with nothing but a status; None when it has no room for one."""
        response = self.operation.response
        return response.build({self._status: status}) if response is not None and self._status else None


class BoundEndpoint:
    """An endpoint at one of the places where it is served.

    Attributes:
        endpoint: the endpoint.
        route: the declared route; None where the path only names the operation.
        binding: how the request is put together there.
        allow: the methods that are answered there, for a 405 and for OPTIONS.
    """

    __slots__ = ("allow", "binding", "endpoint", "route")

    def __init__(self, endpoint: Endpoint, route: Route | None, binding: Binding, verbs: Sequence[str]) -> None:
        self.endpoint = endpoint
        self.route = route
        self.binding = binding
        self.allow = _allowed(verbs, changes_state=endpoint.changes_state)


class RouteMatch:
    """Where a request goes, with what its path says.

    Attributes:
        bound: the endpoint and its place.
        texts: the texts of the path's placeholders.
        body_format: the format of the body where the path decides it; None where the Content-Type does.
        camel_case: the answer has camelCase names in JSON.
        is_batch: the body is a list of requests.
    """

    __slots__ = ("body_format", "bound", "camel_case", "is_batch", "texts")

    def __init__(
        self,
        bound: BoundEndpoint,
        texts: Sequence[str | None] = (),
        *,
        body_format: Format | None = None,
        camel_case: bool = False,
        is_batch: bool = False,
    ) -> None:
        self.bound = bound
        self.texts = texts
        self.body_format = body_format
        self.camel_case = camel_case
        self.is_batch = is_batch


def _allowed(verbs: Sequence[str], *, changes_state: bool) -> tuple[str, ...]:
    known = [verb for verb in METHODS if verb in verbs or (verb == "HEAD" and "GET" in verbs)]
    return (*(verb for verb in known if not (changes_state and verb in _READING)), "OPTIONS")


def _status_attribute(response: MessageModel | None) -> str | None:
    for member in response.members if response else ():
        if isinstance(member.core, Ref) and member.core.model.python is ResponseStatus:
            return member.attribute
    return None


__all__ = ["BatchSupport", "BoundEndpoint", "Codecs", "Endpoint", "ResponseEncoders", "RouteMatch"]
