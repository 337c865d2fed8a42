"""The state of one request while it is processed."""

import itertools
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from servicehost.binding.pairs import NO_PAIRS, Pairs, first_of, parse_pairs
from servicehost.contract.call import Cookie, Principal
from servicehost.http.headers import Headers, cookies_of, sane_request_id
from servicehost.negotiation import Choice
from servicehost.routing import without_empty_segments

if TYPE_CHECKING:
    from servicehost.http.endpoint import Endpoint

_OVERRIDABLE = ("PUT", "PATCH", "DELETE")
"""Methods that may override POST. Not GET, for which fewer checks apply; only POST can be overridden."""

OVERRIDE = "x-http-method-override"
"""Name of the header field, query parameter and form field with the overriding method."""


class RequestIds:
    """Makes request ids: a random part for each process and a number for each request."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def new(self) -> str:
        """A unique request id."""
        return f"{self._prefix}-{next(self._numbers):x}"


class BatchProgress:
    """The progress of a batch.

    Attributes:
        item: the position of the current request; None before the batch is split.
        executing: whether requests are being executed; before, they are only read.
    """

    __slots__ = ("executing", "item")

    def __init__(self) -> None:
        self.item: int | None = None
        self.executing = False


class Exchange:
    """One request and its processing state.

    Attributes:
        method: the HTTP method, after an override by `X-HTTP-Method-Override`.
        path: the percent-encoded path below the root, without empty segments and without the query.
        headers: the header fields.
        request_id: identifies the request in logs and responses.
        client: the client's address, according to trusted proxies only.
        query_string: the query as received.
        query: the pairs of the query, once they are parsed.
        choice: the response format.
        camel_case: whether clients of this path read only camelCase names in errors.
        endpoint: the endpoint, once it is found.
        principal: the caller, once authenticated.
        progress: the progress of a batch; None for a single request.
        cookies_to_set: cookies to set with any reply.
    """

    __slots__ = (
        "_cookies",
        "camel_case",
        "choice",
        "client",
        "cookies_to_set",
        "endpoint",
        "headers",
        "method",
        "path",
        "principal",
        "progress",
        "query",
        "query_string",
        "request_id",
    )

    def __init__(
        self,
        scope: Mapping[str, Any],
        headers: Headers,
        client: str,
        ids: RequestIds,
        choice: Choice,
        root: str = "",
    ) -> None:
        self.method: str = scope["method"]
        self.path = request_path(scope, root)
        self.headers = headers
        self.client = client
        self.request_id = sane_request_id(headers) or ids.new()
        self.choice = choice
        self.query_string: bytes = scope["query_string"]
        self.query: Pairs = NO_PAIRS
        self.camel_case = False
        self.endpoint: Endpoint | None = None
        self.principal: Principal | None = None
        self.progress: BatchProgress | None = None
        self.cookies_to_set: Sequence[Cookie] = ()
        self._cookies: Mapping[str, str] | None = None
        if self.method == "POST" and b"x-http-method-override" in headers.fields:
            self.method = _overriding_method(headers[OVERRIDE])

    def read_query(self) -> None:
        """Parse the query.

        Raises:
            MalformedAddress: the query is not UTF-8.
        """
        if self.query_string:
            self.query = parse_pairs(self.query_string)
            self.override(self.query)

    def override(self, pairs: Pairs) -> None:
        """Apply a method override in the query or a form, unless the header has one."""
        if self.method == "POST" and OVERRIDE not in self.headers and (method := first_of(pairs, OVERRIDE)):
            self.method = _overriding_method(method)

    def without_credentials(self) -> None:
        """Drop the credentials that browsers attach automatically, because any page can read a JSONP response."""
        self.headers = self.headers.without_credentials()
        self._cookies = None

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies, by name."""
        if self._cookies is None:
            self._cookies = cookies_of(self.headers)
        return self._cookies


def _overriding_method(method: str) -> str:
    return method.upper() if method.upper() in _OVERRIDABLE else "POST"


def request_path(scope: Mapping[str, Any], root: str = "") -> str:
    """The percent-encoded path below the root, without empty segments. Paths decoded by servers are encoded again.

    The root is the `root_path` of the scope if another application mounts the host, otherwise the path of the public
    URL. A proxy may have removed it already, so a path without the root is used unchanged.

    In a link or redirect, a path with two leading slashes would name another host (RFC 3986, section 4.2).
    """
    raw: bytes | None = scope.get("raw_path")
    whole = raw.decode("utf-8", "replace") if raw is not None else scope["path"].replace("%", "%25")
    path, root = without_empty_segments(whole), scope.get("root_path") or root
    return _below(root, path) if root else path


def _below(root: str, path: str) -> str:
    rest = path.removeprefix(root)
    return (rest or "/") if rest != path and rest[:1] in ("", "/") else path


__all__ = ["OVERRIDE", "BatchProgress", "Exchange", "RequestIds", "request_path"]
