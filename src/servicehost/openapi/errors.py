"""Errors of an operation: one response for each status other than success.

The errors of the host are known. The contract does not say which errors a handler raises, so each operation is documented
with every status that handlers of its kind can return.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from servicehost.contract import errors
from servicehost.contract.errors import FieldError, ServiceError
from servicehost.languages.text import camel
from servicehost.openapi.endpoints import WITH_BODY, DocumentedEndpoint
from servicehost.openapi.examples import Example
from servicehost.samples.as_json import Json


@dataclass(frozen=True)
class DocumentedError:
    """One error status.

    Attributes:
        name: component name of its response.
        error: the host's error class with this status.
        description: meaning of the status.
        message: error message of the example.
        applies: whether an endpoint can return it.
        headers: header fields of the response.
        field: field error of the example.
        plain: whether the server may return it before routing, as plain text.
    """

    name: str
    error: type[ServiceError]
    description: str
    message: str
    applies: Callable[[DocumentedEndpoint], bool]
    headers: tuple[str, ...] = ()
    field: FieldError | None = None
    plain: bool = False

    @property
    def status(self) -> str:
        """The status as a string."""
        return str(self.error.status)

    def example(self, *, camel_case: bool = False) -> Example:
        """Return the body of an example."""
        code = self.error.code
        fields: list[Json] = []
        if self.field:
            code, name, message = self.field.code, self.field.field, self.field.message
            fields.append(_cased(camel_case, ErrorCode=code, FieldName=name, Message=message))
        status = _cased(camel_case, ErrorCode=code, Message=self.message, Errors=fields)
        return _cased(camel_case, ResponseStatus=status)


def documented_errors(endpoint: DocumentedEndpoint) -> Iterator[DocumentedError]:
    """Return the errors that an endpoint can return, by status."""
    return (error for error in ERRORS if error.applies(endpoint))


def _always(_place: DocumentedEndpoint) -> bool:
    return True


def _has_body(endpoint: DocumentedEndpoint) -> bool:
    return endpoint.method in WITH_BODY


def _names_something(endpoint: DocumentedEndpoint) -> bool:
    return bool(endpoint.operation.request.members)


def _changes_state(endpoint: DocumentedEndpoint) -> bool:
    return endpoint.operation.contract.changes_state


ERRORS: Final = (
    DocumentedError(
        "BadRequest",
        errors.InvalidFields,
        "The request cannot be parsed, or members are missing, invalid or contradictory. `Errors` lists all of them.",
        "Unable to bind to request. 'Contact Id' must not be empty.",
        _always,
        field=FieldError("ContactId", "'Contact Id' must not be empty.", "NotEmpty"),
        plain=True,
    ),
    DocumentedError(
        "Unauthorized",
        errors.NotAuthenticated,
        "No valid credentials were sent, or the operation requires a token from an e-mail.",
        "Not Authenticated. Sign in, or send a valid bearer token.",
        _always,
        headers=("WWW-Authenticate",),
    ),
    DocumentedError(
        "Forbidden",
        errors.Forbidden,
        "The caller is not allowed to do this, or a page of another site sent the request with the visitor's cookies.",
        "You may not do this.",
        _always,
    ),
    DocumentedError(
        "NotFound",
        errors.NotFound,
        "No item with this id is visible to the caller.",
        "There is no item with this id. Check the id.",
        _names_something,
    ),
    DocumentedError(
        "MethodNotAllowed",
        errors.MethodNotAllowed,
        "The method (or the method in `X-HTTP-Method-Override`) is not supported, or a GET would change data.",
        "DELETE is not supported here. Use POST.",
        _always,
        headers=("Allow",),
    ),
    DocumentedError(
        "RequestTimeout",
        errors.RequestTimeout,
        "The request arrived too slowly.",
        "The body arrived too slowly. Send it again over a faster connection.",
        _has_body,
        plain=True,
    ),
    DocumentedError(
        "Conflict",
        errors.Conflict,
        "The current state does not allow this operation. `ErrorCode` names the reason.",
        "The current state does not allow this.",
        _changes_state,
    ),
    DocumentedError(
        "Gone",
        errors.Gone,
        "It has expired.",
        "It has expired. Request a new one.",
        _changes_state,
    ),
    DocumentedError(
        "PayloadTooLarge",
        errors.PayloadTooLarge,
        "The body is larger than the host accepts.",
        "The body is larger than 1048576 bytes. Send a smaller body.",
        _has_body,
    ),
    DocumentedError(
        "TargetTooLong",
        errors.TargetTooLong,
        "The path and the query are longer than the server accepts.",
        "The request target is longer than 16384 bytes. Use POST.",
        _always,
        plain=True,
    ),
    DocumentedError(
        "UnsupportedMediaType",
        errors.UnsupportedMediaType,
        "The host does not support the format of the body.",
        "A body of type 'image/png' is not supported here. Send application/json.",
        _has_body,
    ),
    DocumentedError(
        "TooManyRequests",
        errors.TooManyRequests,
        "A quota or a cooldown applies. `Retry-After` says for how many seconds.",
        "Try again in 60 seconds.",
        _always,
        headers=("Retry-After",),
    ),
    DocumentedError(
        "HeadersTooLarge",
        errors.HeadersTooLarge,
        "The header fields are larger than the server accepts.",
        "The header fields are larger than 32768 bytes.",
        _always,
        plain=True,
    ),
    DocumentedError(
        "InternalError",
        ServiceError,
        "An unexpected error occurred. `Meta` contains the id of the log entry.",
        "Something went wrong on the server. Try again later.",
        _always,
    ),
    DocumentedError(
        "ServiceUnavailable",
        errors.ServiceUnavailable,
        "The service is temporarily unavailable. `Retry-After` says when to try again.",
        "The service is busy. Try again in a moment.",
        _always,
        headers=("Retry-After",),
    ),
)
"""All errors, by status."""


def _cased(camel_case: bool, **members: Json) -> dict[str, Json]:
    return {camel(name) if camel_case else name: value for name, value in members.items()}


__all__ = ["ERRORS", "DocumentedError", "documented_errors"]
