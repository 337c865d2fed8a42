"""Guard for state-changing calls, which links and pages of other sites must not cause.

Mail scanners open links, and browsers attach cookies and Basic credentials to any request that any page makes them send.
GET, HEAD and requests from foreign origins are therefore rejected, with or without credentials. The only exception is a
call authenticated by a bearer token or an API key (`proved_by_header`), which browsers do not attach automatically.
"""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

from servicehost.contract.errors import ForeignOrigin, MethodNotAllowed

_READING = ("GET", "HEAD")
_OWN_SITES = ("same-origin", "none")
"""Values of `Sec-Fetch-Site` that are not foreign: pages of this site, and addresses typed by the visitor."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """Return the origin of a URL as in the `Origin` header: scheme, host, and the port unless it is the default one."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS.get(scheme)) else f":{port}")


class StateChangeGuard:
    """Rejects state-changing calls that a link or a page of another site may have caused."""

    __slots__ = ("_allowed_origins", "_public_authority", "_public_origin")

    def __init__(self, public_origin: str, allowed_origins: Collection[str] = ()) -> None:
        """Take the origin of the installation, and the other origins whose pages may act for a visitor."""
        self._public_origin = public_origin
        self._public_authority = public_origin.partition("://")[2]
        self._allowed_origins = frozenset(allowed_origins)

    def refusal(
        self, method: str, headers: Mapping[str, str], allow: Sequence[str] = ("POST",)
    ) -> MethodNotAllowed | ForeignOrigin | None:
        """Return the error for a state-changing call, unless it was authenticated by a bearer token or an API key.

        Args:
            method: HTTP method.
            headers: header values by lower-case name.
            allow: methods to name if this one is rejected.
        """
        if method in _READING:
            return MethodNotAllowed(
                f"This operation changes data and does not support {method}. Use {allow[0]}.", allow
            )
        if self.is_foreign(headers):
            return ForeignOrigin(
                "A page of another site sent this request. Send it from a page of this site or with a valid bearer "
                "token, or ask the operator to allow the origin (sign_in.allowed_origins)."
            )
        return None

    def is_foreign(self, headers: Mapping[str, str]) -> bool:
        """Whether a page of another site, whose origin is not allowed, made a browser send these headers.

        `Sec-Fetch-Site` decides. Browsers omit it on plain HTTP; then `Origin` decides. A client that sends neither is not a
        browser. A value of `Sec-Fetch-Site` that is not in the standard counts as foreign.
        """
        origin = headers.get("origin")
        if origin is not None and origin in self._allowed_origins:
            return False
        site = headers.get("sec-fetch-site")
        if site:
            return site.strip().lower() not in _OWN_SITES
        return origin is not None and origin != self._public_origin and not self._is_own_host(origin, headers)

    def _is_own_host(self, origin: str, headers: Mapping[str, str]) -> bool:
        """Whether the origin is that of the host that the request was sent to.

        The public host counts only with the scheme of the public URL: an `http:` page of an `https:` host may have been written
        by an attacker on the network.
        """
        host = headers.get("host", "").lower()
        if not host or host == self._public_authority:
            return False
        return origin in (f"http://{host}", f"https://{host}")


__all__ = ["StateChangeGuard", "origin_of"]
