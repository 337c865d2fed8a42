"""Hostile texts for `benchmarks.doubling`: values processed before sign-in, with the functions that process them."""

import asyncio
import base64
import gzip
from collections.abc import Callable
from contextlib import suppress

from benchmarks.heads import Work
from platform_api.contacts.rules import clean
from platform_api.identity import parse_address
from platform_api.installation.masking import masked_text
from servicehost.binding.forms import read_form
from servicehost.binding.pairs import NO_PAIRS, parse_pairs
from servicehost.binding.request import NO_BODY, Binding
from servicehost.binding.texts import TextMembers
from servicehost.contract.errors import ServiceError, UnreadableMembers
from servicehost.contract.scalars import parse_guid
from servicehost.contract.types import TypeModel
from servicehost.formats import json, scalars
from servicehost.formats.batches import compile_items_reader
from servicehost.formats.codec import Style
from servicehost.formats.instants import parse_duration, parse_instant
from servicehost.formats.jsconfig import parse_config
from servicehost.formats.jsonp import is_callback
from servicehost.http.compression import inflate
from servicehost.languages.options import Options
from servicehost.routing import parse_path
from servicehost.security.authenticator import _basic_pair
from servicehost.security.messages import Authenticate

_MODEL = TypeModel().message(Authenticate)
_BINDING = Binding(_MODEL, TextMembers(_MODEL))
_STYLE = Style("http://example.com/types")
_READ = json.FORMAT.reader(_MODEL, _STYLE)
_READ_BATCH = compile_items_reader(json.FORMAT, _MODEL, _STYLE, 1000)
_BOUNDARY = "multipart/form-data; boundary=x"


def _tried(read: Callable[[str], object]) -> Callable[[str], object]:
    """Return a reader that accepts an error as a result."""

    def attempt(text: str) -> None:
        with suppress(ServiceError, UnreadableMembers, ValueError):
            read(text)

    return attempt


def _bound(query: str) -> object:
    return _BINDING.bind((), parse_pairs(query.encode()), NO_PAIRS, NO_BODY)


def _part(text: str) -> object:
    head = 'Content-Disposition: form-data; name="UserName"'
    return asyncio.run(read_form(_BOUNDARY, f"--x\r\n{head}\r\n\r\n{text}\r\n--x--\r\n".encode()))


def _repeat(part: str, read: Callable[[str], object], before: str = "", after: str = "") -> Callable[[int], Work]:
    def make(size: int) -> Work:
        text = before + part * (size // len(part)) + after
        return lambda: _tried(read)(text)

    return make


def _compressed(size: int) -> Work:
    body = gzip.compress(b"x" * size * 10)
    return lambda: inflate(body, "gzip", size * 10)


def _basic(size: int) -> Work:
    credentials = base64.b64encode(b"a:" + b"\xcd\x85\xcc\x80" * (size // 4)).decode()
    return lambda: _basic_pair(credentials)


TEXTS: dict[str, Callable[[int], Work]] = {
    "combining marks": _repeat("\u0345\u0300", lambda text: _READ(text.encode()), '{"Password":"a', '"}'),
    "address": _repeat("\u0345\u0300", parse_address, "a", "@example.com"),
    "address domain": _repeat("a.", parse_address, "a@", "example"),
    "address label": _repeat("\u0661", parse_address, "a@xn--", ".example"),
    "name": _repeat(" \u202ea", clean),
    "one name repeated": _repeat("UserName=a&", _bound),
    "many names": _repeat("Meta[a]=a&", _bound),
    "steps of a name": _repeat("[a]", lambda text: _bound(f"Meta{text}=a")),
    "dots of a name": _repeat(".a", lambda text: _bound(f"Meta{text}[=a")),
    "dictionary": _repeat("a:a,", lambda text: _bound("Meta={" + text)),
    "multipart text": _repeat("a", _part),
    "multipart ends": _repeat("\r\n--", _part),
    "multipart returns": _repeat("\r", _part),
    "batch": _repeat("{},", lambda text: _READ_BATCH(text.encode()), "[", "{}]"),
    "batch of nothing": _repeat("null,", lambda text: _READ_BATCH(text.encode()), "[", "null]"),
    "guid": _repeat("0", parse_guid),
    "date": _repeat("0", parse_instant, "2026-01-01T00:00:00."),
    "duration": _repeat("0", parse_duration, "P"),
    "whole number": _repeat("9", scalars.parse_int),
    "number": _repeat("9", scalars.parse_double),
    "thousands": _repeat(",999", scalars.parse_decimal, "9"),
    "exponent": _repeat("9", scalars.parse_decimal, "1e"),
    "callback": _repeat("a.", is_callback),
    "jsconfig": _repeat("eccn,", parse_config),
    "path": _repeat("/a", lambda text: parse_path(text, {"json"})),
    "path escapes": _repeat("/%41", lambda text: parse_path(text, {"json"})),
    "inflated": _compressed,
    "basic credentials": _basic,
    "types of a source": _repeat("*.a,", lambda text: Options.from_query([("IncludeTypes", text)])),
    "secret names": _repeat("token", masked_text),
    "secret elements": _repeat("<token", masked_text),
    "one secret element": _repeat("token", masked_text, "<"),
    "secret quotes": _repeat('token="\\"', masked_text),
    "secret addresses": _repeat("://a", masked_text),
    "secret tokens": _repeat("eyJaaaaaaaa-", masked_text),
    "secret blanks": _repeat(" ", masked_text, "cookie"),
}
"""Readers of hostile text by kind, each with the size of its text in characters."""

__all__ = ["TEXTS"]
