"""Errors of the host: one class for each fact, with its HTTP status and its error code.

Applications derive their own errors from `ServiceError`. `servicehost.http` maps errors to responses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True)
class FieldError:
    """An error in one member.

    Attributes:
        field: wire name of the member; a path for nested members (`Contact.EmailAddress`, `Roles[0]`).
        message: the error and how to correct it.
        code: the error code.
    """

    field: str
    message: str
    code: str = "SerializationException"


class DocumentedCode(Protocol):
    """An error code of a service, for the documentation of its errors."""

    @property
    def name(self) -> str:
        """The code, as `ErrorCode` of a ResponseStatus has it."""

    @property
    def status(self) -> int:
        """The HTTP status of errors with the code."""

    @property
    def when(self) -> str:
        """A sentence: the condition for the code."""


class ServiceError(Exception):
    """An error that ends a request with an HTTP status, an error code and a message.

    Class attributes:
        status: the HTTP status.
        code: `ErrorCode` of the ResponseStatus; part of the contract.

    Attributes:
        message: the error and what to do next.
        fields: errors in single members.
        headers: response headers that belong to the error (`Retry-After`, `Allow`).
        meta: further values for programs.
    """

    status: ClassVar[int] = 500
    code: str = "InternalError"

    def __init__(
        self,
        message: str,
        *,
        fields: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        meta: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = tuple(fields)
        self.headers = dict(headers or {})
        self.meta = dict(meta or {})


class MalformedAddress(ServiceError):
    """The path or the query is not percent-encoded UTF-8."""

    status = 400
    code = "SerializationException"


class InvalidHost(MalformedAddress):
    """The Host header field is missing, repeated or malformed."""


class MalformedBody(ServiceError):
    """The body does not match its content type."""

    status = 400
    code = "SerializationException"


class UnreadableMembers(ValueError):
    """Values that cannot be read as their member's type. Raised while a request is read; answered as `InvalidFields`.

    Attributes:
        fields: the errors, one for each member.
        values: the members that could be read, by attribute; None if the reader cannot tell, in which case missing
            required members are not reported.
    """

    def __init__(self, fields: Sequence[FieldError], values: Mapping[str, Any] | None = None) -> None:
        super().__init__("; ".join(error.message for error in fields[:8]))
        self.fields = tuple(fields)
        self.values = values


class InvalidFields(ServiceError):
    """Members of the request are invalid or missing. All are named; the first one decides the error code."""

    status = 400
    code = "SerializationException"

    def __init__(self, operation: str, fields: Sequence[FieldError]) -> None:
        message = f"Unable to bind to request '{operation}'. " + " ".join(error.message for error in fields[:8])
        super().__init__(message, fields=fields)
        self.code = fields[0].code


class ConflictingValues(ServiceError):
    """Two parts of the request give a member different values."""

    status = 400
    code = "ConflictingValues"

    def __init__(self, field: str, first: str, second: str) -> None:
        message = f"'{field}' is given as '{first}' and as '{second}'. Send it once, or the same value in both places."
        super().__init__(message, fields=[FieldError(field, message, self.code)])


class NotAuthenticated(ServiceError):
    """The operation requires a sign-in and the request has no valid credentials.

    The host adds the `WWW-Authenticate` header fields, which depend on the client.
    """

    status = 401
    code = "Unauthorized"

    def __init__(self, message: str = "Not Authenticated. Sign in, or send a valid bearer token.") -> None:
        super().__init__(message)


class Forbidden(ServiceError):
    """The caller is known and may know that the object exists, but has no permission for this operation."""

    status = 403
    code = "Forbidden"


class ForeignOrigin(Forbidden):
    """A state-changing request from a page of another site."""


class NotFound(ServiceError):
    """No object with this id is visible to the caller."""

    status = 404
    code = "NotFound"


class RouteNotFound(ServiceError):
    """The path matches no operation."""

    status = 404
    code = "RouteNotFound"


class MethodNotAllowed(ServiceError):
    """The path matches an operation that does not support the method."""

    status = 405
    code = "MethodNotAllowed"

    def __init__(self, message: str, allow: Sequence[str]) -> None:
        super().__init__(message, headers={"Allow": ", ".join(allow)})


class OperationNotFound(ServiceError):
    """A predefined route names an operation that does not exist."""

    status = 405
    code = "NotImplementedException"


class Conflict(ServiceError):
    """The object's state does not allow the operation."""

    status = 409
    code = "Conflict"


class Gone(ServiceError):
    """The object existed and has expired."""

    status = 410
    code = "Expired"


class PayloadTooLarge(ServiceError):
    """The body exceeds the size limit."""

    status = 413
    code = "PayloadTooLarge"


class UnsupportedMediaType(ServiceError):
    """The host cannot read the format of the body."""

    status = 415
    code = "UnsupportedMediaType"


class TooManyRequests(ServiceError):
    """A quota or a cooldown is exceeded; try again after `retry_after` seconds."""

    status = 429
    code = "TooManyRequests"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, headers={"Retry-After": str(max(1, retry_after))})
        self.retry_after = max(1, retry_after)


class HeadersTooLarge(ServiceError):
    """The header fields exceed the size limit."""

    status = 431
    code = "HeadersTooLarge"


class TargetTooLong(ServiceError):
    """The request target, path and query, exceeds the length limit."""

    status = 414
    code = "TargetTooLong"


class RequestTimeout(ServiceError):
    """The body did not arrive in time."""

    status = 408
    code = "RequestTimeout"


class ServiceUnavailable(ServiceError):
    """The service cannot answer now; try again after `retry_after` seconds."""

    status = 503
    code = "ServiceUnavailable"

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message, headers={"Retry-After": str(max(1, retry_after))})
        self.retry_after = max(1, retry_after)


__all__ = [
    "Conflict",
    "ConflictingValues",
    "DocumentedCode",
    "FieldError",
    "Forbidden",
    "ForeignOrigin",
    "Gone",
    "HeadersTooLarge",
    "InvalidFields",
    "InvalidHost",
    "MalformedAddress",
    "MalformedBody",
    "MethodNotAllowed",
    "NotAuthenticated",
    "NotFound",
    "OperationNotFound",
    "PayloadTooLarge",
    "RequestTimeout",
    "RouteNotFound",
    "ServiceError",
    "ServiceUnavailable",
    "TargetTooLong",
    "TooManyRequests",
    "UnreadableMembers",
    "UnsupportedMediaType",
]
