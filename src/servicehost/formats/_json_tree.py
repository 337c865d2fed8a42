"""JSON text to a raw tree, with limits: depth, and the digits of numbers with a fraction as they were written."""

import re
from typing import Any

import msgspec

from servicehost.contract.errors import MalformedBody
from servicehost.formats.lenient import MAX_DEPTH, Number

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_decode = msgspec.json.Decoder(float_hook=Number).decode
_skeleton = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|([\[{])|([\]}])', re.DOTALL).finditer
_byte = re.compile(r"\(byte (\d+)\)").search


def parse_json(body: bytes) -> Any:
    """The raw tree of a body; None for an empty one.

    Raises:
        MalformedBody: it is not JSON in UTF-8, or nests deeper than `MAX_DEPTH`.
    """
    text = body.removeprefix(_BYTE_ORDER_MARK)
    if not text.strip():
        return None
    _check_depth(text)
    try:
        return _decode(text)
    except msgspec.ValidationError as error:
        raise MalformedBody("The body is JSON with a number that is out of any range. Send fewer digits.") from error
    except msgspec.DecodeError as error:
        found = _byte(str(error))
        place = f" at byte {int(found[1]) + 1}" if found else ", it ends too early or has a wrong escape"
        raise MalformedBody(f"The body is not valid JSON{place}.") from error
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is not UTF-8. Send JSON in UTF-8.") from error


def _check_depth(text: bytes) -> None:
    """Refuse deep nesting before anything recurses into it; most bodies have too few brackets to be looked at."""
    if text.count(b"[") + text.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for found in _skeleton(text):
        depth += (found.lastindex == 1) - (found.lastindex == 2)
        if depth > MAX_DEPTH:
            raise MalformedBody(f"The body nests deeper than {MAX_DEPTH} levels. Send it flatter.")


__all__ = ["parse_json"]
