"""Parses MessagePack into the raw tree that `lenient` reads: texts, numbers, bools, lists and dictionaries."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from servicehost.contract.errors import MalformedBody
from servicehost.formats.instants import instant_text
from servicehost.formats.lenient import MAX_DEPTH, Number
from servicehost.formats.problems import too_many_items
from servicehost.formats.sizes import check_values

_decode = msgspec.msgpack.Decoder().decode


def parse_msgpack(body: bytes, most: int | None = None) -> Any:
    """The raw tree of a body; None for an empty body.

    Raises:
        PayloadTooLarge: the body is a list of more than `most` items, or has more than `MAX_VALUES` values.
        MalformedBody: the body is not a single MessagePack value, or nests deeper than `MAX_DEPTH`.
    """
    if not body:
        return None
    value = _decoded(body)
    if most is not None and isinstance(value, list) and len(value) > most:
        raise too_many_items(most)
    if isinstance(value, (dict, list)):
        check_values(value)
    return _text_tree(value, MAX_DEPTH)


def _decoded(body: bytes) -> Any:
    try:
        return _decode(body)
    except RecursionError as error:
        raise _too_deep() from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedBody("The body is not valid MessagePack. Send one value, with texts in UTF-8.") from error


def _text_tree(value: Any, levels: int) -> Any:
    """Convert types that JSON lacks to texts; `levels` is the nesting depth that is still allowed."""
    match value:
        case str() | bool() | int() | None:
            return value
        case float():
            return Number(value)
        case dict():
            return _inside(value, levels)
        case list():
            _check(levels)
            return [_text_tree(item, levels - 1) for item in value]
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return instant_text(value)
    raise MalformedBody("The body has an extension type of MessagePack other than a timestamp. Send a text instead.")


def _inside(entries: Mapping[Any, Any], levels: int) -> Mapping[str, Any]:
    _check(levels)
    return {_name(key): _text_tree(value, levels - 1) for key, value in entries.items()}


def _name(key: Any) -> str:
    if isinstance(key, (str, bool, int, float, bytes, datetime)):
        return str(_text_tree(key, 0))
    raise MalformedBody("The body has a map whose keys are neither texts nor numbers. Send texts as keys.")


def _check(levels: int) -> None:
    if not levels:
        raise _too_deep()


def _too_deep() -> MalformedBody:
    return MalformedBody(f"The body nests deeper than {MAX_DEPTH} levels. Send fewer nested levels.")


__all__ = ["parse_msgpack"]
