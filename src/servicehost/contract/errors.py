"""The errors of the host: one class for each fact, with the status and the code that go on the wire.

An application derives its own from `ServiceError`. The one map from errors to answers is in `servicehost.http`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one member.

    Attributes:
        field: wire name of the member, a path for nested ones (`Contact.EmailAddress`, `Roles[0]`).
        message: what is wrong and what would be right.
        code: the error code of this member.
    """

    field: str
    message: str
    code: str = "SerializationException"


class ServiceError(Exception):
    """A fact that ends a request with a status, a code and a message for the person who reads it.

    Class attributes:
        status: the HTTP status.
        code: `ErrorCode` of the ResponseStatus; part of the interface.

    Attributes:
        message: what happened and what to do next.
        fields: the members that are wrong.
        headers: response headers that belong to the fact (`Retry-After`, `Allow`).
        meta: further facts for programs.
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
    """The body is not what its content type says."""

    status = 400
    code = "SerializationException"


class UnreadableMembers(ValueError):
    """Values that are not of their member's type; a step of reading a request, answered as `InvalidFields`.

    Attributes:
        fields: what is wrong with each of them.
        values: the members that could be read, by attribute; None where the reader does not know, and then nobody can
            say which required members are missing beside.
    """

    def __init__(self, fields: Sequence[FieldError], values: Mapping[str, Any] | None = None) -> None:
        super().__init__("; ".join(error.message for error in fields[:8]))
        self.fields = tuple(fields)
        self.values = values


class InvalidFields(ServiceError):
    """Members of the request have values that cannot be read, or are missing; all of them are named, the first decides the code."""

    status = 400
    code = "SerializationException"

    def __init__(self, operation: str, fields: Sequence[FieldError]) -> None:
        message = f"Unable to bind to request '{operation}'. " + " ".join(error.message for error in fields[:8])
        super().__init__(message, fields=fields)
        self.code = fields[0].code


class ConflictingValues(ServiceError):
    """Two places of the request give one member different values."""

    status = 400
    code = "ConflictingValues"

    def __init__(self, field: str, first: str, second: str) -> None:
        message = f"'{field}' is given as '{first}' and as '{second}'. Send it once, or the same value in both places."
        super().__init__(message, fields=[FieldError(field, message, self.code)])


class NotAuthenticated(ServiceError):
    """The operation needs a sign-in and there is none, or the credentials are wrong.

    The host adds the `WWW-Authenticate` fields, which depend on the client.
    """

    status = 401
    code = "Unauthorized"

    def __init__(self, message: str = "Not Authenticated. Sign in, or send a valid bearer token.") -> None:
        super().__init__(message)


class Forbidden(ServiceError):
    """The caller is known, may know that this exists, and may not do it."""

    status = 403
    code = "Forbidden"


class ForeignOrigin(Forbidden):
    """A page of another site made a browser send a state-changing request."""


class NotFound(ServiceError):
    """There is nothing with this id that the caller may see."""

    status = 404
    code = "NotFound"


class RouteNotFound(ServiceError):
    """No operation answers at this path."""

    status = 404
    code = "RouteNotFound"


class MethodNotAllowed(ServiceError):
    """The path is right and the method is not."""

    status = 405
    code = "MethodNotAllowed"

    def __init__(self, message: str, allow: Sequence[str]) -> None:
        super().__init__(message, headers={"Allow": ", ".join(allow)})


class OperationNotFound(ServiceError):
    """A predefined route names an operation that the service does not have."""

    status = 405
    code = "NotImplementedException"


class Conflict(ServiceError):
    """The state of the thing does not allow this act."""

    status = 409
    code = "Conflict"


class Gone(ServiceError):
    """It was here and its time is over."""

    status = 410
    code = "Expired"


class PayloadTooLarge(ServiceError):
    """The body is larger than the host reads."""

    status = 413
    code = "PayloadTooLarge"


class UnsupportedMediaType(ServiceError):
    """The body is in a format that the host does not read."""

    status = 415
    code = "UnsupportedMediaType"


class TooManyRequests(ServiceError):
    """A quota or a cooldown stands in the way; `retry_after` seconds from now it will not."""

    status = 429
    code = "TooManyRequests"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, headers={"Retry-After": str(max(1, retry_after))})
        self.retry_after = max(1, retry_after)


class HeadersTooLarge(ServiceError):
    """The header fields are larger than the host reads."""

    status = 431
    code = "HeadersTooLarge"


class TargetTooLong(ServiceError):
    """The path and the query are longer than the server reads."""

    status = 414
    code = "TargetTooLong"


class RequestTimeout(ServiceError):
    """The body arrived too slowly."""

    status = 408
    code = "RequestTimeout"


class ServiceUnavailable(ServiceError):
    """The service cannot answer now; it is expected to answer `retry_after` seconds from now."""

    status = 503
    code = "ServiceUnavailable"

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message, headers={"Retry-After": str(max(1, retry_after))})
        self.retry_after = max(1, retry_after)


__all__ = [
    "Conflict",
    "ConflictingValues",
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
