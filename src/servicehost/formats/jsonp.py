"""JSONP: an answer in JSON as a script that calls a function of the page which asked for it."""

import re
from typing import Final

CONTENT_TYPE: Final = "text/javascript; charset=utf-8"
"""Of a script."""

_NAME = r"[A-Za-z_$][A-Za-z0-9_$]{0,63}"
_callback = re.compile(rf"{_NAME}(?:\.{_NAME}){{0,3}}").fullmatch


def is_callback(name: str) -> bool:
    """Whether a text names a function, and can be nothing else: words of JavaScript with dots between."""
    return _callback(name) is not None


def script(callback: str, body: bytes) -> bytes:
    """The script that hands a body in JSON to a function; without a body it hands over null.

    It begins with a comment, so that no program takes it for anything that the name of the function could spell.
    """
    return b"/**/%s(%s)" % (callback.encode(), _in_script(body) or b"null")


def _in_script(body: bytes) -> bytes:
    """JSON that scripts of every age read: U+2028 and U+2029 once ended a line within a text."""
    return body.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")


__all__ = ["CONTENT_TYPE", "is_callback", "script"]
