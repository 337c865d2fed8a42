"""Header fields of a request, decoded when they are asked for."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar, overload

from starlette.requests import cookie_parser

D = TypeVar("D")

NO_COOKIES: Final[Mapping[str, str]] = {}

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}").fullmatch
_PER_FIELD = 4
"""What a field costs beside its name and value: the colon, a blank and the line break."""


class Headers(Mapping[str, str]):
    """Lower-cased names to values. A field that is sent several times has its values joined.

    Attributes:
        fields: the same undecoded, for what every request is asked.
        size: how many bytes the fields take in HTTP/1.1.
    """

    __slots__ = ("fields", "size")

    def __init__(self, fields: Sequence[tuple[bytes, bytes]]) -> None:
        self.fields = dict(fields)
        self.size = len(b"".join(self.fields)) + len(b"".join(self.fields.values())) + _PER_FIELD * len(fields)
        if len(self.fields) != len(fields):
            self.fields = _joined(fields)
            self.size = sum(len(name) + len(value) + _PER_FIELD for name, value in fields)

    def without(self, name: bytes) -> "Headers":
        """The fields but for one, by its lower-cased name."""
        return Headers([(key, value) for key, value in self.fields.items() if key != name])

    def without_credentials(self) -> "Headers":
        """The fields without cookies and Basic, which browsers attach by themselves."""
        return Headers([(name, value) for name, value in self.fields.items() if not _is_attached(name, value)])

    def __getitem__(self, name: str) -> str:
        return self.fields[name.encode("latin-1", "replace")].decode("latin-1")

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, /, default: str | D) -> str | D: ...
    def get(self, name: str, /, default: object = None) -> object:
        """The value of a field; `default` when it was not sent."""
        value = self.fields.get(name.encode("latin-1", "replace"))
        return default if value is None else value.decode("latin-1")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.encode("latin-1", "replace") in self.fields

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def _is_attached(name: bytes, value: bytes) -> bool:
    """Whether a browser attaches the field to whatever a page makes it send."""
    return name == b"cookie" or (name == b"authorization" and value[:7].lower() != b"bearer ")


def _joined(fields: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    joined: dict[bytes, bytes] = {}
    for name, value in fields:
        separator = b"; " if name == b"cookie" else b", "
        joined[name] = joined[name] + separator + value if name in joined else value
    return joined


def cookies_of(headers: Headers) -> Mapping[str, str]:
    """The cookies of a request. Pairs that make no sense do not spoil the others, as published clients send such."""
    return cookie_parser(headers["cookie"]) if b"cookie" in headers.fields else NO_COOKIES


def sane_request_id(headers: Headers) -> str | None:
    """The request id that the client or a proxy gave, if it can be repeated in a log and a header."""
    if b"x-request-id" not in headers.fields:
        return None
    given = headers["x-request-id"]
    return given if _SANE_ID(given) else None


__all__ = ["NO_COOKIES", "Headers", "cookies_of", "sane_request_id"]
