"""JSONP: a JSON response as a script that calls a function of the requesting page."""

import re
from typing import Final

CONTENT_TYPE: Final = "text/javascript; charset=utf-8"
"""Content type of a script."""

_NAME = r"[A-Za-z_$][A-Za-z0-9_$]{0,63}"
_callback = re.compile(rf"{_NAME}(?:\.{_NAME}){{0,3}}").fullmatch


def is_callback(name: str) -> bool:
    """Whether a text can only be the name of a function: JavaScript identifiers separated by dots."""
    return _callback(name) is not None


def script(callback: str, body: bytes) -> bytes:
    """The script that passes a JSON body to a function; an empty body is passed as null.

    It starts with a comment, so that no program can mistake the function's name for the start of another file format.
    """
    return b"/**/%s(%s)" % (callback.encode(), _in_script(body) or b"null")


def _in_script(body: bytes) -> bytes:
    """JSON that is valid in scripts for old browsers, which treat U+2028 and U+2029 as line ends inside a text."""
    return body.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")


__all__ = ["CONTENT_TYPE", "is_callback", "script"]
