"""One request on its way: what was found out about it so far."""

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
"""What a POST may stand for. Never GET, with which fewer things would be checked, and nothing may stand for anything else."""

OVERRIDE = "x-http-method-override"
"""The header field, the name in the query and the field of a form that say what a POST stands for."""


class RequestIds:
    """Makes request ids: a random part for each process and a number for each request."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def new(self) -> str:
        """An id that no other request has."""
        return f"{self._prefix}-{next(self._numbers):x}"


class BatchProgress:
    """How far a batch has come.

    Attributes:
        item: the position of the request that is looked at; None while the batch is not taken apart.
        executing: whether requests are executed already; before, they are only read.
    """

    __slots__ = ("executing", "item")

    def __init__(self) -> None:
        self.item: int | None = None
        self.executing = False


class Exchange:
    """One request and what the road learned of it.

    Attributes:
        method: the HTTP method; a POST may stand for PUT, PATCH or DELETE by `X-HTTP-Method-Override`.
        path: the path below the root, percent-encoded, without empty segments and without the query.
        headers: the header fields.
        request_id: names the request in logs and answers.
        client: the client's address, as far as it can be believed.
        query_string: the query as it came.
        query: its pairs, once they are read.
        choice: the format of the answer.
        camel_case: the path is one whose clients read errors by camelCase names only.
        endpoint: the operation that was found.
        principal: who asks.
        progress: how far a batch has come; None for a single request.
        cookies_to_set: those that go on the answer, whatever it is.
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
        self.path = path_of(scope, root)
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
        """Take the query apart.

        Raises:
            MalformedAddress: it is not UTF-8.
        """
        if self.query_string:
            self.query = parse_pairs(self.query_string)
            self.override(self.query)

    def override(self, pairs: Pairs) -> None:
        """Let a POST stand for what the query or a form says, unless the header says something."""
        if self.method == "POST" and OVERRIDE not in self.headers and (wish := first_of(pairs, OVERRIDE)):
            self.method = _overriding_method(wish)

    def without_credentials(self) -> None:
        """Forget what browsers attach by themselves: any page may make them ask, and JSONP lets it read the answer."""
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


def path_of(scope: Mapping[str, Any], root: str = "") -> str:
    """The path below the root, percent-encoded and without empty segments. Decoded paths of servers are encoded again.

    The root is the `root_path` of the scope, where another application mounts the host, else the path of the public
    URL. A proxy may have removed it already, so a path without it is taken as it is.

    A path that begins with two slashes, repeated in a link or a redirect, would name another host (RFC 3986, 4.2).
    """
    raw: bytes | None = scope.get("raw_path")
    whole = raw.decode("utf-8", "replace") if raw is not None else scope["path"].replace("%", "%25")
    path, root = without_empty_segments(whole), scope.get("root_path") or root
    return _below(root, path) if root else path


def _below(root: str, path: str) -> str:
    rest = path.removeprefix(root)
    return (rest or "/") if rest != path and rest[:1] in ("", "/") else path


__all__ = ["OVERRIDE", "BatchProgress", "Exchange", "RequestIds", "path_of"]
