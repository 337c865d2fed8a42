"""Compressed bodies: requests inflated up to a limit, answers deflated where that pays.

Level and least size are measured, on lists of fifty rows: zstd at 1 and Brotli at 1 take a fifth and a third of the time
of gzip at its usual 6 and leave fewer bytes than it. An answer below the least size travels in one packet either way.
"""

import asyncio
import sys
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped] # it says nothing of its types

from servicehost.contract.errors import MalformedBody, PayloadTooLarge, UnsupportedMediaType
from servicehost.negotiation import preferences

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEAST: Final = 1400
"""Bytes of the smallest answer that is compressed."""

_LARGE: Final = 131_072
_PIECE: Final = 65_536
_WINDOW_LOG: Final = 23
"""The largest window that readers of zstd on the web have to have: 8 MiB."""


class _Inflater(Protocol):
    """Inflates one body."""

    def more(self, limit: int) -> bytes:
        """At most about `limit` further bytes; none when there are no more."""

    @property
    def is_whole(self) -> bool:
        """Whether the compressed body came to its end, with nothing behind it."""


class _Zlib:
    """Inflates gzip and deflate."""

    def __init__(self, body: bytes, window_bits: int) -> None:
        self._rest = body
        self._engine = zlib.decompressobj(window_bits)

    def more(self, limit: int) -> bytes:
        piece = self._engine.decompress(self._rest, limit)
        self._rest = self._engine.unconsumed_tail
        return piece

    @property
    def is_whole(self) -> bool:
        return self._engine.eof and not self._engine.unused_data


class _Brotli:
    """Inflates Brotli."""

    def __init__(self, body: bytes) -> None:
        self._rest = body
        self._engine = brotli.Decompressor()

    def more(self, limit: int) -> bytes:
        piece: bytes = self._engine.process(self._rest, output_buffer_limit=limit)
        self._rest = b""
        return piece

    @property
    def is_whole(self) -> bool:
        return bool(self._engine.is_finished())


class _Zstd:
    """Inflates zstd."""

    def __init__(self, body: bytes) -> None:
        self._rest = body
        self._engine = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    def more(self, limit: int) -> bytes:
        if self._engine.eof:
            return b""
        piece: bytes = self._engine.decompress(self._rest, limit)
        self._rest = b""
        return piece

    @property
    def is_whole(self) -> bool:
        return self._engine.eof and not self._engine.unused_data


def _deflate(body: bytes) -> _Zlib:
    """Deflate has a header of zlib by the book, and none from clients that read the book otherwise."""
    has_header = len(body) > 1 and body[0] & 15 == zlib.DEFLATED and (body[0] << 8 | body[1]) % 31 == 0
    return _Zlib(body, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _gzip(body: bytes) -> _Zlib:
    return _Zlib(body, 16 + zlib.MAX_WBITS)


_INFLATERS: Final[Mapping[str, Callable[[bytes], _Inflater]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}


def inflate(body: bytes, coding: str, limit: int) -> bytes:
    """The body that a compressed one stands for.

    Raises:
        UnsupportedMediaType: there is no such coding here, or there are several.
        PayloadTooLarge: it would be larger than `limit`; found out without inflating on.
        MalformedBody: it is not what the coding says.
    """
    name = coding.strip().lower()
    if name in ("", "identity") or not body:
        return body
    make = _INFLATERS.get(name)
    if make is None:
        raise UnsupportedMediaType(
            f"A body with Content-Encoding '{coding[:32]}' is not supported here. Send gzip, deflate, br or zstd, or plainly.",
            headers={"Accept-Encoding": "gzip, deflate, br, zstd"},
        )
    try:
        return _inflated(make(body), limit)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise _malformed() from error


def _inflated(inflater: _Inflater, limit: int) -> bytes:
    inflated = bytearray()
    while piece := inflater.more(_PIECE):
        inflated += piece
        if len(inflated) > limit:
            raise body_too_large(limit)
    if not inflater.is_whole:
        raise _malformed()
    return bytes(inflated)


def body_too_large(limit: int) -> PayloadTooLarge:
    """The refusal of a body beyond the limit."""
    return PayloadTooLarge(f"The body is larger than {limit} bytes. Send less at once.")


def _malformed() -> MalformedBody:
    return MalformedBody("The body is not what its Content-Encoding says, or it is cut short. Send it whole.")


def _as_gzip(body: bytes) -> bytes:
    engine = zlib.compressobj(4, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


def _as_brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=1, lgwin=18)
    return compressed


def _as_zstd(body: bytes) -> bytes:
    return zstd.compress(body, level=1)


_DEFLATERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {"zstd": _as_zstd, "br": _as_brotli, "gzip": _as_gzip}
"""The cheapest first, which is taken where the client takes several equally."""


@lru_cache(maxsize=64)
def chosen_coding(accept_encoding: str) -> str | None:
    """The coding for a client with this Accept-Encoding; None when it takes plain answers only."""
    qualities = dict(preferences(accept_encoding))
    wanted = {name: qualities.get(name, qualities.get("*", 0.0)) for name in _DEFLATERS}
    best = max(wanted, key=lambda name: wanted[name])
    return best if wanted[best] > 0 else None


async def deflate(body: bytes, coding: str) -> bytes:
    """The compressed body. A large one is compressed beside the event loop, so that others need not wait for it."""
    compress = _DEFLATERS[coding]
    return await asyncio.to_thread(compress, body) if len(body) > _LARGE else compress(body)


__all__ = ["LEAST", "body_too_large", "chosen_coding", "deflate", "inflate"]
