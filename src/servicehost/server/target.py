"""The target of a request: which paths and queries there are in it (RFC 9112 section 3.2)."""

import re
from urllib.parse import unquote

from servicehost.server.plain import Refused

_absolute = re.compile(rb"https?://[^/?#]+(?P<target>[^#]*)", re.IGNORECASE).fullmatch


def origin_form(method: str, target: bytes) -> bytes:
    """Path and query of a target in origin form, absolute form or asterisk form.

    Raises:
        Refused: the target is none of these, or does not go with the method.
    """
    if target[:1] == b"/" and b"#" not in target:
        return target
    if target == b"*" and method == "OPTIONS":
        return target
    if (found := _absolute(target)) is not None and method != "CONNECT":
        rest = found["target"]
        return rest if rest[:1] == b"/" else b"/" + rest
    if method == "CONNECT":
        raise Refused(501, "This server is no proxy and does not support CONNECT.")
    raise Refused(400, "The request target is malformed. Send a path that begins with a slash.")


def decoded(path: bytes) -> str:
    """A path with its percent-encoded characters decoded, as ASGI wants it beside the raw one."""
    text = path.decode("latin-1")
    return unquote(text) if "%" in text else text


__all__ = ["decoded", "origin_form"]
