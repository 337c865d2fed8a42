"""A message-based web-service host: typed requests and responses, served in every format with pages and clients.

Declare messages, give each request a handler, and serve the catalog with a `Host`; docs/servicehost.md shows a service
in thirty lines. The public names are those listed here and in the rooms: `contract`, `http`, `server`, `security`,
`formats`, `pages`, `languages`, `metadata`, `openapi` and `samples`. The host knows nothing of what the messages are
about.
"""

import importlib
from typing import TYPE_CHECKING, Any, Final

from servicehost.contract import (
    Access,
    Answer,
    Authenticated,
    Call,
    Catalog,
    Conflict,
    FieldError,
    Forbidden,
    Gone,
    Guid,
    InvalidFields,
    KnownIfSignedIn,
    ListAnswer,
    Long,
    Member,
    Message,
    NotFound,
    Page,
    Principal,
    Public,
    Request,
    ResponseStatus,
    RoleHolder,
    Route,
    Service,
    ServiceError,
)

if TYPE_CHECKING:
    from servicehost.http import Host, HostSettings
    from servicehost.server import serve
else:
    _ROOMS: Final = {"Host": "servicehost.http", "HostSettings": "servicehost.http", "serve": "servicehost.server"}

    def __getattr__(name: str) -> Any:
        """Import the host or the server on first use, so that a program that only declares messages loads neither."""
        if name not in _ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(_ROOMS[name]), name)


__all__ = [
    "Access",
    "Answer",
    "Authenticated",
    "Call",
    "Catalog",
    "Conflict",
    "FieldError",
    "Forbidden",
    "Gone",
    "Guid",
    "Host",
    "HostSettings",
    "InvalidFields",
    "KnownIfSignedIn",
    "ListAnswer",
    "Long",
    "Member",
    "Message",
    "NotFound",
    "Page",
    "Principal",
    "Public",
    "Request",
    "ResponseStatus",
    "RoleHolder",
    "Route",
    "Service",
    "ServiceError",
    "serve",
]
