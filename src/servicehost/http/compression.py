"""Compressed bodies: decompresses requests up to a limit and compresses responses.

Levels and minimum size were measured on lists of fifty rows: zstd and Brotli at level 1 take a fifth and a third of the
time of gzip at level 6 and compress better. A response below the minimum size fits in one packet either way.
"""

import asyncio
import sys
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped] # has no type information

from servicehost.contract.errors import MalformedBody, PayloadTooLarge, UnsupportedMediaType
from servicehost.negotiation import preferences

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEAST: Final = 1400
"""Minimum size in bytes of compressed responses."""

_LARGE: Final = 131_072
_PIECE: Final = 65_536
_WINDOW_LOG: Final = 23
"""The largest window that HTTP clients must support for zstd: 8 MiB."""


class _Inflater(Protocol):
    """Decompresses one body."""

    def more(self, limit: int) -> bytes:
        """About `limit` further bytes at most; empty at the end."""

    @property
    def is_whole(self) -> bool:
        """Whether the compressed body is complete, without trailing data."""


class _Zlib:
    """Decompresses gzip and deflate."""

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
    """Decompresses Brotli."""

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
    """Decompresses zstd."""

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
    """Deflate has a zlib header according to the standard, but some clients send it without one."""
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
    """Decompress a body.

    Raises:
        UnsupportedMediaType: the coding is not supported, or there are several.
        PayloadTooLarge: the result exceeds `limit`; decompression stops there.
        MalformedBody: the body does not match the coding.
    """
    name = coding.strip().lower()
    if name in ("", "identity") or not body:
        return body
    make = _INFLATERS.get(name)
    if make is None:
        raise UnsupportedMediaType(
            f"A body with Content-Encoding '{coding[:32]}' is not supported here. Send gzip, deflate, br or zstd, or no coding.",
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
    """The error for a body that exceeds the limit."""
    return PayloadTooLarge(f"The body is larger than {limit} bytes. Send a smaller body.")


def _malformed() -> MalformedBody:
    return MalformedBody("The body does not match its Content-Encoding, or it is truncated. Send the complete body.")


def _as_gzip(body: bytes) -> bytes:
    engine = zlib.compressobj(4, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


def _as_brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=1, lgwin=18)
    return compressed


def _as_zstd(body: bytes) -> bytes:
    return zstd.compress(body, level=1)


_DEFLATERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {"zstd": _as_zstd, "br": _as_brotli, "gzip": _as_gzip}
"""Fastest coding first; it is used if the client accepts several equally."""


@lru_cache(maxsize=64)
def chosen_coding(accept_encoding: str) -> str | None:
    """The coding for a client with this Accept-Encoding; None if it accepts no coding."""
    qualities = dict(preferences(accept_encoding))
    wanted = {name: qualities.get(name, qualities.get("*", 0.0)) for name in _DEFLATERS}
    best = max(wanted, key=lambda name: wanted[name])
    return best if wanted[best] > 0 else None


async def deflate(body: bytes, coding: str) -> bytes:
    """Compress a body. Large ones are compressed on a thread, so that other requests do not wait."""
    compress = _DEFLATERS[coding]
    return await asyncio.to_thread(compress, body) if len(body) > _LARGE else compress(body)


__all__ = ["LEAST", "body_too_large", "chosen_coding", "deflate", "inflate"]
