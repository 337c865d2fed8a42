"""The description of a service as data: messages, routes, access, errors, the type model and the catalog."""

from servicehost.contract.call import Answer, Call, Cookie, Handler, Page, Principal
from servicehost.contract.catalog import Catalog, DuplicateOperation, Operation, Service
from servicehost.contract.errors import (
    Conflict,
    ConflictingValues,
    FieldError,
    Forbidden,
    Gone,
    InvalidFields,
    NotAuthenticated,
    NotFound,
    ServiceError,
    ServiceUnavailable,
    TooManyRequests,
)
from servicehost.contract.messages import (
    DATACONTRACT_NAMESPACE,
    Access,
    Authenticated,
    Interface,
    Member,
    Message,
    Public,
    Request,
    RoleHolder,
    Route,
)
from servicehost.contract.scalars import EMPTY_GUID, Guid, Long, parse_guid
from servicehost.contract.status import ErrorResponse, ResponseError, ResponseStatus
from servicehost.contract.types import UnsupportedAnnotation

__all__ = [
    "DATACONTRACT_NAMESPACE",
    "EMPTY_GUID",
    "Access",
    "Answer",
    "Authenticated",
    "Call",
    "Catalog",
    "Conflict",
    "ConflictingValues",
    "Cookie",
    "DuplicateOperation",
    "ErrorResponse",
    "FieldError",
    "Forbidden",
    "Gone",
    "Guid",
    "Handler",
    "Interface",
    "InvalidFields",
    "Long",
    "Member",
    "Message",
    "NotAuthenticated",
    "NotFound",
    "Operation",
    "Page",
    "Principal",
    "Public",
    "Request",
    "ResponseError",
    "ResponseStatus",
    "RoleHolder",
    "Route",
    "Service",
    "ServiceError",
    "ServiceUnavailable",
    "TooManyRequests",
    "UnsupportedAnnotation",
    "parse_guid",
]
