"""Parses JSON into a raw tree, with a depth limit. Numbers with a fraction keep their digits as written."""

import re
from typing import Any

import msgspec

from servicehost.contract.errors import MalformedBody
from servicehost.formats.lenient import MAX_DEPTH, Number
from servicehost.formats.sizes import MAX_VALUES, check_values

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_decode = msgspec.json.Decoder(float_hook=Number).decode
_byte = re.compile(r"\(byte (\d+)\)").search


def parse_json(body: bytes) -> Any:
    """The raw tree of a body; None for an empty body.

    Raises:
        MalformedBody: the body is not JSON in UTF-8, or nests deeper than `MAX_DEPTH`.
        PayloadTooLarge: the body has more than `MAX_VALUES` values.
    """
    text = body.removeprefix(_BYTE_ORDER_MARK)
    if not text.strip():
        return None
    tree = _decoded(text)
    if isinstance(tree, (dict, list)) and text.count(b"[") + text.count(b"{") > MAX_DEPTH:
        _check_depth(tree)
    if isinstance(tree, (dict, list)) and text.count(b",") + text.count(b"[") + text.count(b"{") > MAX_VALUES:
        check_values(tree)
    return tree


def _decoded(text: bytes) -> Any:
    try:
        return _decode(text)
    except RecursionError as error:
        raise _too_deep() from error
    except msgspec.ValidationError as error:
        raise MalformedBody("The body is JSON with a number that is out of range. Send fewer digits.") from error
    except msgspec.DecodeError as error:
        found = _byte(str(error))
        place = f" at byte {int(found[1]) + 1}" if found else ": it ends too early or has a wrong escape"
        raise MalformedBody(f"The body is not valid JSON{place}.") from error
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is not UTF-8. Send JSON in UTF-8.") from error


def _check_depth(tree: Any) -> None:
    """Refuse deep nesting, checking level by level before any recursive code sees the tree."""
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> MalformedBody:
    return MalformedBody(f"The body nests deeper than {MAX_DEPTH} levels. Send fewer nested levels.")


__all__ = ["parse_json"]
