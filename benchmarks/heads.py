"""Hostile header fields and queries for `benchmarks.doubling`, with the functions that read them before sign-in."""

from collections.abc import Callable

from servicehost.binding.pairs import parse_pairs
from servicehost.http.clients import ClientAddresses
from servicehost.http.compression import chosen_coding
from servicehost.http.headers import Headers, cookies_of
from servicehost.negotiation import preferences
from servicehost.security.origin import StateChangeGuard

Work = Callable[[], object]
"""Reads one hostile input that was built in advance."""

_CLIENTS = ClientAddresses(["10.0.0.0/8"])
_GUARD = StateChangeGuard("http://example.com")
_PROXY = {"client": ("10.0.0.1", 50_000)}


def _joined(size: int) -> Work:
    fields = [(b"x", b"y" * 50)] * (size // 54)
    return lambda: Headers(fields)


def _counted(size: int) -> Work:
    fields = [(b"x%d" % number, b"y" * 50) for number in range(size // 54)]
    return lambda: Headers(fields, most=100)


def _cookie(part: bytes, *, quoted: bool = False) -> Callable[[int], Work]:
    def make(size: int) -> Work:
        value = part * (size // len(part))
        headers = Headers([(b"cookie", b'a="' + value + b'"' if quoted else value)])
        return lambda: cookies_of(headers)

    return make


def _forwarded(size: int) -> Work:
    headers = Headers([(b"x-forwarded-for", b"10.0.0.2," * (size // 9))])
    return lambda: _CLIENTS.find(_PROXY, headers)


def _text(part: str, read: Callable[[str], object]) -> Callable[[int], Work]:
    def make(size: int) -> Work:
        text = part * (size // len(part))
        return lambda: read(text)

    return make


HEADS: dict[str, Callable[[int], Work]] = {
    "repeated fields": _joined,
    "many fields": _counted,
    "many cookies": _cookie(b"a=b;"),
    "escaped backslashes": _cookie(b"\\\\", quoted=True),
    "escaped quotes": _cookie(b'\\"', quoted=True),
    "octal escapes": _cookie(b"\\101", quoted=True),
    "forwarded addresses": _forwarded,
    "query pairs": _text("a=b&", lambda text: parse_pairs(text.encode())),
    "query escapes": _text("%41", lambda text: parse_pairs(b"a=" + text.encode())),
    "accepted types": _text("a/b;q=0.1,", preferences),
    "accept parameters": _text("a/b;", preferences),
    "accept quality": _text("9", lambda text: preferences("a/b;q=0." + text)),
    "accepted codings": _text("gzip;q=0,", chosen_coding),
    "origin": _text("a.", lambda text: _GUARD.is_foreign({"origin": "http://" + text, "host": text})),
}
"""Readers of hostile input by kind, each with the size of its input in bytes."""

__all__ = ["HEADS", "Work"]
