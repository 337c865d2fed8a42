"""What places answer: one response for each message and for each refusal, shared by all that answer it."""

from collections.abc import Mapping, Sequence
from typing import Final

from servicehost.contract.status import ErrorResponse, ResponseStatus
from servicehost.contract.types import MemberModel, MessageModel, Ref, TypeModel
from servicehost.openapi.content import AS_JSON, PLAIN_TEXT, Content
from servicehost.openapi.examples import example
from servicehost.openapi.places import Place
from servicehost.openapi.refusals import Refusal, refusals
from servicehost.openapi.schemas import SUFFIX, Part, Schemas, Writing, reference

HEADERS: Final[Mapping[str, Part]] = {
    "X-Request-Id": {"description": "Names the request in the log.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to prove who sends a request.", "schema": {"type": "string"}},
    "Allow": {"description": "The methods that are answered.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
}
"""The header fields of answers, as components."""


class Answers:
    """The responses of a document.

    Attributes:
        components: the responses by the name that references use.
    """

    def __init__(self, types: TypeModel, schemas: Schemas, content: Content) -> None:
        self.components: dict[str, Part] = {}
        self._error = types.message(ErrorResponse)
        self._schemas = schemas
        self._content = content

    def of(self, place: Place) -> Part:
        """The responses of a place by status."""
        response = place.operation.response
        success = {"200": self._success(place, response)} if response else {"204": _bare("It is done.")}
        return {**success, **{refusal.status: self._refusal(refusal, place) for refusal in refusals(place)}}

    def _success(self, place: Place, response: MessageModel) -> Part:
        name = _name(self._schemas.message(response).removesuffix(SUFFIX), place)
        if name not in self.components:
            writing = _writing(camel_case=place.named and response.python.camel_case)
            schema = reference("schemas", self._schemas.message(response, writing))
            shown = example(response, _told_in_success(response), writing)
            self.components[name] = {
                **_bare(response.description or "The answer."),
                "content": self._content.json(schema, shown)
                if place.named
                else self._content.answer(schema, shown, response),
            }
        return reference("responses", name)

    def _refusal(self, refusal: Refusal, place: Place) -> Part:
        name = _name(refusal.name, place)
        if name not in self.components:
            schema = reference("schemas", self._schemas.message(self._error, _writing(camel_case=place.named)))
            shown = refusal.example(camel_case=place.named)
            content = self._content.json(schema, shown) if place.named else self._content.answer(schema, shown)
            self.components[name] = {
                **_bare(refusal.description, refusal.headers),
                "content": {**content, **PLAIN_TEXT} if refusal.plain else content,
            }
        return reference("responses", name)


def _name(name: str, place: Place) -> str:
    return name + AS_JSON if place.named else name


def _told_in_success(response: MessageModel) -> list[MemberModel]:
    """The members that an example of a success shows: no status, which is absent then."""
    return [member for member in response.members if not _is_status(member)]


def _is_status(member: MemberModel) -> bool:
    return isinstance(member.core, Ref) and member.core.model.python is ResponseStatus


def _writing(*, camel_case: bool) -> Writing:
    return Writing.CAMEL_CASE if camel_case else Writing.AS_DECLARED


def _bare(description: str, headers: Sequence[str] = ()) -> Part:
    """A response without a body."""
    return {
        "description": description,
        "headers": {header: reference("headers", header) for header in (*headers, "X-Request-Id")},
    }


__all__ = ["HEADERS", "Answers"]
