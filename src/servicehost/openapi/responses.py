"""Responses of endpoints: one for each message and each error, shared by all endpoints that return it."""

from collections.abc import Mapping, Sequence
from typing import Final

from servicehost.contract.catalog import Catalog
from servicehost.contract.status import ErrorResponse, ResponseStatus
from servicehost.contract.types import MemberModel, MessageModel, Ref
from servicehost.openapi.content import AS_JSON, PLAIN_TEXT, Content
from servicehost.openapi.endpoints import DocumentedEndpoint
from servicehost.openapi.errors import DocumentedError, documented_errors
from servicehost.openapi.examples import example
from servicehost.openapi.schemas import SUFFIX, Notation, Part, Schemas, reference

HEADERS: Final[Mapping[str, Part]] = {
    "X-Request-Id": {"description": "Identifies the request in the log.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "Authentication schemes that the host accepts.", "schema": {"type": "string"}},
    "Allow": {"description": "Supported methods.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
}
"""Response header fields, as components."""


class Responses:
    """The responses of a document.

    Attributes:
        components: responses by component name.
    """

    def __init__(self, catalog: Catalog, schemas: Schemas, content: Content) -> None:
        self.components: dict[str, Part] = {}
        self._codes = catalog.error_codes
        self._error = catalog.types.message(ErrorResponse)
        self._schemas = schemas
        self._content = content

    def of(self, endpoint: DocumentedEndpoint) -> Part:
        """Return the responses of an endpoint by status."""
        response = endpoint.operation.response
        success = {"200": self._success(endpoint, response)} if response else {"204": _bare("It is done.")}
        return {
            **success,
            **{error.status: self._error_response(error, endpoint) for error in documented_errors(endpoint)},
        }

    def _success(self, endpoint: DocumentedEndpoint, response: MessageModel) -> Part:
        name = _name(self._schemas.message(response).removesuffix(SUFFIX), endpoint)
        if name not in self.components:
            notation = _notation(camel_case=endpoint.named and response.python.camel_case)
            schema = reference("schemas", self._schemas.message(response, notation))
            shown = example(response, _told_in_success(response), notation)
            self.components[name] = {
                **_bare(response.description or "The answer."),
                "content": self._content.json(schema, shown)
                if endpoint.named
                else self._content.answer(schema, shown, response),
            }
        return reference("responses", name)

    def _error_response(self, error: DocumentedError, endpoint: DocumentedEndpoint) -> Part:
        name = _name(error.name, endpoint)
        if name not in self.components:
            schema = reference("schemas", self._schemas.message(self._error, _notation(camel_case=endpoint.named)))
            shown = error.example(camel_case=endpoint.named)
            content = self._content.json(schema, shown) if endpoint.named else self._content.answer(schema, shown)
            self.components[name] = {
                **_bare(self._description(error), error.headers),
                "content": {**content, **PLAIN_TEXT} if error.plain else content,
            }
        return reference("responses", name)

    def _description(self, error: DocumentedError) -> str:
        """Return the meaning of a status, with a list of the codes that the service has for it."""
        codes = [f"- `{code.name}`: {code.when}" for code in self._codes if str(code.status) == error.status]
        return "\n".join([error.description, *([""] if codes else []), *codes])


def _name(name: str, endpoint: DocumentedEndpoint) -> str:
    return name + AS_JSON if endpoint.named else name


def _told_in_success(response: MessageModel) -> list[MemberModel]:
    """Return the members shown in an example of a success: all but the status, which is absent then."""
    return [member for member in response.members if not _is_status(member)]


def _is_status(member: MemberModel) -> bool:
    return isinstance(member.core, Ref) and member.core.model.python is ResponseStatus


def _notation(*, camel_case: bool) -> Notation:
    return Notation.CAMEL_CASE if camel_case else Notation.AS_DECLARED


def _bare(description: str, headers: Sequence[str] = ()) -> Part:
    """Return a response without a body."""
    return {
        "description": description,
        "headers": {header: reference("headers", header) for header in (*headers, "X-Request-Id")},
    }


__all__ = ["HEADERS", "Responses"]
