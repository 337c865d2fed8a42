"""Operations compiled for serving: everything that can be decided at start-up."""

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
        """The encoders of a type, by format name."""
        return {each.name: self._formats.encoder(each, node, self._style) for each in self._formats}

    def readers(self, model: MessageModel) -> dict[str, Reader]:
        """The readers of a request body, by format name."""
        return {each.name: self._formats.reader(each, model, self._style) for each in self._formats}

    def items_reader(self, format_: Format, model: MessageModel, most: int) -> ItemsReader:
        """The reader of a list of at most `most` requests."""
        return compile_items_reader(format_, model, self._style, most)


class ResponseEncoders:
    """Encoders of the values of one type.

    Attributes:
        encoders: by format name.
        camel_encoders: encoders with camelCase names in JSON, by format name.
    """

    __slots__ = ("_node", "camel_encoders", "encoders")

    def __init__(self, node: TypeNode | None, codecs: Codecs, camel: Codecs | None = None) -> None:
        """Compile the encoders of a type; None if there are no values to write."""
        self._node = node
        self.encoders = codecs.encoders(node) if node else {}
        self.camel_encoders = self.encoders | (camel.encoders(node) if node and camel else {})

    def encode(self, value: object, choice: Choice, *, camel_case: bool) -> bytes:
        """Encode a value in the chosen format, without a surrounding page or script."""
        if choice.config is not None and self._node is not None:
            config = choice.config.with_default("camel" if camel_case else None)
            return jsconfig.compile_encoder(self._node, config)(value)
        if choice.flat is not None and self._node is not None:
            return flat_csv.compile_encoder(self._node, choice.flat)(value)
        encoders = self.camel_encoders if camel_case else self.encoders
        return encoders[choice.format.name](value)


class BatchSupport:
    """The parts of an operation that batches need.

    Attributes:
        response_encoders: encoders of the list of its responses.
        empty: an empty response, for a request without one; None if the operation has no response.
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
        """The reader of a list of at most `most` requests, compiled on first use."""
        if format_.name not in self._readers:
            self._readers[format_.name] = self._codecs.items_reader(format_, self._model, most)
        return self._readers[format_.name]


class Endpoint:
    """One operation with its compiled parts.

    Attributes:
        operation: the operation.
        name: its name.
        handler: its handler.
        authenticated: whether a principal is required.
        identifies: whether credentials are checked.
        role: the role that the principal must have; None for no role.
        changes_state: whether it refuses GET, HEAD and foreign origins.
        speaks_camel_case: whether it is one of the host's own operations, whose clients read camelCase names only.
        response_encoders: encoders of its response.
        readers: readers of its request body, by format name.
        batching: the parts that batches need.
        predefined: the binding of its request on predefined paths.
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
        """The endpoint at one of its routes.

        Raises:
            UnreadableRouteValue: the route sets an unknown member or an invalid value.
        """
        binding = Binding(
            self.operation.request,
            self.members,
            placeholders=parse_template(route.template).names,
            sets=route.sets,
        )
        return BoundEndpoint(self, route, binding, [verb.upper() for verb in route.verbs] or METHODS)

    def failure(self, status: ResponseStatus) -> Message | None:
        """Its response with only an error status; None if the response has no such member."""
        response = self.operation.response
        return response.build({self._status: status}) if response is not None and self._status else None


class BoundEndpoint:
    """An endpoint at one of its paths.

    Attributes:
        endpoint: the endpoint.
        route: the declared route; None for a predefined path.
        binding: the binding of the request at this path.
        allow: the supported methods, for 405 and OPTIONS.
    """

    __slots__ = ("allow", "binding", "endpoint", "route")

    def __init__(self, endpoint: Endpoint, route: Route | None, binding: Binding, verbs: Sequence[str]) -> None:
        self.endpoint = endpoint
        self.route = route
        self.binding = binding
        self.allow = _allowed(verbs, changes_state=endpoint.changes_state)


class RouteMatch:
    """The endpoint of a request, with the values of its path.

    Attributes:
        bound: the endpoint at its path.
        texts: the texts of the path's placeholders.
        body_format: the body format if the path fixes it; None if the Content-Type decides.
        camel_case: whether the response has camelCase names in JSON.
        is_batch: whether the body is a list of requests.
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
