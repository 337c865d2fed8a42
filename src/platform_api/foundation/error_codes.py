"""Error codes of the interface, each with its status and its meaning: the table of docs/errors.md and of the OpenAPI document."""

import enum


class ErrorCode(enum.Enum):
    """An error code. Its name is the `ErrorCode` of a ResponseStatus; clients may use it in their code."""

    status: int
    when: str

    def __init__(self, status: int, when: str) -> None:
        self.status = status
        self.when = when

    SerializationException = 400, "The body, or the value of a member, cannot be read; each member is named."
    NotEmpty = 400, "A required member is missing or empty."
    Length = 400, "A text or list is too short or too long."
    Email = 400, "A member is not an e-mail address."
    Equal = 400, "Two members that must be equal differ."
    NotEqual = 400, "Two members that must differ are equal."
    WrongValue = 400, "A member names something that does not fit the rest of the request."
    ConflictingValues = 400, "Path, query, form and body give one member different values."
    ActionRequired = 400, "Neither the path nor `Action` specifies the act."
    WrongPage = 400, "The page number, page size or cursor is invalid."
    WrongSort = 400, "The list cannot be sorted as requested; the message lists the supported orders."
    PagingRequired = (
        400,
        "The list is too long to be returned without pages, or the page number is too high: follow `Link`.",
    )
    InvalidOption = 400, "An option of a generated source has an invalid value."
    Unauthorized = 401, "The operation needs a sign-in, or the credentials are wrong."
    TokenRequired = 401, "The act needs the token of the link in the mail."
    Forbidden = (
        403,
        "The caller may not do this; or a page of another site sent a request that changes something.",
    )
    NotFound = 404, "There is nothing with this id that the caller may see."
    RouteNotFound = 404, "No operation has this path."
    MethodNotAllowed = 405, "The path does not support the method; `Allow` lists the supported methods."
    NotImplementedException = 405, "A predefined route names an operation that does not exist."
    RequestTimeout = 408, "The body arrived too slowly; send it again over a faster connection."
    Conflict = 409, "The state does not allow the act."
    AlreadyAccepted = 409, "The request was accepted."
    AlreadyDeclined = 409, "The request was declined."
    AlreadyCancelled = 409, "The request was cancelled."
    AlreadyRemoved = 409, "The connection was removed."
    AlreadyConnected = 409, "The two contacts are connected in these roles."
    NewerRequest = 409, "A newer request replaced this one."
    Voided = 409, "The platform ended the request, or its sender may no longer send it."
    AddressKept = 409, "The keeper already has another contact with this address."
    TooManyContacts = 409, "The contact already has the maximum number of virtual contacts."
    AddressTaken = (
        409,
        "There is an account with the address; only a caller who has proved the mailbox receives this error.",
    )
    Expired = 410, "The request or the link has expired."
    PayloadTooLarge = 413, "The body is larger than the server accepts."
    TargetTooLong = 414, "The path and the query are longer than the server accepts; the response is plain text."
    UnsupportedMediaType = 415, "The server does not support the format of the body."
    TooManyRequests = 429, "A quota or a cooldown applies; `Retry-After` says for how long."
    HeadersTooLarge = 431, "The header fields are too many or too large."
    InternalError = 500, "An unexpected error; the message contains the id of its log entry."
    ServiceUnavailable = 503, "The server is temporarily unavailable; `Retry-After` says when to try again."


__all__ = ["ErrorCode"]
