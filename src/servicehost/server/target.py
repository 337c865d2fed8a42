"""Request targets: path and query of each form (RFC 9112, section 3.2)."""

import re
from urllib.parse import unquote

from servicehost.server.plain import Refused

_absolute = re.compile(rb"https?://[^/?#]+(?P<target>[^#]*)", re.IGNORECASE).fullmatch


def origin_form(method: str, target: bytes) -> bytes:
    """Path and query of a target in origin form, absolute form or asterisk form.

    Raises:
        Refused: the target has none of these forms, or its form does not fit the method.
    """
    if target[:1] == b"/" and b"#" not in target:
        return target
    if target == b"*" and method == "OPTIONS":
        return target
    if (found := _absolute(target)) is not None and method != "CONNECT":
        rest = found["target"]
        return rest if rest[:1] == b"/" else b"/" + rest
    if method == "CONNECT":
        raise Refused(501, "CONNECT is not supported: this server is not a proxy.")
    raise Refused(400, "The request target is malformed. Send a path that begins with a slash.")


def decoded(path: bytes) -> str:
    """A path with percent-encoded characters decoded, for the `path` of the ASGI scope."""
    text = path.decode("latin-1")
    return unquote(text) if "%" in text else text


__all__ = ["decoded", "origin_form"]
