"""An operation made ready to be served: everything that can be decided at start-up is."""

from collections.abc import Sequence

from servicehost.binding.request import Binding
from servicehost.binding.texts import TextMembers
from servicehost.contract.catalog import Operation
from servicehost.contract.messages import Message, Route
from servicehost.contract.status import ResponseStatus
from servicehost.contract.types import MessageModel, Ref
from servicehost.formats.codec import Encoder, Format, Reader, Style
from servicehost.formats.registry import Formats
from servicehost.routing import METHODS, parse_template

_READING = ("GET", "HEAD")


class Codecs:
    """Encoders and readers of one set of formats in one style."""

    def __init__(self, formats: Formats, style: Style) -> None:
        self._formats = formats
        self._style = style

    def encoders(self, model: MessageModel) -> dict[str, Encoder]:
        """The encoder of a message by format name."""
        return {each.name: self._formats.encoder(each, Ref(model), self._style) for each in self._formats}

    def readers(self, model: MessageModel) -> dict[str, Reader]:
        """The reader of a request body by format name."""
        return {each.name: self._formats.reader(each, model, self._style) for each in self._formats}


class Endpoint:
    """One operation with its compiled parts.

    Attributes:
        operation: what is served.
        name: its name.
        handler: answers it.
        authenticated: a principal is required.
        role: a role that the principal must hold.
        changes_state: it refuses GET and HEAD and foreign origins.
        speaks_camel_case: it is the host's own, so that clients read its answers by camelCase names only.
        encoders: of its response, by format name.
        camel_encoders: the same with camelCase names in JSON.
        readers: of its request body, by format name.
        predefined: how its request is put together where the path only names it.
    """

    __slots__ = (
        "_status",
        "authenticated",
        "camel_encoders",
        "changes_state",
        "encoders",
        "handler",
        "members",
        "name",
        "operation",
        "predefined",
        "readers",
        "role",
        "speaks_camel_case",
    )

    def __init__(self, operation: Operation, codecs: Codecs, camel: Codecs) -> None:
        contract, model = operation.contract, operation.request
        self.operation = operation
        self.name = operation.name
        self.handler = operation.handler
        self.authenticated = contract.access.authenticated
        self.role = contract.access.role
        self.changes_state = contract.changes_state
        self.members = TextMembers(model)
        self.readers = codecs.readers(model)
        self.encoders = codecs.encoders(operation.response) if operation.response else {}
        self.speaks_camel_case = operation.response is not None and operation.response.python.camel_case
        self.camel_encoders = self.encoders | self._camel(operation, camel)
        self.predefined = Bound(self, None, Binding(model, self.members, body_wins=True), METHODS)
        self._status = _status_attribute(operation.response)

    def _camel(self, operation: Operation, camel: Codecs) -> dict[str, Encoder]:
        needed = self.speaks_camel_case or operation.contract.aliases
        return camel.encoders(operation.response) if operation.response and needed else {}

    def bound(self, route: Route) -> "Bound":
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
        return Bound(self, route, binding, [verb.upper() for verb in route.verbs] or METHODS)

    def failure(self, status: ResponseStatus) -> Message | None:
        """Its response with nothing but a status; None when it has no room for one."""
        response = self.operation.response
        return response.build({self._status: status}) if response is not None and self._status else None


class Bound:
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


class Visit:
    """Where a request goes, with what its path says.

    Attributes:
        bound: the endpoint and its place.
        texts: the texts of the path's placeholders.
        body_format: the format of the body where the path decides it; None where the Content-Type does.
        camel_case: the answer has camelCase names in JSON.
    """

    __slots__ = ("body_format", "bound", "camel_case", "texts")

    def __init__(
        self,
        bound: Bound,
        texts: Sequence[str | None] = (),
        *,
        body_format: Format | None = None,
        camel_case: bool = False,
    ) -> None:
        self.bound = bound
        self.texts = texts
        self.body_format = body_format
        self.camel_case = camel_case


def _allowed(verbs: Sequence[str], *, changes_state: bool) -> tuple[str, ...]:
    known = [verb for verb in METHODS if verb in verbs or (verb == "HEAD" and "GET" in verbs)]
    return (*(verb for verb in known if not (changes_state and verb in _READING)), "OPTIONS")


def _status_attribute(response: MessageModel | None) -> str | None:
    for member in response.members if response else ():
        if isinstance(member.core, Ref) and member.core.model.python is ResponseStatus:
            return member.attribute
    return None


__all__ = ["Bound", "Codecs", "Endpoint", "Visit"]
