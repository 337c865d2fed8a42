"""One request on its way: what was found out about it so far."""

import itertools
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from servicehost.binding.pairs import NO_PAIRS, Pairs, parse_pairs
from servicehost.contract.call import Cookie, Principal
from servicehost.http.headers import Headers, cookies_of, sane_request_id
from servicehost.negotiation import Choice

if TYPE_CHECKING:
    from servicehost.http.endpoint import Endpoint

_OVERRIDABLE = ("PUT", "PATCH", "DELETE")


class RequestIds:
    """Makes request ids: a random part for each process and a number for each request."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def new(self) -> str:
        """An id that no other request has."""
        return f"{self._prefix}-{next(self._numbers):x}"


class Exchange:
    """One request and what the road learned of it.

    Attributes:
        method: the HTTP method; a POST may stand for PUT, PATCH or DELETE by `X-HTTP-Method-Override`.
        path: the path as it came, percent-encoded, without the query.
        headers: the header fields.
        request_id: names the request in logs and answers.
        client: the client's address, as far as it can be believed.
        query_string: the query as it came.
        query: its pairs, once they are read.
        choice: the format of the answer.
        camel_case: the path is one whose clients read errors by camelCase names only.
        endpoint: the operation that was found.
        principal: who asks.
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
        "query",
        "query_string",
        "request_id",
    )

    def __init__(
        self, scope: Mapping[str, Any], headers: Headers, client: str, ids: RequestIds, choice: Choice
    ) -> None:
        self.method: str = scope["method"]
        self.path = path_of(scope)
        self.headers = headers
        self.client = client
        self.request_id = sane_request_id(headers) or ids.new()
        self.choice = choice
        self.query_string: bytes = scope["query_string"]
        self.query: Pairs = NO_PAIRS
        self.camel_case = False
        self.endpoint: Endpoint | None = None
        self.principal: Principal | None = None
        self.cookies_to_set: Sequence[Cookie] = ()
        self._cookies: Mapping[str, str] | None = None
        if self.method == "POST" and b"x-http-method-override" in headers.fields:
            self.method = _meant(headers["x-http-method-override"])

    def read_query(self) -> None:
        """Take the query apart.

        Raises:
            MalformedAddress: it is not UTF-8.
        """
        if self.query_string:
            self.query = parse_pairs(self.query_string)

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies, by name."""
        if self._cookies is None:
            self._cookies = cookies_of(self.headers)
        return self._cookies


def _meant(method: str) -> str:
    return method.upper() if method.upper() in _OVERRIDABLE else "POST"


def path_of(scope: Mapping[str, Any]) -> str:
    """The path as it came, percent-encoded; from servers that do not say, the decoded one encoded again."""
    raw: bytes | None = scope.get("raw_path")
    if raw is not None:
        return raw.decode("utf-8", "replace")
    decoded: str = scope["path"]
    return decoded.replace("%", "%25")


__all__ = ["Exchange", "RequestIds", "path_of"]
