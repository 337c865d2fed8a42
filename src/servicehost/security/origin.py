"""A link never changes anything, and no page of another site does either: the check before a state-changing call.

Mail scanners open links, and browsers attach cookies and Basic credentials to whatever any page makes them send.
A bearer token or an API key is attached by the client's own code only, so such calls pass.
"""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

from servicehost.contract.errors import ForeignOrigin, MethodNotAllowed
from servicehost.security.authentication import Scheme

_READING = ("GET", "HEAD")
_FOREIGN_SITES = ("cross-site", "same-site")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """The origin of a URL as browsers write it in `Origin`: scheme, host, and the port unless it is the usual one."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS.get(scheme)) else f":{port}")


def check_state_change(
    method: str,
    scheme: Scheme,
    headers: Mapping[str, str],
    allowed_origins: Collection[str],
    public_origin: str,
    operation_changes_state: bool,
    *,
    allow: Sequence[str] = ("POST",),
) -> None:
    """Let a call pass that cannot have been forged.

    Args:
        method: the HTTP method.
        scheme: how the caller proved who it is.
        headers: lower-cased names to values.
        allowed_origins: other origins whose pages may act for a visitor.
        public_origin: the origin of the installation itself.
        operation_changes_state: whether the operation changes anything at all.
        allow: the methods to name when this one is refused.

    Raises:
        MethodNotAllowed: GET or HEAD where something would change.
        ForeignOrigin: a page of another site sends it with what the browser attaches by itself.
    """
    if not operation_changes_state or scheme in ("bearer", "api_key"):
        return
    if method in _READING:
        raise MethodNotAllowed(f"This operation changes something, and {method} never does. Use {allow[0]}.", allow)
    if scheme in ("cookie", "basic") and is_foreign(headers, allowed_origins, public_origin):
        raise ForeignOrigin(
            "A page of another site sent this request. Send it from this site, with a bearer token, "
            "or have the origin allowed by the installation's settings."
        )


def is_foreign(headers: Mapping[str, str], allowed_origins: Collection[str], public_origin: str) -> bool:
    """Whether a browser says that a page of another site, not among the allowed ones, sent the request.

    A client that sends neither `Sec-Fetch-Site` nor `Origin` is no browser.
    """
    origin = headers.get("origin")
    if origin is not None and origin in allowed_origins:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _FOREIGN_SITES
    return origin is not None and origin != public_origin


__all__ = ["check_state_change", "is_foreign", "origin_of"]
