"""Reads HTTP/1.0 and 1.1 requests within limits. Parsing is done by llhttp, through httptools."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final

import httptools

from servicehost.contract.errors import MalformedBody
from servicehost.server.incoming import IncomingRequest
from servicehost.server.limits import ServerLimits
from servicehost.server.plain import Refused
from servicehost.server.target import decoded, origin_form

Scope = MutableMapping[str, Any]

_SLICE: Final = 65_536
_CHUNKED_SLICE: Final = 1_024
"""Bytes of a chunked body parsed at a time: only the parser finds its end, and another request may follow."""

_OVERHEAD: Final = 16_384
"""Maximum bytes of chunk sizes, extensions and trailer, in addition to four for each byte of the body."""

_HEAD_END: Final = b"\r\n\r\n"
_BLANK: Final = (b" ", b"\t")
_VERSIONS: Final = ("1.1", "1.0")
_NOTED: Final = frozenset({b"content-length", b"expect", b"transfer-encoding"})


class Head:
    """The head of a request.

    Attributes:
        scope: the ASGI scope of the request.
        length: length of the body; None for a chunked body.
        keep_alive: whether the client keeps the connection open.
        expects: whether the client waits for `100 Continue` before it sends the body.
    """

    __slots__ = ("expects", "keep_alive", "length", "scope")

    def __init__(self, scope: Scope, *, keep_alive: bool) -> None:
        self.scope = scope
        self.length: int | None = 0
        self.keep_alive = keep_alive
        self.expects = False

    def note(self, noted: Mapping[bytes, bytes]) -> None:
        """Interpret the fields that concern the body.

        Raises:
            Refused: the fields require something that the server does not support.
        """
        version = self.scope["http_version"]
        if b"content-length" in noted:
            self.length = int(noted[b"content-length"])
        if (coding := noted.get(b"transfer-encoding")) is not None:
            if version == "1.0":
                raise Refused(400, "HTTP/1.0 has no Transfer-Encoding. Send Content-Length.")
            if coding.lower() != b"chunked":
                raise Refused(501, "Only the transfer coding 'chunked' is supported. Send the body in it.")
            self.length = None
        if version == "1.1" and (expectation := noted.get(b"expect")) is not None:
            if expectation.lower() != b"100-continue":
                raise Refused(417, "Only the expectation '100-continue' is supported.")
            self.expects = True


class RequestReader:
    """Reads requests one after another.

    Attributes:
        arriving: the request whose body is being read; None while a head is being read.
        head_bytes: bytes of the head read so far.
    """

    def __init__(
        self,
        limits: ServerLimits,
        common: Mapping[str, Any],
        begin: Callable[[Head], IncomingRequest],
        end: Callable[[IncomingRequest], None],
    ) -> None:
        """Start with the first head.

        Args:
            limits: limits of a head.
            common: scope entries common to all requests.
            begin: called with each complete head; returns the request that receives the body.
            end: called when a request is complete.
        """
        self.arriving: IncomingRequest | None = None
        self.head_bytes = 0
        self._limits = limits
        self._common = common
        self._begin = begin
        self._end = end
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._noted: dict[bytes, bytes] = {}
        self._left: int | None = 0
        self._overhead = 0
        self._fruitless = 0
        self._upgrading = False
        self._error: Refused | None = None

    def read(self, data: bytes, start: int) -> int:
        """Read part of the data, at most to the end of a request; returns where that part ends.

        Raises:
            Refused: a head is malformed or too large.
            MalformedBody: a body is malformed.
        """
        end = self._part(data, start)
        part = data if start == 0 and end == len(data) else data[start:end]
        try:
            self._parser.feed_data(part)
        except httptools.HttpParserUpgrade as upgrade:
            self._ignore_upgrade()
            return start + int(upgrade.args[0])
        except httptools.HttpParserError as error:
            raise self._translated(error) from None
        if self.arriving is not None and self._left is None:
            self._count_overhead(len(part), self.arriving.received)
        return end

    def _part(self, data: bytes, start: int) -> int:
        if self.arriving is not None:
            left = _CHUNKED_SLICE if self._left is None else min(self._left, _SLICE)
            return min(start + left, len(data))
        found = data.find(_HEAD_END, start)
        end = len(data) if found < 0 else found + len(_HEAD_END)
        self.head_bytes += end - start
        if self.head_bytes > self._limits.head_bytes:
            raise Refused(431, f"The head of the request is larger than {self._limits.head_bytes} bytes. Send less.")
        return end

    def _ignore_upgrade(self) -> None:
        """Read the body of a request that asked for a protocol upgrade; the parser takes it for the new protocol."""
        if not self._upgrading:
            return
        framing = b"Transfer-Encoding: chunked" if self._left is None else b"Content-Length: %d" % self._left
        self._parser = httptools.HttpRequestParser(self)
        self._parser.feed_data(b"POST / HTTP/1.1\r\n%b\r\n\r\n" % framing)
        self._upgrading = False

    def _translated(self, error: httptools.HttpParserError) -> Exception:
        if self.arriving is not None:
            return MalformedBody("The chunks or the trailer of the body are malformed. Send it again.")
        if self._error is not None:
            return self._error
        if "PRI" in str(error):
            return Refused(505, "HTTP/2 is not served here. Use HTTP/1.1.")
        if isinstance(error, httptools.HttpParserInvalidMethodError):
            raise Refused(501, "The method is not supported. Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.")
        return Refused(400, f"The request is malformed: {error}.")

    def _count_overhead(self, size: int, received: int) -> None:
        """Count bytes that are not content, in total and since the last content (a trailer follows all content)."""
        self._overhead += size
        self._fruitless += size
        if self._overhead > _OVERHEAD + 5 * received or self._fruitless > _OVERHEAD:
            raise MalformedBody(
                "The chunks of the body are too small, or their extensions or the trailer too long. Send larger chunks."
            )

    # --- called by the parser ---

    def on_url(self, part: bytes) -> None:
        """Called with part of the target."""
        self._target += part
        if len(self._target) > self._limits.target_bytes:
            self._fail(Refused(414, f"The request target is longer than {self._limits.target_bytes} bytes. Use POST."))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called with a header field, or with a trailer field, which is ignored."""
        key = name.lower()
        if key in _NOTED:
            self._noted[key] = value = value.rstrip(b" \t")
        elif b"_" in key:
            self._fail(Refused(400, "Names of header fields must not have underscores. Use dashes."))
        elif value[-1:] in _BLANK:
            value = value.rstrip(b" \t")
        self._fields.append((key, value))

    def on_headers_complete(self) -> None:
        """Called at the end of a head."""
        if self._upgrading:
            self._target, self._fields, self._noted = b"", [], {}
            return
        self._count_fields()
        try:
            head = self._head()
        except Refused as refused:
            self._fail(refused)
        self._left = head.length
        self._upgrading = head.length != 0 and self._parser.should_upgrade()
        self.arriving = self._begin(head)
        # The next fields belong to a trailer or to the next request.
        self._target, self._fields, self._noted, self.head_bytes, self._overhead = b"", [], {}, 0, 0
        self._fruitless = 0

    def _head(self) -> Head:
        parser = self._parser
        version, method = parser.get_http_version(), parser.get_method().decode()
        if version not in _VERSIONS:
            raise Refused(505, "This version of HTTP is not supported. Use HTTP/1.1.")
        target = self._target
        if target[:1] != b"/" or b"#" in target:
            target = origin_form(method, target)
        raw_path, _, query = target.partition(b"?")
        scope = {
            **self._common,
            "http_version": version,
            "method": method,
            "path": decoded(raw_path),
            "raw_path": raw_path,
            "query_string": query,
            "headers": self._fields,
        }
        head = Head(scope, keep_alive=parser.should_keep_alive())
        if self._noted:
            head.note(self._noted)
        return head

    def on_body(self, part: bytes) -> None:
        """Called with part of the body."""
        self._fruitless = 0
        if self.arriving is not None:
            self.arriving.feed(part)
        if self._left is not None:
            self._left -= len(part)

    def on_message_complete(self) -> None:
        """Called at the end of a request."""
        if self._upgrading:
            return
        if self._fields:
            self._count_fields()
        complete, self.arriving = self.arriving, None
        self._fields = []
        if complete is not None:
            self._end(complete)

    def _count_fields(self) -> None:
        if len(self._fields) > self._limits.fields:
            self._fail(Refused(431, f"The request has more than {self._limits.fields} header fields. Send fewer."))

    def _fail(self, error: Refused) -> None:
        self._error = error
        raise error


__all__ = ["Head", "RequestReader"]
