"""Challenges of a 401 response: the `WWW-Authenticate` fields (RFC 9110, 11.6.1).

Programs such as curl, wget and urllib send a password only after a Basic challenge. A browser that receives one opens a
dialog, even for requests by scripts, and keeps the password until it is closed, so that users cannot sign out. Browsers
therefore receive only the Bearer challenge.
"""

from collections.abc import Mapping
from typing import Final

REALM: Final = "/api/auth/credentials"
"""Realm of every challenge; ServiceStack clients require one."""

BASIC: Final = f'Basic realm="{REALM}"'
"""Without `charset`: old .NET clients split the value at each comma and equals sign."""

BEARER: Final = f'Bearer realm="{REALM}"'

_BROWSER_FIELDS: Final = ("origin", "x-requested-with", "sec-fetch-")
"""Prefixes of header fields that only browsers send."""


def challenges(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the challenges for a client with these headers (lower-case names), the preferred one first."""
    return (BEARER,) if _is_browser(headers) else (BASIC, BEARER)


def _is_browser(headers: Mapping[str, str]) -> bool:
    return headers.get("user-agent", "").startswith("Mozilla/") or any(
        name.startswith(_BROWSER_FIELDS) for name in headers
    )


__all__ = ["BASIC", "BEARER", "REALM", "challenges"]
