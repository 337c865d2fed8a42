"""The refusals of an operation: one response for each status that it can answer with beside success.

The host knows its own refusals. What a handler may raise beside them no contract says; so each operation is documented
with every status that handlers of its kind can give.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from servicehost.contract import errors
from servicehost.contract.errors import FieldError, ServiceError
from servicehost.languages.text import camel
from servicehost.openapi.examples import Example
from servicehost.openapi.places import WITH_BODY, Place
from servicehost.samples.as_json import Json


@dataclass(frozen=True)
class Refusal:
    """One status that is not a success.

    Attributes:
        name: of its response among the components.
        error: the host's error with this status.
        description: what it means.
        message: the message of the example.
        applies: whether a place can answer with it.
        headers: the header fields that belong to it.
        field: what the example says of a member.
        plain: whether the server may refuse so before it has read what is asked for; its answer is then plain text.
    """

    name: str
    error: type[ServiceError]
    description: str
    message: str
    applies: Callable[[Place], bool]
    headers: tuple[str, ...] = ()
    field: FieldError | None = None
    plain: bool = False

    @property
    def status(self) -> str:
        """The status, as the document has it."""
        return str(self.error.status)

    def example(self, *, camel_case: bool = False) -> Example:
        """What the body says, for one case of many."""
        code = self.error.code
        fields: list[Json] = []
        if self.field:
            code, name, message = self.field.code, self.field.field, self.field.message
            fields.append(_cased(camel_case, ErrorCode=code, FieldName=name, Message=message))
        status = _cased(camel_case, ErrorCode=code, Message=self.message, Errors=fields)
        return _cased(camel_case, ResponseStatus=status)


def refusals(place: Place) -> Iterator[Refusal]:
    """The refusals that a place can answer with, by status."""
    return (refusal for refusal in REFUSALS if refusal.applies(place))


def _always(_place: Place) -> bool:
    return True


def _has_body(place: Place) -> bool:
    return place.method in WITH_BODY


def _names_something(place: Place) -> bool:
    return bool(place.operation.request.members)


def _changes_state(place: Place) -> bool:
    return place.operation.contract.changes_state


REFUSALS: Final = (
    Refusal(
        "BadRequest",
        errors.InvalidFields,
        "The request cannot be read, or members are missing, wrong or contradict each other. `Errors` names all of them.",
        "Unable to bind to request. 'Contact Id' must not be empty.",
        _always,
        field=FieldError("ContactId", "'Contact Id' must not be empty.", "NotEmpty"),
        plain=True,
    ),
    Refusal(
        "Unauthorized",
        errors.NotAuthenticated,
        "There are no valid credentials, or the act needs a token that was mailed.",
        "Not Authenticated. Sign in, or send a valid bearer token.",
        _always,
        headers=("WWW-Authenticate",),
    ),
    Refusal(
        "Forbidden",
        errors.Forbidden,
        "The caller may not do this; or a page of another site sent the request with the visitor's cookies.",
        "You may not do this.",
        _always,
    ),
    Refusal(
        "NotFound",
        errors.NotFound,
        "There is nothing with this id that the caller may see.",
        "There is nothing with this id that you may see. Check the id.",
        _names_something,
    ),
    Refusal(
        "MethodNotAllowed",
        errors.MethodNotAllowed,
        "The method is not supported here, also when `X-HTTP-Method-Override` names it; or it is a GET that would change data.",
        "DELETE is not supported here. Use POST.",
        _always,
        headers=("Allow",),
    ),
    Refusal(
        "RequestTimeout",
        errors.RequestTimeout,
        "The request arrived too slowly.",
        "The body arrived too slowly. Send it again over a faster connection.",
        _has_body,
        plain=True,
    ),
    Refusal(
        "Conflict",
        errors.Conflict,
        "The current state does not allow the act. `ErrorCode` names that state.",
        "The current state does not allow this.",
        _changes_state,
    ),
    Refusal(
        "Gone",
        errors.Gone,
        "It has expired.",
        "It has expired. Request a new one.",
        _changes_state,
    ),
    Refusal(
        "PayloadTooLarge",
        errors.PayloadTooLarge,
        "The body is larger than the host reads.",
        "The body is larger than 1048576 bytes. Send less at once.",
        _has_body,
    ),
    Refusal(
        "TargetTooLong",
        errors.TargetTooLong,
        "The path and the query are longer than the server reads.",
        "The request target is longer than 16384 bytes. Use POST.",
        _always,
        plain=True,
    ),
    Refusal(
        "UnsupportedMediaType",
        errors.UnsupportedMediaType,
        "The body is in a format that the host does not read.",
        "A body of type 'image/png' is not supported here. Send application/json.",
        _has_body,
    ),
    Refusal(
        "TooManyRequests",
        errors.TooManyRequests,
        "A quota or a cooldown applies, for as many seconds as `Retry-After` says.",
        "Try again in 60 seconds.",
        _always,
        headers=("Retry-After",),
    ),
    Refusal(
        "HeadersTooLarge",
        errors.HeadersTooLarge,
        "The header fields are larger than the host reads.",
        "The header fields are larger than 32768 bytes.",
        _always,
        plain=True,
    ),
    Refusal(
        "InternalError",
        ServiceError,
        "Something went wrong on the server. `Meta` has the id of the entry in the log.",
        "Something went wrong on the server. Try again later.",
        _always,
    ),
    Refusal(
        "ServiceUnavailable",
        errors.ServiceUnavailable,
        "The service cannot answer now; `Retry-After` says when to try again.",
        "The service is busy. Try again in a moment.",
        _always,
        headers=("Retry-After",),
    ),
)
"""Every refusal, by status."""


def _cased(camel_case: bool, **members: Json) -> dict[str, Json]:
    return {camel(name) if camel_case else name: value for name, value in members.items()}


__all__ = ["REFUSALS", "Refusal", "refusals"]
