"""Header fields of a request, decoded on access."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar, overload

from servicehost.contract.call import Cookies

D = TypeVar("D")

NO_COOKIES: Final[Mapping[str, str]] = {}

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}").fullmatch
_escape = re.compile(r"\\(?:([0-3][0-7]{2})|(.))", re.DOTALL)
_PER_FIELD = 4
"""Bytes of a field in addition to its name and value: colon, blank and line break."""


class Headers(Mapping[str, str]):
    """Header values by lower-case name. The values of a repeated field are joined.

    Attributes:
        fields: undecoded values, for checks made on every request.
        size: size of all fields in HTTP/1.1, in bytes.
        count: number of fields sent.
    """

    __slots__ = ("count", "fields", "size")

    def __init__(self, fields: Sequence[tuple[bytes, bytes]], most: int | None = None) -> None:
        """Take the fields of a request, with names in lower case.

        Args:
            fields: names and values, in request order.
            most: maximum number of fields to keep; further ones are only counted.
        """
        self.count = len(fields)
        self.fields = dict(fields)
        if len(self.fields) == self.count and (most is None or self.count <= most):
            self.size = len(b"".join(self.fields)) + len(b"".join(self.fields.values())) + _PER_FIELD * self.count
        else:
            self.size = sum(len(name) + len(value) + _PER_FIELD for name, value in fields)
            self.fields = _joined(islice(fields, most))

    def without(self, name: bytes) -> "Headers":
        """The fields without the one with this lower-case name."""
        return Headers([(key, value) for key, value in self.fields.items() if key != name])

    def without_credentials(self) -> "Headers":
        """The fields without cookies and Basic credentials, which browsers attach automatically."""
        return Headers([(name, value) for name, value in self.fields.items() if not _is_attached(name, value)])

    def __getitem__(self, name: str) -> str:
        return self.fields[name.encode("latin-1", "replace")].decode("latin-1")

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, /, default: str | D) -> str | D: ...
    def get(self, name: str, /, default: object = None) -> object:
        """The value of a field; `default` if it was not sent."""
        value = self.fields.get(name.encode("latin-1", "replace"))
        return default if value is None else value.decode("latin-1")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.encode("latin-1", "replace") in self.fields

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def _is_attached(name: bytes, value: bytes) -> bool:
    """Whether browsers attach the field automatically to requests from any page."""
    return name == b"cookie" or (name == b"authorization" and value[:7].lower() != b"bearer ")


def _joined(fields: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    values: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return {name: (b"; " if name == b"cookie" else b", ").join(sent) for name, sent in values.items()}


def cookies_of(headers: Headers) -> Mapping[str, str]:
    """The cookies of a request. Malformed pairs, which published clients send, are ignored."""
    return _cookies(headers["cookie"]) if b"cookie" in headers.fields else NO_COOKIES


def _cookies(field: str) -> Cookies:
    cookies = []
    for pair in field.split(";"):
        name, separator, value = pair.partition("=")
        if not separator:
            name, value = "", pair
        name, value = name.strip(), value.strip()
        if name or value:
            cookies.append((name, _unquoted(value)))
    return Cookies(cookies)


def _unquoted(value: str) -> str:
    """Remove the quotes and escapes of a quoted cookie value, in one pass.

    `http.cookies` is not used: up to Python 3.11.9 its time is quadratic in the number of backslashes.
    """
    if len(value) < 2 or not value.startswith('"') or not value.endswith('"'):
        return value
    return _escape.sub(_unescaped, value[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    octal, literal = found.groups()
    return chr(int(octal, 8)) if octal else str(literal)


def sane_request_id(headers: Headers) -> str | None:
    """The request id from the client or a proxy, if it is safe in logs and header fields."""
    if b"x-request-id" not in headers.fields:
        return None
    given = headers["x-request-id"]
    return given if _SANE_ID(given) else None


__all__ = ["NO_COOKIES", "Headers", "cookies_of", "sane_request_id"]
